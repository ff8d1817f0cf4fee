"""From a portal's page to a message in a chat, stopped and started again at every hand-over."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.faults import Fault, FaultKind
from bot.rehearsal.telegram.records import Person, Standing
from jobs.clock import SystemClock
from jobs.compose import compose_new
from jobs.deliver import deliver_due
from jobs.extraction import Extraction
from jobs.fan_out import fan_out_ready
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.lease import Lease
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.poll import poll_sources
from jobs.quiet import QuietHours
from jobs.read_pages import read_pages
from jobs.reading import Reading
from jobs.summarise import summarise_new
from storage.database import Database, open_database
from storage.records import DeliveryState
from storage.upgrade import upgrade
from tests.program import bantin, for_rehearsal, log_of, running
from tests.samples import a_bot, a_source, a_subscriber, at, claimed

CLOCK = SystemClock()
CROWD = [
    Person(id=720000 + number, first_name="Người", last_name=str(number)) for number in range(60)
]


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now, limits=None) as server:
        server.telegram.chat(MEMBER.id).standing = Standing.MEMBER
        yield server


# rate × (reply time + flush) + 10; see `bantin`'s benchmark `crash`
DOUBLED_A_KILL = 30 * (0.2 + 0.02) + 10


def opened(folder: Path) -> Database:
    return open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")


class Life:
    """One life of the program on a database: stages run until somebody kills it."""

    STAGES = ("poll", "summarise", "compose", "fan_out", "deliver")

    def __init__(self, database: Database, server: RehearsalServer, bot_id: int) -> None:
        self._database = database
        self._server = server
        self._bot_id = bot_id

    async def run(self, stages: tuple[str, ...] = STAGES) -> None:
        for name in stages:
            await getattr(self, name)()

    async def poll(self) -> None:
        portal = urlsplit(self._server.url)
        allowed = frozenset({(str(portal.hostname), portal.port or 80)})
        async with build_client("bantin/test", allowed=allowed) as client:
            reading = Reading(
                client=client,
                interval=timedelta(0),
                deadline=timedelta(seconds=10),
                limit_bytes=1_000_000,
                hosts=Hosts(CLOCK, gap=timedelta(0)),
                robots=Robots(CLOCK, "bantin/test"),
            )
            async with Extraction() as extraction:
                await poll_sources(self._database, reading, extraction, CLOCK)
                await read_pages(self._database, reading, extraction, CLOCK)

    async def summarise(self) -> None:
        async with Extraction() as extraction:
            await summarise_new(self._database, extraction, CLOCK.now())

    async def compose(self) -> None:
        await compose_new(self._database, CLOCK.now())

    async def fan_out(self) -> None:
        await fan_out_ready(self._database, CLOCK.now())

    async def deliver(self) -> None:
        token = self._server.telegram.token
        async with open_bot(token, api_url=self._server.api_url) as bot:
            line = Line(messenger=TelegramMessenger(bot), pacer=Pacer(CLOCK))
            lease = Lease(self._database, CLOCK, name="test")
            await lease.renew()
            await deliver_due(
                self._database,
                {self._bot_id: line},
                CLOCK,
                lease=lease,
                office="Đảng ủy xã Tân Lập",
                quiet=QuietHours(from_hour=0, to_hour=0),
                stopping=asyncio.Event(),
            )

    async def begin_a_send(self) -> None:
        """The intention is stored, then the program dies."""
        await claimed(self._database, self._bot_id, now=CLOCK.now())


@pytest.mark.parametrize("lived", range(len(Life.STAGES) + 1))
@pytest.mark.parametrize("again", [1, 2], ids=["then once", "then twice"])
async def test_killed_after_any_stage_the_next_life_sends_it_exactly_once(
    tmp_path: Path, server: RehearsalServer, lived: int, again: int
) -> None:
    first = opened(tmp_path)
    await upgrade(first)
    bot_id = await a_bot(first)
    await a_subscriber(first, at(bot_id, str(MEMBER.id)))
    await a_source(first, server.portal_url)
    await Life(first, server, bot_id).poll()
    published = server.portal.publish()
    await Life(first, server, bot_id).run(Life.STAGES[:lived])
    await first.close()
    for _ in range(again):
        later = opened(tmp_path)
        await Life(later, server, bot_id).run()
        await later.close()
    (text,) = server.telegram.texts(MEMBER.id)
    assert published.title in text


async def test_killed_in_a_send_the_next_life_sends_it_once_more(
    tmp_path: Path, server: RehearsalServer
) -> None:
    first = opened(tmp_path)
    await upgrade(first)
    bot_id = await a_bot(first)
    await a_subscriber(first, at(bot_id, str(MEMBER.id)))
    await a_source(first, server.portal_url)
    life = Life(first, server, bot_id)
    await life.poll()
    server.portal.publish()
    await life.run(Life.STAGES[:4])
    await life.begin_a_send()
    await first.close()
    later = opened(tmp_path)
    await Life(later, server, bot_id).run()
    async with later.transaction() as tx:
        assert await tx.outbox.counts() == {DeliveryState.SENT: 1}
    await later.close()
    assert len(server.telegram.texts(MEMBER.id)) == 1


async def _crowd(folder: Path, server: RehearsalServer) -> None:
    """A database with many subscribers, whose source was visited once."""
    database = opened(folder)
    await upgrade(database)
    bot_id = await a_bot(database, server.telegram.token.partition(":")[0])
    for person in CROWD:
        server.telegram.add_person(person)
        await a_subscriber(database, at(bot_id, str(person.id)))
    await a_source(database, server.portal_url)
    await Life(database, server, bot_id).poll()
    await database.close()


def _received(server: RehearsalServer) -> Counter[int]:
    return Counter({each.id: len(server.telegram.texts(each.id)) for each in CROWD})


async def _until(server: RehearsalServer, holds: Callable[[], bool]) -> None:
    await server.telegram.until(holds, seconds=60)


async def test_killed_twice_in_the_middle_of_sending_nobody_is_left_out(
    tmp_path: Path, server: RehearsalServer
) -> None:
    await _crowd(tmp_path, server)
    server.portal.publish()
    env = for_rehearsal(tmp_path, server)
    server.telegram.faults.add(Fault(kind=FaultKind.SLOW, method="sendMessage", seconds=0.2))
    for enough in (10, 30):
        async with running(tmp_path, env) as process:
            await _until(server, lambda: _received(server).total() >= enough)  # noqa: B023
            process.kill()
    server.telegram.faults.clear()
    async with running(tmp_path, env):
        await _until(server, lambda: all(_received(server).values()))
        await _until_all_are_known(tmp_path)
    received = _received(server)
    assert min(received.values()) == 1
    assert max(received.values()) == 2  # at most the sends in flight, once more
    assert received.total() - len(CROWD) <= 2 * DOUBLED_A_KILL


async def _until_all_are_known(folder: Path) -> None:
    """Till no delivery is open any more."""
    database = opened(folder)
    async with asyncio.timeout(60):
        while True:
            async with database.transaction() as tx:
                if set(await tx.outbox.counts()) <= {DeliveryState.SENT}:
                    break
    await database.close()


async def test_told_to_stop_it_ends_in_order(tmp_path: Path, server: RehearsalServer) -> None:
    await _crowd(tmp_path, server)
    server.portal.publish()
    async with running(tmp_path, for_rehearsal(tmp_path, server)) as process:
        await _until(server, lambda: _received(server).total() >= 5)
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)
    assert process.returncode == 0
    assert "Traceback" not in log_of(tmp_path).read_text()
    database = opened(tmp_path)
    async with database.transaction() as tx:
        counts = await tx.outbox.counts()
    await database.close()
    assert DeliveryState.SENDING not in counts
    assert counts[DeliveryState.SENT] == _received(server).total()


async def test_a_second_program_on_the_same_database_is_refused(
    tmp_path: Path, server: RehearsalServer
) -> None:
    await _crowd(tmp_path, server)
    server.portal.publish()
    env = for_rehearsal(tmp_path, server)
    async with running(tmp_path, env):
        await _until(server, lambda: _received(server).total() >= 1)
        second = await bantin("run", folder=tmp_path, env=env)
    assert second.code == 1
    assert "đang chạy" in second.err
    assert "Traceback" not in second.err


async def test_the_token_is_in_no_log_however_much_is_logged(
    tmp_path: Path, server: RehearsalServer
) -> None:
    await _crowd(tmp_path, server)
    server.portal.publish()
    env = for_rehearsal(tmp_path, server, log_level="DEBUG")
    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, times=3))
    async with running(tmp_path, env) as process:
        await _until(server, lambda: _received(server).total() >= 3)
        process.terminate()
        await process.wait()
    log = log_of(tmp_path).read_text()
    assert "deliver" in log
    assert server.telegram.token.partition(":")[2] not in log


async def test_a_token_that_telegram_refuses_ends_it_with_one_sentence(
    tmp_path: Path, server: RehearsalServer
) -> None:
    env = for_rehearsal(tmp_path, server) | {"BANTIN_TELEGRAM_TOKEN": "12345:" + "x" * 35}
    ended = await bantin("run", folder=tmp_path, env=env)
    assert ended.code == 1
    assert "Telegram" in ended.err
    assert "Traceback" not in ended.err
    assert "xxxxx" not in ended.err

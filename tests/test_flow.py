"""From a portal's page to a message in a chat, stopped and started again at every hand-over."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.clock import SystemClock
from storage.records import DeliveryState
from tests.flow.life import STAGES, Life, begun, opened, until_all_is_sent
from tests.flow.telegram_town import TelegramTown
from tests.flow.town import Resident, Town
from tests.flow.zalo_town import TOKENS, ZaloTown
from tests.program import bantin, log_of, running

ANSWERED_SECONDS = 0.2


@pytest.fixture(params=[TelegramTown, ZaloTown], ids=["telegram", "zalo"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    async with RehearsalServer(now=SystemClock().now, limits=None, zalo_tokens=TOKENS) as server:
        yield request.param(server)


@pytest.fixture
def member(town: Town) -> Resident:
    return town.crowd[0]


@pytest.mark.parametrize("lived", range(len(STAGES) + 1))
@pytest.mark.parametrize("again", [1, 2], ids=["then once", "then twice"])
async def test_killed_after_any_stage_the_next_life_sends_it_exactly_once(
    tmp_path: Path, town: Town, member: Resident, lived: int, again: int
) -> None:
    first = await begun(tmp_path, town, member)
    published = town.server.portal.publish()
    await Life(first, town).run(STAGES[:lived])
    await first.close()
    for _ in range(again):
        later = opened(tmp_path)
        await Life(later, town).run()
        await later.close()
    (text,) = town.texts(member)
    assert published.title in text


async def test_killed_in_a_send_the_next_life_sends_it_once_more(
    tmp_path: Path, town: Town, member: Resident
) -> None:
    first = await begun(tmp_path, town, member)
    town.server.portal.publish()
    await Life(first, town).run(STAGES[:4])
    await Life(first, town).begin_a_send()
    await first.close()
    later = opened(tmp_path)
    await Life(later, town).run()
    async with later.transaction() as tx:
        assert await tx.outbox.counts() == {DeliveryState.SENT: 1}
    await later.close()
    assert len(town.texts(member)) == 1


async def _news_for_the_crowd(folder: Path, town: Town) -> None:
    database = await begun(folder, town, *town.crowd)
    await database.close()
    town.server.portal.publish()


def _received(town: Town) -> Counter[Resident]:
    return Counter({each: len(town.texts(each)) for each in town.crowd})


async def test_killed_twice_in_the_middle_of_sending_nobody_is_left_out(
    tmp_path: Path, town: Town
) -> None:
    await _news_for_the_crowd(tmp_path, town)
    env = town.env(tmp_path)
    town.slow_down(ANSWERED_SECONDS)
    for enough in (10, 30):
        async with running(tmp_path, env) as process:
            await town.until(lambda: _received(town).total() >= enough)  # noqa: B023
            process.kill()
    town.recover()
    async with running(tmp_path, env):
        await town.until(lambda: all(_received(town).values()))
        await until_all_is_sent(tmp_path)
    received = _received(town)
    assert min(received.values()) == 1
    assert max(received.values()) == 2  # at most the sends in flight, once more
    assert received.total() - len(town.crowd) <= 2 * _doubled_a_kill(town)


def _doubled_a_kill(town: Town) -> float:
    """Rate × (reply time + flush) + 10; see `bantin`'s benchmark `crash`."""
    return town.per_second * (ANSWERED_SECONDS + 0.02) + 10


async def test_told_to_stop_it_ends_in_order(tmp_path: Path, town: Town) -> None:
    await _news_for_the_crowd(tmp_path, town)
    async with running(tmp_path, town.env(tmp_path)) as process:
        await town.until(lambda: _received(town).total() >= 5)
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)
    assert process.returncode == 0
    assert "Traceback" not in log_of(tmp_path).read_text()
    database = opened(tmp_path)
    async with database.transaction() as tx:
        counts = await tx.outbox.counts()
    await database.close()
    assert DeliveryState.SENDING not in counts
    assert counts[DeliveryState.SENT] == _received(town).total()


async def test_a_second_program_on_the_same_database_is_refused(
    tmp_path: Path, town: Town
) -> None:
    await _news_for_the_crowd(tmp_path, town)
    env = town.env(tmp_path)
    async with running(tmp_path, env):
        await town.until(lambda: _received(town).total() >= 1)
        second = await bantin("run", folder=tmp_path, env=env)
    assert second.code == 1
    assert "đang chạy" in second.err
    assert "Traceback" not in second.err


async def test_the_token_is_in_no_log_however_much_is_logged(tmp_path: Path, town: Town) -> None:
    await _news_for_the_crowd(tmp_path, town)
    town.break_down(times=3)
    async with running(tmp_path, town.env(tmp_path, log_level="DEBUG")) as process:
        await town.until(lambda: _received(town).total() >= 3)
        process.terminate()
        await process.wait()
    log = log_of(tmp_path).read_text()
    assert "deliver" in log
    assert not [secret for secret in town.secrets if secret in log]


async def test_a_token_that_the_platform_refuses_ends_it_with_one_sentence(
    tmp_path: Path, town: Town
) -> None:
    env = town.env(tmp_path, **town.refused)
    ended = await bantin("run", folder=tmp_path, env=env)
    assert ended.code == 1
    assert town.name in ended.err
    assert "Traceback" not in ended.err
    assert "xxxxx" not in ended.err

"""Two programs on one PostgreSQL: one dies or is paused, the other goes on, nothing goes twice."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.records import Person, Standing
from jobs.clock import SystemClock
from storage.database import Database
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    DeliveryState,
    NewBulletin,
    Urgency,
)
from tests.program import for_rehearsal, log_of, running
from tests.samples import a_bot, a_source, an_article, at, joined

CLOCK = SystemClock()
PEOPLE = [Person(id=810_000 + number, first_name="Người") for number in range(240)]
PATIENCE_SECONDS = 90
# what one dying process has in flight at 30 a second, where a reply may take a second:
# rate × (reply time + flush) + 10
DOUBLED_A_KILL = 30 * (1 + 0.02) + 10
SOME_SECONDS = 4  # a busy machine takes what was sent in two seconds in one


@dataclass(frozen=True, kw_only=True)
class Town:
    server: RehearsalServer
    database: Database
    folder: Path

    def machine(self, name: str) -> Path:
        """A folder of its own; both share the database and the token."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def env(self, name: str) -> dict[str, str]:
        url = self.database.engine.url.render_as_string(hide_password=False)
        return for_rehearsal(self.machine(name), self.server, database_url=url)

    def received(self) -> Counter[int]:
        return Counter({each.id: len(self.server.telegram.texts(each.id)) for each in PEOPLE})

    async def until_received(self, number: int) -> None:
        await self.server.telegram.until(
            lambda: self.received().total() >= number, seconds=PATIENCE_SECONDS
        )

    async def until_all_ended(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                async with self.database.transaction() as tx:
                    if set(await tx.outbox.counts()) == {DeliveryState.SENT}:
                        return
                await CLOCK.sleep_until(CLOCK.monotonic() + 0.2)

    async def publish(self, key: str = "first") -> None:
        now = CLOCK.now()
        source_id = await a_source(self.database, f"https://{key}.example/")
        async with self.database.transaction() as tx:
            await tx.sources.remove(source_id, now)
            version = await an_article(tx, source_id, title=key)
            await tx.bulletins.add(
                NewBulletin(
                    kind=BulletinKind.ARTICLE,
                    content_key=key,
                    code=key,
                    urgency=Urgency.ORDINARY,
                    not_before=now,
                    expires_at=now + timedelta(days=3),
                    version_ids=(version,),
                    audience=(Audience(rule=AudienceRule.ALL),),
                ),
                now,
            )


@pytest.fixture
async def town(postgresql: Database, tmp_path: Path) -> AsyncIterator[Town]:
    async with RehearsalServer(now=CLOCK.now) as server:
        bot_id = await a_bot(postgresql, server.telegram.token.partition(":")[0])
        async with postgresql.transaction() as tx:
            for person in PEOPLE:
                server.telegram.add_person(person)
                server.telegram.chat(person.id).standing = Standing.MEMBER
                await joined(tx, at(bot_id, str(person.id)))
        yield Town(server=server, database=postgresql, folder=tmp_path)


async def _both(town: Town) -> None:
    """Until both have told the database that they live."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with town.database.transaction() as tx:
                if len(await tx.processes.living(CLOCK.now())) == 2:
                    return
            await CLOCK.sleep_until(CLOCK.monotonic() + 0.1)


async def test_when_one_machine_dies_the_other_sends_the_rest_and_answers(town: Town) -> None:
    async with (
        running(town.machine("one"), town.env("one")) as one,
        running(town.machine("two"), town.env("two")),
    ):
        await _both(town)
        await town.publish()
        await town.until_received(60)
        one.kill()
        town.server.people.write(MEMBER, "/trogiup")
        await town.server.telegram.until(
            lambda: bool(town.server.telegram.texts(MEMBER.id)), seconds=PATIENCE_SECONDS
        )
        await town.until_all_ended()
    received = town.received()
    assert min(received.values()) == 1
    assert received.total() - len(PEOPLE) <= DOUBLED_A_KILL
    assert len(town.server.telegram.texts(MEMBER.id)) == 1
    assert _most_in(SOME_SECONDS, [each.at for each in town.server.telegram.sent]) <= 30 * (
        SOME_SECONDS + 1
    )


async def test_a_machine_that_was_paused_sends_nothing_that_another_has_taken(town: Town) -> None:
    async with (
        running(town.machine("one"), town.env("one")) as one,
        running(town.machine("two"), town.env("two")),
    ):
        await _both(town)
        await town.publish()
        await town.until_received(60)
        one.send_signal(signal.SIGSTOP)
        await town.until_all_ended()
        ended_with = town.received()
        one.send_signal(signal.SIGCONT)
        await _until_logged(town, "one", "away too long")
        await town.publish("second")
        await town.until_received(ended_with.total() + len(PEOPLE))
        await town.until_all_ended()
    assert town.received() == Counter({each: number + 1 for each, number in ended_with.items()})
    assert min(ended_with.values()) == 1
    assert ended_with.total() - len(PEOPLE) <= DOUBLED_A_KILL


async def _until_logged(town: Town, name: str, words: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in log_of(town.machine(name)).read_text():
            await CLOCK.sleep_until(CLOCK.monotonic() + 0.1)


def _most_in(seconds: float, moments: list[float]) -> int:
    return max(sum(0 <= each - first < seconds for each in moments) for first in moments)

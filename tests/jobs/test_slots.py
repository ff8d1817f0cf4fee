"""Send slots: this process's own, and those that all processes share by the database's clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from jobs.clock import SystemClock
from jobs.pacing import Pacer
from jobs.slots import SharedSlots
from storage.database import Database, Transaction
from tests.samples import a_bot

RATE = 200.0


class SlowToCommit:
    """A database far away, or on a slow disk."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._database.transaction() as tx:
            yield tx
        await asyncio.sleep(self._seconds)


async def shared(database: Database) -> int:
    bot_id = await a_bot(database)
    async with database.transaction() as tx:
        await tx.pace.register(bot_id, SystemClock().now())
    return bot_id


async def test_two_processes_get_different_slots_of_one_schedule(postgresql: Database) -> None:
    bot_id = await shared(postgresql)
    async with postgresql.transaction() as tx:
        first = await tx.pace.reserve(bot_id, timedelta(hours=1), catch_up=timedelta(0))
    async with postgresql.transaction() as tx:
        second = await tx.pace.reserve(bot_id, timedelta(hours=1), catch_up=timedelta(0))
    assert first <= timedelta(0)
    assert timedelta(minutes=30) < second <= timedelta(hours=1)


async def test_a_pause_is_a_pause_for_every_process(postgresql: Database) -> None:
    bot_id = await shared(postgresql)
    async with postgresql.transaction() as tx:
        await tx.pace.push(bot_id, timedelta(minutes=1))
    async with postgresql.transaction() as tx:
        begins_in = await tx.pace.reserve(bot_id, timedelta(seconds=1), catch_up=timedelta(0))
    assert begins_in > timedelta(seconds=50)


@pytest.mark.parametrize("commit_seconds", [0.0, 0.05], ids=["near", "far"])
async def test_however_far_the_database_is_the_bulk_goes_on(
    postgresql: Database, commit_seconds: float
) -> None:
    bot_id = await shared(postgresql)
    clock = SystemClock()
    far: Database = SlowToCommit(postgresql, commit_seconds)  # type: ignore[assignment]
    pacer = Pacer(clock, slots=SharedSlots(far, bot_id, clock), per_second=RATE)
    async with asyncio.timeout(30):
        for number in range(60):
            assert await pacer.bulk(str(number), is_group=False)
        await pacer.reply("person", is_group=False)

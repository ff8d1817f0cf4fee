"""What sends came to: written soon, together when many, and never forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.fan_out import fan_out_ready
from jobs.outcomes import Outcomes, Released
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Claim, DeliveryState, Ending, Outcome
from tests.jobs.rig import ManualClock
from tests.samples import NOW, a_bot, a_bulletin, a_subscriber, at, claimed


async def three_claims(database: Database) -> tuple[int, list[Claim]]:
    bot_id = await a_bot(database)
    for chat in ("1", "2", "3"):
        await a_subscriber(database, at(bot_id, chat))
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    return await claimed(database, bot_id)


@asynccontextmanager
async def writing(
    database: Database, process_id: int, clock: ManualClock
) -> AsyncIterator[Outcomes]:
    outcomes = Outcomes(database=database, process_id=process_id, clock=clock)
    task = asyncio.create_task(outcomes.run())
    try:
        yield outcomes
    finally:
        outcomes.close()
        await task


def sent(claim: Claim) -> Outcome:
    return Outcome(delivery_id=claim.id, ending=Ending.SENT, at=NOW)


async def counts(database: Database) -> dict[DeliveryState, int]:
    async with database.transaction() as tx:
        return await tx.outbox.counts()


async def test_all_that_was_added_is_written_before_it_ends(database: Database) -> None:
    process, claims = await three_claims(database)
    async with writing(database, process, ManualClock()) as outcomes:
        outcomes.add(*map(sent, claims[:2]))
        outcomes.add(Released(delivery_id=claims[2].id))
        assert outcomes.is_open
    assert not outcomes.is_open
    assert await counts(database) == {DeliveryState.SENT: 2, DeliveryState.QUEUED: 1}


async def test_nothing_more_is_sent_while_the_database_is_late(sqlite: Database) -> None:
    process, claims = await three_claims(sqlite)
    clock = ManualClock()
    async with writing(sqlite, process, clock) as outcomes:
        async with sqlite.transaction():  # it takes its time
            outcomes.add(*map(sent, claims))
            await outcomes.keep_up()  # not late yet
            clock.advance(timedelta(milliseconds=21))
            keeping_up = asyncio.create_task(outcomes.keep_up())
            for _ in range(9):
                await asyncio.sleep(0)
            assert not keeping_up.done()
        await keeping_up
        assert await counts(sqlite) == {DeliveryState.SENT: 3}


async def test_when_nothing_can_be_written_any_more_it_says_so(sqlite: Database) -> None:
    process, claims = await three_claims(sqlite)
    Path(str(sqlite.engine.url.database)).unlink()  # noqa: ASYNC240 - nothing else runs
    outcomes = Outcomes(database=sqlite, process_id=process, clock=ManualClock())
    outcomes.add(sent(claims[0]))
    with pytest.raises(DatabaseProblem):
        await outcomes.run()
    assert not outcomes.is_open
    await outcomes.keep_up()  # nobody waits for what never comes

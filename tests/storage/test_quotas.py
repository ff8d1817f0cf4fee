"""What bots have used, counted by several processes at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from jobs.clock import SystemClock
from jobs.quota import Quota
from jobs.thrift import month_of
from storage.database import Database, Transaction, open_database
from storage.records import ChatKind, Limits, Platform, Usage
from storage.repositories.subscribers import ChatAddress
from tests.samples import NOW, a_subscriber

MONTH = "2026-11"
LIMITS = Limits(messages=3000, people=50, groups=3)


@pytest.fixture
async def bot(database: Database) -> int:
    async with database.transaction() as tx:
        found = await tx.bots.register(Platform.ZALO, "800", "Bản tin")
        await tx.quotas.set_limits(found.id, LIMITS)
    return found.id


@pytest.fixture
async def other(postgresql: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    opened = open_database(postgresql.url)
    yield opened
    await opened.close()


async def usage(database: Database) -> Usage:
    async with database.transaction() as tx:
        (found,) = await tx.quotas.usage(MONTH)
    return found


async def test_each_month_and_direction_is_counted_for_itself(
    database: Database, bot: int
) -> None:
    async with database.transaction() as tx:
        await tx.quotas.count(bot, MONTH, sent=3)
        await tx.quotas.count(bot, MONTH, sent=-1, received=5)
        await tx.quotas.count(bot, "2026-12", sent=9)
    found = await usage(database)
    assert (found.sent, found.received, found.used) == (2, 5, 7)


async def test_limits_may_change_and_go(database: Database, bot: int) -> None:
    more = Limits(messages=9000, people=90, groups=9)
    async with database.transaction() as tx:
        await tx.quotas.set_limits(bot, more)
    assert (await usage(database)).limits == more
    async with database.transaction() as tx:
        await tx.quotas.set_limits(bot, None)
        assert await tx.quotas.usage(MONTH) == []


async def test_people_and_groups_are_counted_once_whatever_their_threads(
    database: Database, bot: int
) -> None:
    for address, thread, kind in (
        ("1", "", ChatKind.PERSON),
        ("2", "", ChatKind.PERSON),
        ("g", "", ChatKind.GROUP),
        ("g", "7", ChatKind.GROUP),
    ):
        where = ChatAddress(platform=Platform.ZALO, bot_id=bot, address=address, thread=thread)
        await a_subscriber(database, where, kind=kind)
    found = await usage(database)
    assert (found.people, found.groups) == (2, 1)


async def test_once_gone_it_stays_so_until_resumed(database: Database, bot: int) -> None:
    hour = timedelta(hours=1)
    async with database.transaction() as tx:
        await tx.quotas.mark_gone(bot, MONTH, NOW)
        await tx.quotas.mark_gone(bot, MONTH, NOW + hour)
        assert await gone_at(tx, MONTH) == NOW
        assert await gone_at(tx, "2026-12") is None
        await tx.quotas.mark_gone(bot, MONTH, NOW + hour, again_after=NOW - hour)
        assert await gone_at(tx, MONTH) == NOW
        await tx.quotas.mark_gone(bot, MONTH, NOW + hour, again_after=NOW)
        assert await gone_at(tx, MONTH) == NOW + hour
        assert await tx.quotas.resume(bot, MONTH)
        assert await gone_at(tx, MONTH) is None


async def gone_at(tx: Transaction, month: str) -> datetime | None:
    (found,) = await tx.quotas.usage(month)
    return found.gone_at


async def test_two_processes_lose_no_count(postgresql: Database, other: Database) -> None:
    async with postgresql.transaction() as tx:
        bot = (await tx.bots.register(Platform.ZALO, "800", "Bản tin")).id
        await tx.quotas.set_limits(bot, LIMITS)
    clock = SystemClock()
    quotas = [Quota(database=each, bot_id=bot, clock=clock) for each in (postgresql, other)]
    await asyncio.gather(*(each.count(each.month, sent=1) for each in quotas for _ in range(20)))
    await asyncio.gather(*(each.received() for each in quotas for _ in range(5)))
    async with other.transaction() as tx:
        (found,) = await tx.quotas.usage(month_of(clock.now()))
    assert (found.sent, found.received) == (40, 10)

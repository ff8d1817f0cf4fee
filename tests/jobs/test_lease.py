"""What a process holds: while it lives, when it ends, when it was away too long."""

import asyncio
from datetime import timedelta

from jobs.lease import TTL, Lease
from storage.database import Database
from tests.jobs.rig import ManualClock

DUTY, OTHER = "updates:1", "tick:poll"


async def a_lease(database: Database, clock: ManualClock, *duties: str) -> Lease:
    lease = Lease(database, clock, name="test")
    lease.want(*duties)
    await lease.renew()
    return lease


async def test_it_holds_what_it_wants_until_it_ends(database: Database) -> None:
    lease = await a_lease(database, ManualClock(), DUTY)
    assert lease.holds(DUTY)
    assert not lease.holds(OTHER)
    assert lease.fence(DUTY) == 1
    await lease.end()
    assert not lease.is_alive
    assert not lease.holds(DUTY)
    assert lease.fence(DUTY) == 0


async def test_what_another_holds_is_taken_when_he_ends_with_a_higher_fence(
    postgresql: Database,
) -> None:
    clock = ManualClock()
    first = await a_lease(postgresql, clock, DUTY)
    second = await a_lease(postgresql, clock, DUTY, OTHER)
    assert first.holds(DUTY)
    assert not second.holds(DUTY)
    assert second.holds(OTHER)
    waiting = asyncio.create_task(second.until_held(DUTY))
    await first.end()
    await second.renew()
    await waiting
    assert second.fence(DUTY) == 2
    assert second.process_id > first.process_id
    await second.end()


async def test_who_does_not_renew_holds_nothing_before_others_may_take_it(
    database: Database,
) -> None:
    clock = ManualClock()
    lease = await a_lease(database, clock, DUTY)
    clock.advance(TTL - timedelta(seconds=2))
    assert lease.holds(DUTY)
    clock.advance(timedelta(seconds=1))
    assert not lease.holds(DUTY)
    await lease.until_lost(DUTY)


async def test_who_was_away_too_long_comes_back_under_another_number(sqlite: Database) -> None:
    clock = ManualClock()
    lease = await a_lease(sqlite, clock, DUTY)
    before, fence = lease.process_id, lease.fence(DUTY)
    await lease.renew()
    assert lease.process_id == before
    clock.advance(TTL + timedelta(seconds=1))
    await lease.renew()
    assert lease.process_id > before
    assert lease.fence(DUTY) > fence

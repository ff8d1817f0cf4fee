"""Stage: what certainly did not arrive one way → the same person's other way.

A bot's platform has been down for long, its month is used up, or the office no longer runs it;
or a group did not get what it was to get for its members.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.thrift import month_of, resting
from storage.database import Database, Transaction
from storage.records import BulletinKind

logger = logging.getLogger(__name__)

_GROUPS_LOOKED_AT = timedelta(days=1)  # a group's failure is seen within seconds, or after a rest


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeoverCounts:
    moved: int = 0  # deliveries that go another way
    for_groups: int = 0  # members who get by themselves what their group did not


async def take_over(
    database: Database, bot_ids: Collection[int], now: datetime, *, after: timedelta
) -> TakeoverCounts:
    """`bot_ids` are those that the office runs; `after` so long a platform must have been down."""
    async with database.transaction() as tx:
        ours = set(bot_ids)
        elsewhere = {bot.id for bot in await tx.bots.all()} - ours
        used_up, reserved = resting(await tx.quotas.usage(month_of(now)))
        closed = elsewhere | used_up | await tx.bots.down_since_before(now - after)
        saving = closed | reserved  # take no ordinary ones
        for_groups = await _instead_of_groups(tx, closed, saving, now)
        moved = await tx.deliveries.take_over(closed, now, held_by=elsewhere | used_up)
        moved += await tx.deliveries.take_over(
            saving, now, held_by=saving - closed, only_ordinary=True
        )
    if moved or for_groups:
        logger.info(
            "deliveries go another way",
            extra={"action": "taken_over", "moved": moved, "for_groups": for_groups},
        )
    return TakeoverCounts(moved=moved, for_groups=for_groups)


async def _instead_of_groups(
    tx: Transaction, closed: set[int], saving: set[int], now: datetime
) -> int:
    """Their members get it each by himself: all, or who has an open way while the group waits."""
    added = 0
    for missed in await tx.deliveries.missed_by_groups(
        now, since=now - _GROUPS_LOOKED_AT, closed=closed, saving=saving
    ):
        bulletin = await tx.bulletins.get(missed.bulletin_id)
        is_digest = bulletin.kind is BulletinKind.DIGEST
        new = 0
        for each in await tx.bulletins.told_in(bulletin.id) if is_digest else [bulletin]:
            new += await tx.deliveries.fan_out_to_members(
                missed.organisation_id,
                each,
                await tx.bulletins.audience(each.id),
                now=now,
                in_a_digest=is_digest or each.expires_at <= now,
                without_bots=saving if missed.may_come else (),
            )
        if new and bulletin.kind is BulletinKind.BROADCAST:
            broadcast = await tx.broadcasts.of_bulletin(bulletin.id)
            if broadcast is not None:
                await tx.broadcasts.reopen(broadcast.id, now)
        added += new
    return added

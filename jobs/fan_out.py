"""Stage: bulletin → one delivery for each subscriber it is for."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutCounts:
    bulletins: int = 0
    deliveries: int = 0


async def fan_out_ready(database: Database, now: datetime) -> FanOutCounts:
    """Each bulletin in its own transaction; a second run finds nothing left to do."""
    async with database.transaction() as tx:
        ready = await tx.bulletins.ready(now)
    deliveries = 0
    for bulletin in ready:
        async with database.transaction() as tx:
            if not await tx.bulletins.mark_fanned_out(bulletin.id, now):
                continue  # the office stopped it meanwhile
            deliveries += await tx.deliveries.fan_out(
                bulletin, await tx.bulletins.audience(bulletin.id), now=now
            )
    return FanOutCounts(bulletins=len(ready), deliveries=deliveries)

"""News that came too late to be sent by itself: one digest for each who missed it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from jobs.new_bulletin import MOST_IN_A_DIGEST, OFFERED, add_digests
from storage.database import Transaction
from storage.records import LateNews


async def find_late(tx: Transaction, now: datetime) -> Sequence[LateNews]:
    """What no admin has decided on yet, oldest first."""
    return await tx.bulletins.late(now, since=now - OFFERED)


async def compose_late(tx: Transaction, now: datetime) -> int:
    """One digest for each who missed news that came too late. How many people."""
    late = await find_late(tx, now)
    versions = {each.bulletin_id: each.version_id for each in late}
    for bulletin_id in versions:
        if await tx.bulletins.mark_fanned_out(bulletin_id, now):
            bulletin = await tx.bulletins.get(bulletin_id)
            audience = await tx.bulletins.audience(bulletin_id)
            await tx.deliveries.fan_out(bulletin, audience, now=now)
            await tx.deliveries.expire(bulletin_id, now)
    missed: defaultdict[int, list[int]] = defaultdict(list)
    for subscriber_id, bulletin_id in await tx.deliveries.missed(tuple(versions)):
        missed[subscriber_id].append(versions[bulletin_id])
    due = {who: articles[-MOST_IN_A_DIGEST:] for who, articles in missed.items()}
    await add_digests(tx, f"late-{now:%Y-%m-%dT%H:%M}", due, now)
    await tx.bulletins.mark_offered(tuple(versions), now)
    return len(missed)

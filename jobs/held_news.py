"""News held back where a bot has few messages left: one digest for each who is owed it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from jobs.new_bulletin import add_digests
from jobs.thrift import Thrift, month_of, thrift_at
from jobs.vietnamese_date import VIETNAM
from storage.database import Transaction
from storage.records import HeldNews

DIGEST_HOUR = 17  # in Viet Nam: what came until then, while a bot must save


async def compose_held(tx: Transaction, now: datetime) -> int:
    """All that is due, or nothing. How many digests.

    Once a day while the bot saves, at once when it need not any more; and where a digest would
    not leave either, all stays held.
    """
    await tx.held.drop(now)
    saving = {each.bot.id: thrift_at(each, now) for each in await tx.quotas.usage(month_of(now))}
    over = [each for each in await tx.held.all() if _is_due(each, saving, now)]
    await tx.held.mark_withdrawn([each.delivery_id for each in over if not each.version_ids], now)
    due = [each for each in over if each.version_ids]
    if not due:
        return 0
    owed: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for each in due:
        owed[each.subscriber_id] |= dict.fromkeys(each.version_ids)
    # told once each, so nothing else is ever composed in this slot
    slot = f"held-{min(each.delivery_id for each in due)}"
    digests = await add_digests(tx, slot, {who: tuple(news) for who, news in owed.items()}, now)
    await tx.held.mark_told([each.delivery_id for each in due], now)
    return digests


def _is_due(held: HeldNews, saving: Mapping[int, Thrift], now: datetime) -> bool:
    match saving.get(held.bot_id, Thrift.NONE):
        case Thrift.NONE:
            return True
        case Thrift.NEWS_IN_DIGESTS:
            return held.held_at <= _last_digest_hour(now)
        case _:
            return False


def _last_digest_hour(now: datetime) -> datetime:
    today = now.astimezone(VIETNAM).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)

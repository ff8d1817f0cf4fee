"""Stage: deletes what is past its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database

# Telegram keeps an update for 24 hours; core.telegram.org/bots/api#getting-updates, 2026-01
UPDATES_KEPT = timedelta(days=7)
ARTICLES_KEPT = timedelta(days=365)  # their keys for ever, so that none comes again
SKETCHES_KEPT = timedelta(days=4)  # news is compared for three
TRIALS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyCounts:
    deleted: int = 0


async def tidy(database: Database, now: datetime) -> TidyCounts:
    async with database.transaction() as tx:
        deleted = await tx.questions.forget(
            questions_before=now, updates_before=now - UPDATES_KEPT
        )
        deleted += await tx.articles.forget(before=now - ARTICLES_KEPT)
        deleted += await tx.articles.forget_sketches(before=now - SKETCHES_KEPT)
        deleted += await tx.sources.forget_trials(before=now - TRIALS_KEPT)
        deleted += await tx.link_codes.forget(now)
    return TidyCounts(deleted=deleted)

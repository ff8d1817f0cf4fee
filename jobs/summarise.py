"""Stage: article → summary."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from jobs.summary.choose import summarise
from storage.database import Database
from storage.records import ArticleVersion

logger = logging.getLogger(__name__)

AT_A_TIME = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SummariseCounts:
    summaries: int = 0


async def summarise_new(database: Database, now: datetime) -> SummariseCounts:
    async with database.transaction() as tx:
        versions = await tx.articles.without_summary(AT_A_TIME)
    for version in versions:
        text, how = await asyncio.to_thread(_summary, version)
        async with database.transaction() as tx:
            await tx.articles.add_summary(version.id, text=text, how=how, now=now)
    return SummariseCounts(summaries=len(versions))


def _summary(version: ArticleVersion) -> tuple[str, str]:
    try:
        chosen = summarise(version.title, version.lead, version.paragraphs)
    except Exception:  # a text nobody thought of: its title is sent alone, the others go on
        logger.exception(
            "summary failed", extra={"action": "summary_failed", "version_id": version.id}
        )
        return "", "failed"
    return chosen.text, chosen.how

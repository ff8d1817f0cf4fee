"""Stage: article → summary."""

import logging
from dataclasses import dataclass
from datetime import datetime

from jobs.extraction import Extraction
from jobs.source_errors import SourceError
from jobs.summary.choose import ChosenSummary, How, summarise
from storage.database import Database
from storage.records import ArticleVersion

logger = logging.getLogger(__name__)

AT_A_TIME = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SummariseCounts:
    summaries: int = 0


async def summarise_new(
    database: Database, extraction: Extraction, now: datetime
) -> SummariseCounts:
    """What a portal says is read where it can be stopped: one text must not hold up the others."""
    async with database.transaction() as tx:
        versions = await tx.articles.without_summary(AT_A_TIME)
    for version in versions:
        chosen = await _summary(extraction, version)
        async with database.transaction() as tx:
            await tx.articles.add_summary(
                version.id,
                text=chosen.text,
                how=chosen.how,
                line=chosen.line,
                spans=chosen.spans,
                now=now,
            )
    return SummariseCounts(summaries=len(versions))


async def _summary(extraction: Extraction, version: ArticleVersion) -> ChosenSummary:
    try:
        return await extraction.run(
            summarise, version.title, version.lead, tuple(version.paragraphs)
        )
    except SourceError as error:  # a text nobody thought of: its title is sent alone
        logger.error(  # noqa: TRY400 - its traceback would hold the text
            "summary failed: %s",
            type(error).__name__,
            extra={"action": "summary_failed", "version_id": version.id},
        )
        return ChosenSummary(how=How.FAILED)

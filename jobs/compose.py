"""Stage: summaries → bulletins, one for each new article, and digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jobs.held_news import compose_held
from jobs.new_bulletin import (
    LIFETIME,
    MOST_IN_A_DIGEST,
    OFFERED,
    add_digests,
    article_bulletin,
)
from jobs.vietnamese_date import VIETNAM
from storage.database import Database, Transaction
from storage.records import (
    DigestReader,
    SummarisedArticle,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeCounts:
    bulletins: int = 0
    digests: int = 0
    held: int = 0  # digests of what was held back


async def compose_new(database: Database, now: datetime) -> ComposeCounts:
    return ComposeCounts(
        bulletins=await _compose_articles(database, now),
        digests=await _compose_digests(database, now),
        held=await _compose_held(database, now),
    )


async def _compose_articles(database: Database, now: datetime) -> int:
    async with database.transaction() as tx:
        articles = await tx.articles.not_in_a_bulletin(since=now - OFFERED)
    added = 0
    for article in articles:
        async with database.transaction() as tx:
            added += await tx.bulletins.add(article_bulletin(article, now), now) is not None
    return added


async def _compose_held(database: Database, now: datetime) -> int:
    async with database.transaction() as tx:
        return await compose_held(tx, now)


async def _compose_digests(database: Database, now: datetime) -> int:
    """Each hour that somebody chose, once a day; late when the program was down then."""
    local = now.astimezone(VIETNAM)
    async with database.transaction() as tx:
        hours = await tx.subscribers.digest_hours()
    added = 0
    for hour in sorted(hour for hour in hours if hour <= local.hour):
        async with database.transaction() as tx:
            added += await _compose_hour(tx, f"{local:%Y-%m-%d}", hour, now)
    return added


async def _compose_hour(tx: Transaction, day: str, hour: int, now: datetime) -> int:
    """All digests of the hour or none."""
    last = await tx.digest_runs.last(hour)
    if not await tx.digest_runs.begin(day, hour, now):
        return 0
    readers = await tx.subscribers.digest_readers(hour)
    oldest = max(last or min((each.since for each in readers), default=now), now - LIFETIME)
    news = await tx.articles.news_between(oldest, now)
    due = {each.subscriber_id: _version_ids(news, each) for each in readers}
    return await add_digests(tx, f"{day}T{hour:02}", due, now)


def _version_ids(news: Sequence[SummarisedArticle], reader: DigestReader) -> tuple[int, ...]:
    return tuple(
        article.version_id
        for article in news
        if article.summarised_at > reader.since and article.topic_ids & reader.topic_ids
    )[-MOST_IN_A_DIGEST:]

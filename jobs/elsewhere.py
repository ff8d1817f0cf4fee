"""Joins an article whose text was just stored to the same news of another source."""

from datetime import datetime

from jobs.likeness import WITHIN, alike, sketch, words_of
from storage.database import Transaction
from storage.records import ArticleContent, ArticleVersion


async def join_elsewhere(
    tx: Transaction,
    article_id: int,
    content: ArticleContent | ArticleVersion,
    *,
    source_id: int,
    came_at: datetime,
) -> bool:
    """Whether another source had it first, within three days: then it is told with that one.

    Not when that was told already, and not to the readers of all this one's topics.
    """
    words = words_of(content.title, (content.lead, *content.paragraphs))
    values = sketch(words)
    if not values:
        return False
    found = await tx.articles.like(values, source_id=source_id, since=came_at - WITHIN)
    for version in found:
        if alike(
            words, words_of(version.title, (version.lead, *version.paragraphs))
        ) and await tx.articles.join(article_id, version.article_id):
            return True
    await tx.articles.keep_sketch(article_id, values)
    return False


async def release_flood(tx: Transaction, source_id: int, now: datetime) -> int:
    """What was held becomes news, but what others told meanwhile; how many articles."""
    joined = 0
    for article, version in await tx.sources.held(source_id):
        joined += await join_elsewhere(
            tx, article.id, version, source_id=source_id, came_at=article.first_seen_at
        )
    return await tx.sources.release(source_id, now) - joined

"""Stage: article → its text. Reads the own pages of new articles."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from jobs.article_text import ArticleText, read_article
from jobs.clock import Clock
from jobs.page import PageError
from jobs.reading import OLDEST_NEWS, Reading, content_hash, in_turn, within_limit
from jobs.retry import next_visit
from jobs.source_errors import NoArticleText, SourceError
from jobs.text import fold
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Article, ArticleContent, Health, PageState

logger = logging.getLogger(__name__)

PAGES_A_RUN = 20
# so many of one source in a run: the others need not wait for a slow one
_PAGES_A_SOURCE = 5
# a page that cannot be read is tried for about an hour, then the list's own words must do
PAGE_TRIES = 5
_PAGE_WAIT = timedelta(minutes=1)
_TITLES_AGREE = 0.6  # of the listed words; a list cuts titles off, an editor mends them


@dataclass(slots=True, kw_only=True)
class ReadCounts:
    read: int = 0
    failed: int = 0


async def read_pages(database: Database, reading: Reading, clock: Clock) -> ReadCounts:
    """One bad page never stops the others."""
    run = _Run(database, reading, clock)
    async with database.transaction() as tx:
        articles = await tx.articles.pages_due(clock.now(), PAGES_A_RUN)
    by_source = [list(group) for _, group in groupby(articles, lambda each: each.source_id)]
    await in_turn(by_source, run.read_source)
    return run.counts


class _Run:
    def __init__(self, database: Database, reading: Reading, clock: Clock) -> None:
        self.counts = ReadCounts()
        self._database = database
        self._reading = reading
        self._clock = clock

    async def read_source(self, articles: Sequence[Article]) -> None:
        """Until the first page that cannot be read: the next ones would keep others waiting."""
        for article in articles[:_PAGES_A_SOURCE]:
            try:
                text = await self._read(article)
            except (PageError, SourceError) as error:
                return await self._put_back(article, error.health, error.reason)
            except DatabaseProblem:
                raise
            except Exception:  # a page nobody thought of: the others must go on
                logger.exception(
                    "page not read", extra={"action": "page_failed", "article_id": article.id}
                )
                return await self._put_back(article, Health.BROKEN, "Chương trình gặp lỗi.")
            await self._record(article, text)
        return None

    async def _read(self, article: Article) -> ArticleText:
        """Raises PageError or SourceError, also when another page came in its place."""
        page = await self._reading.get(article.url)
        text = await asyncio.to_thread(
            read_article,
            page.body,
            page.final_url,
            now=self._clock.now(),
            content_type=page.content_type,
        )
        if not is_of(article, text):
            raise NoArticleText("Địa chỉ của bài viết trả về một trang khác.")
        return text

    async def _record(self, article: Article, text: ArticleText) -> None:
        content = ArticleContent(
            title=text.title or article.title,
            lead=text.lead or article.lead,
            paragraphs=within_limit(text.paragraphs),
            credit=text.credit,
            image_url=text.image_url or article.image_url,
        )
        self.counts.read += 1
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if text.published_at is not None and article.published_at is None:
                await tx.articles.date_article(article.id, text.published_at, text.precision)
                if text.published_at < now - OLDEST_NEWS:
                    await tx.articles.make_baseline(article.id)
            await tx.articles.record_text(
                article.id,
                content,
                content_hash=content_hash(content),
                state=PageState.READ,
                now=now,
            )

    async def _put_back(self, article: Article, health: Health, reason: str) -> None:
        """Tried again later; at the end what the list said must do, or nothing if it is gone."""
        self.counts.failed += 1
        now = self._clock.now()
        attempts = article.page_attempts + 1
        async with self._database.transaction() as tx:
            if health is Health.GONE:  # withdrawn before anybody was told of it
                await tx.articles.give_page_up(article.id, reason)
            elif attempts < PAGE_TRIES:
                due_at = next_visit(attempts, interval=_PAGE_WAIT, now=now)
                await tx.articles.put_page_back(article.id, due_at=due_at, reason=reason)
            else:
                content = ArticleContent(
                    title=article.title,
                    lead=article.lead,
                    paragraphs=(),
                    credit="",
                    image_url=article.image_url,
                )
                await tx.articles.record_text(
                    article.id,
                    content,
                    content_hash=content_hash(content),
                    state=PageState.GIVEN_UP,
                    now=now,
                    reason=reason,
                )


def is_of(article: Article, text: ArticleText) -> bool:
    """Whether the page is this article, and not one for maintenance, logging in or the start."""
    listed, read = set(fold(article.title).split()), set(fold(text.title).split())
    return bool(listed) and len(listed & read) >= _TITLES_AGREE * len(listed)

"""Stage: source → article. Visits the sources that are due; reads the pages of new articles."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

import httpx

from jobs.article_text import ArticleText, read_article
from jobs.clock import Clock
from jobs.identity import keys_of, same
from jobs.page import Page, PageError, fetch
from jobs.retry import next_visit
from jobs.source_errors import SourceError
from jobs.sources.kinds import PARSERS
from jobs.text import fold
from storage.database import Database, Transaction
from storage.problems import DatabaseProblem
from storage.records import (
    Article,
    ArticleContent,
    Health,
    NewArticle,
    PageState,
    Precision,
    Source,
    SourceKind,
)

logger = logging.getLogger(__name__)

Item = TypeVar("Item")

AT_ONCE = 4  # sources visited at the same time
PAGES_A_RUN = 20
# a page that cannot be read is tried for about an hour, then the list's own words must do
PAGE_TRIES = 5
PAGE_WAIT = timedelta(minutes=1)
# what a portal shows again from far back is no news, and must not flood anybody
OLDEST_NEWS = timedelta(days=7)


@dataclass(slots=True, kw_only=True)
class PollCounts:
    visited: int = 0
    new: int = 0
    failed: int = 0
    pages_read: int = 0
    pages_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How pages are fetched and how often sources are visited."""

    client: httpx.AsyncClient
    interval: timedelta
    deadline: timedelta
    limit_bytes: int

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """Raises PageError."""
        return await fetch(
            self.client,
            url,
            etag=etag,
            last_modified=last_modified,
            limit_bytes=self.limit_bytes,
            deadline=self.deadline,
        )


async def poll_sources(database: Database, reading: Reading, clock: Clock) -> PollCounts:
    """One bad source, or one bad page, never stops the others."""
    run = _Run(database, reading, clock)
    async with database.transaction() as tx:
        sources = await tx.sources.due(clock.now())
    await _each(sources, run.visit)
    async with database.transaction() as tx:
        articles = await tx.articles.pages_due(clock.now(), PAGES_A_RUN)
    by_source = [list(group) for _, group in groupby(articles, lambda each: each.source_id)]
    await _each(by_source, run.read_pages)
    run.counts.visited = len(sources)
    return run.counts


class _Run:
    def __init__(self, database: Database, reading: Reading, clock: Clock) -> None:
        self.counts = PollCounts()
        self._database = database
        self._reading = reading
        self._clock = clock

    async def visit(self, source: Source) -> None:
        try:
            page = await self._reading.get(
                source.url, etag=source.etag, last_modified=source.last_modified
            )
            articles = [] if page.not_modified else await self._parse(source, page)
        except (PageError, SourceError) as error:
            await self._record_failure(source, error.health, error.reason, error)
        except DatabaseProblem:
            raise
        except Exception as error:  # a page nobody thought of: the others must go on
            logger.exception(
                "source not read", extra={"action": "source_failed", "source_id": source.id}
            )
            reason = "Chương trình gặp lỗi khi đọc trang này."
            await self._record_failure(source, Health.BROKEN, reason, error)
        else:
            await self._record(source, page, articles)

    async def _parse(self, source: Source, page: Page) -> list[NewArticle]:
        return await asyncio.to_thread(
            PARSERS[source.kind],
            page.body,
            page.final_url,
            now=self._clock.now(),
            content_type=page.content_type,
        )

    async def _record(self, source: Source, page: Page, articles: Sequence[NewArticle]) -> None:
        """The list and its visit are stored together: a kill leaves both or neither."""
        now = self._clock.now()
        kept = source if page.not_modified else page  # a 304 need not repeat its validators
        async with self._database.transaction() as tx:
            topics = {fold(name): topic for name, topic in
                      (await tx.sources.topics(source.id)).items()}  # fmt: skip
            oldest = await tx.articles.oldest_date(source.id)
            for article in articles:
                is_news = source.baseline_at is not None and _is_news(article, oldest, now)
                self.counts.new += await _store(
                    tx,
                    source,
                    article,
                    topic_ids=_topics(article, topics),
                    is_news=is_news,
                    now=now,
                )
            await tx.sources.record_visit(
                source.id,
                now=now,
                next_visit_at=now + self._reading.interval,
                etag=page.etag or kept.etag,
                last_modified=page.last_modified or kept.last_modified,
            )

    async def _record_failure(
        self, source: Source, health: Health, reason: str, error: Exception
    ) -> None:
        self.counts.failed += 1
        now = self._clock.now()
        logger.warning(
            "source not read",
            extra={
                "action": "source_ill",
                "source_id": source.id,
                "health": health,
                "error": type(error).__name__,
            },
        )
        async with self._database.transaction() as tx:
            await tx.sources.record_failure(
                source.id,
                now=now,
                next_visit_at=next_visit(
                    source.failures + 1,
                    interval=self._reading.interval,
                    now=now,
                    retry_after=getattr(error, "retry_after", None),
                ),
                health=health,
                reason=reason,
            )

    async def read_pages(self, articles: Sequence[Article]) -> None:
        for article in articles:
            try:
                text = await self._read_page(article)
            except (PageError, SourceError) as error:
                await self._page_failed(article, error.health, error.reason)
            except DatabaseProblem:
                raise
            except Exception:  # see visit
                logger.exception(
                    "page not read", extra={"action": "page_failed", "article_id": article.id}
                )
                await self._page_failed(article, Health.BROKEN, "Chương trình gặp lỗi.")
            else:
                await self._record_text(article, text)

    async def _read_page(self, article: Article) -> ArticleText:
        page = await self._reading.get(article.url)
        return await asyncio.to_thread(
            read_article,
            page.body,
            page.final_url,
            now=self._clock.now(),
            content_type=page.content_type,
        )

    async def _record_text(self, article: Article, text: ArticleText) -> None:
        content = ArticleContent(
            title=text.title or article.title,
            lead=text.lead or article.lead,
            paragraphs=text.paragraphs,
            credit=text.credit,
            image_url=text.image_url or article.image_url,
        )
        self.counts.pages_read += 1
        async with self._database.transaction() as tx:
            if text.published_at is not None:
                await tx.articles.date_article(article.id, text.published_at, text.precision)
            await tx.articles.record_text(
                article.id,
                content,
                content_hash=content_hash(content),
                state=PageState.READ,
                now=self._clock.now(),
            )

    async def _page_failed(self, article: Article, health: Health, reason: str) -> None:
        """Tried again later; at the end what the list said must do, or nothing if it is gone."""
        self.counts.pages_failed += 1
        now = self._clock.now()
        attempts = article.page_attempts + 1
        async with self._database.transaction() as tx:
            if health is Health.GONE:  # withdrawn before anybody was told of it
                await tx.articles.give_page_up(article.id, reason)
            elif attempts < PAGE_TRIES:
                due_at = next_visit(attempts, interval=PAGE_WAIT, now=now)
                await tx.articles.put_page_back(article.id, due_at=due_at, reason=reason)
            else:
                content = _content_of_list(article.title, article.lead, (), article.image_url)
                await tx.articles.record_text(
                    article.id,
                    content,
                    content_hash=content_hash(content),
                    state=PageState.GIVEN_UP,
                    now=now,
                    reason=reason,
                )


def content_hash(content: ArticleContent) -> str:
    """Changes when a reader would read something else."""
    words = "\n".join((content.title, content.lead, *content.paragraphs))
    return hashlib.sha256(words.encode()).hexdigest()


async def _store(
    tx: Transaction,
    source: Source,
    article: NewArticle,
    *,
    topic_ids: set[int],
    is_news: bool,
    now: datetime,
) -> int:
    """1 for an article that no key knows; else only its keys are learnt."""
    keys = keys_of(article, source_id=source.id)
    for known_id, known_keys in (await tx.articles.with_any_key(keys)).items():
        if same(known_keys, keys):
            await tx.articles.add_keys(known_id, keys)
            return 0
    article_id = await tx.articles.add(
        article, source_id=source.id, topic_ids=topic_ids, is_baseline=not is_news, now=now
    )
    await tx.articles.add_keys(article_id, keys)
    # a feed carries the text, as a rule; a list only leads to it
    if source.kind is SourceKind.FEED and (article.lead or article.text):
        content = _content_of_list(article.title, article.lead, article.text, article.image_url)
        await tx.articles.record_text(
            article_id,
            content,
            content_hash=content_hash(content),
            state=PageState.NOT_NEEDED,
            now=now,
        )
    return 1


def _content_of_list(
    title: str, lead: str, paragraphs: tuple[str, ...], image_url: str
) -> ArticleContent:
    return ArticleContent(
        title=title, lead=lead, paragraphs=paragraphs, credit="", image_url=image_url
    )


def _topics(article: NewArticle, topics: Mapping[str, int]) -> set[int]:
    """By the portal's categories, else the source's default."""
    mapped = {topics[name] for name in map(fold, article.categories) if name and name in topics}
    default = {topics[""]} if "" in topics else set()
    return mapped or default


def _is_news(article: NewArticle, oldest: datetime | None, now: datetime) -> bool:
    """Not what slides into a list again from far back when something newer is taken away."""
    if article.published_at is None or article.precision is Precision.NONE:
        return True
    if article.published_at < now - OLDEST_NEWS:
        return False
    return oldest is None or article.published_at >= oldest


async def _each(items: Sequence[Item], work: Callable[[Item], Awaitable[None]]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> None:
        async with slots:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))

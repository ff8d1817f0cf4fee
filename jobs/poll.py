"""Stage: source → article. Visits the sources that are due."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobs.clock import Clock
from jobs.identity import keys_of, same
from jobs.page import Page, PageError
from jobs.reading import OLDEST_NEWS, Reading, content_hash, in_turn, within_limit
from jobs.retry import next_visit
from jobs.source_errors import NoArticles, SourceError
from jobs.sources.kinds import PARSERS
from jobs.text import fold
from storage.database import Database, Transaction
from storage.problems import DatabaseProblem
from storage.records import (
    ArticleContent,
    ArticleKey,
    Health,
    NewArticle,
    PageState,
    Precision,
    Source,
    SourceKind,
)

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class PollCounts:
    visited: int = 0
    new: int = 0
    failed: int = 0


async def poll_sources(database: Database, reading: Reading, clock: Clock) -> PollCounts:
    """One bad source never stops the others."""
    run = _Run(database, reading, clock)
    async with database.transaction() as tx:
        sources = await tx.sources.due(clock.now())
    await in_turn(sources, run.visit)
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
        """Raises SourceError. A source that has no articles yet begins with none."""
        try:
            return await asyncio.to_thread(
                PARSERS[source.kind],
                page.body,
                page.final_url,
                now=self._clock.now(),
                content_type=page.content_type,
            )
        except NoArticles:
            if source.baseline_at is None:
                return []
            raise  # where there were some, "none" is not "no news"

    async def _record(self, source: Source, page: Page, articles: Sequence[NewArticle]) -> None:
        """The list and its visit are stored together: a kill leaves both or neither."""
        now = self._clock.now()
        kept = source if page.not_modified else page  # a 304 need not repeat its validators
        async with self._database.transaction() as tx:
            shelf = await _Shelf.of(tx, source, articles)
            for article in articles:
                self.counts.new += await shelf.put(article, now)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """Where a source's articles are put, with what is known of those on the list."""

    tx: Transaction
    source: Source
    topics: Mapping[str, int]  # by the portal's folded category; "" is the default
    oldest: datetime | None  # date of an article known from this source
    known: dict[int, set[ArticleKey]]  # by article
    holders: dict[ArticleKey, set[int]]

    @classmethod
    async def of(cls, tx: Transaction, source: Source, articles: Sequence[NewArticle]) -> "_Shelf":
        keys = {key for each in articles for key in keys_of(each, source_id=source.id)}
        shelf = cls(
            tx=tx,
            source=source,
            topics={
                fold(name): topic for name, topic in (await tx.sources.topics(source.id)).items()
            },
            oldest=await tx.articles.oldest_date(source.id),
            known={},
            holders={},
        )
        for article_id, known in (await tx.articles.with_any_key(keys)).items():
            shelf._learn(article_id, known)
        return shelf

    async def put(self, article: NewArticle, now: datetime) -> int:
        """1 for an article that no key knows; else only its keys are learnt."""
        keys = keys_of(article, source_id=self.source.id)
        article_id = self._same(keys)
        is_new = article_id is None
        if article_id is None:
            article_id = await self._add(article, now)
        if unknown := set(keys) - self.known.get(article_id, set()):
            await self.tx.articles.add_keys(article_id, unknown)
            self._learn(article_id, unknown)
        return is_new

    def _same(self, keys: Collection[ArticleKey]) -> int | None:
        candidates = {each for key in keys for each in self.holders.get(key, ())}
        return next((each for each in sorted(candidates) if same(self.known[each], keys)), None)

    def _learn(self, article_id: int, keys: Collection[ArticleKey]) -> None:
        self.known.setdefault(article_id, set()).update(keys)
        for key in keys:
            self.holders.setdefault(key, set()).add(article_id)

    async def _add(self, article: NewArticle, now: datetime) -> int:
        is_news = self.source.baseline_at is not None and _is_news(article, self.oldest, now)
        article_id = await self.tx.articles.add(
            article,
            source_id=self.source.id,
            topic_ids=_topics(article, self.topics),
            is_baseline=not is_news,
            now=now,
        )
        # a feed carries the text, as a rule; a list only leads to it
        if self.source.kind is SourceKind.FEED and (article.lead or article.text):
            content = ArticleContent(
                title=article.title,
                lead=article.lead,
                paragraphs=within_limit(article.text),
                credit="",
                image_url=article.image_url,
            )
            await self.tx.articles.record_text(
                article_id,
                content,
                content_hash=content_hash(content),
                state=PageState.NOT_NEEDED,
                now=now,
            )
        return article_id


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

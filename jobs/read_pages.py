"""Stage: article → its text. Reads the own pages of new articles."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from jobs.article_page import PageReader, content_of, listed_content
from jobs.article_text import ArticleText
from jobs.clock import Clock
from jobs.elsewhere import join_elsewhere
from jobs.extraction import Extraction
from jobs.page import PageError
from jobs.reading import (
    OF_THE_SERVER,
    OLDEST_NEWS,
    RUN_SECONDS,
    Reading,
    by_host,
    content_hash,
    in_turn,
)
from jobs.retry import next_visit
from jobs.rhythm import GONE_FOR, next_reread
from jobs.source_errors import SourceError
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Article, Health, PageState, Source

logger = logging.getLogger(__name__)

PAGES_A_RUN = 200
# a page that cannot be read is tried for about an hour, then the list's own words must do
PAGE_TRIES = 5
_PAGE_WAIT = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class ReadCounts:
    read: int = 0
    failed: int = 0


async def read_pages(
    database: Database, reading: Reading, extraction: Extraction, clock: Clock
) -> ReadCounts:
    """One bad page never stops the others."""
    async with database.transaction() as tx:
        articles = await tx.articles.pages_due(clock.now(), PAGES_A_RUN)
        sources = {each.id: each for each in await tx.sources.all()} if articles else {}
    reader = PageReader(reading=reading, extraction=extraction)
    run = _Run(database, reader, clock, sources)
    await in_turn(by_host(articles, lambda article: article.url), run.read_group)
    return run.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    health: Health
    reason: str
    retry_after: timedelta | None = None


class _Run:
    def __init__(
        self, database: Database, reader: PageReader, clock: Clock, sources: Mapping[int, Source]
    ) -> None:
        self.counts = ReadCounts()
        self._database = database
        self._reader = reader
        self._clock = clock
        self._sources = sources
        self._ends = clock.monotonic() + RUN_SECONDS

    async def read_group(self, articles: Sequence[Article]) -> None:
        """When a server fails, the rest of its pages waits too, and keeps nobody waiting."""
        failed: dict[str | None, _Failure] = {}
        for article in articles:
            if self._clock.monotonic() > self._ends:
                return
            host = urlsplit(article.url).hostname
            found = failed.get(host) or await self._try(article)
            if isinstance(found, ArticleText):
                await self._record(article, found)
                continue
            if found.health in OF_THE_SERVER:
                failed[host] = found
            await self._put_back(article, found)

    async def _try(self, article: Article) -> ArticleText | _Failure:
        source = self._sources[article.source_id]
        try:
            return await self._reader.read(article, source, now=self._clock.now())
        except PageError as error:
            return _Failure(
                health=error.health, reason=error.reason, retry_after=error.retry_after
            )
        except SourceError as error:
            return _Failure(health=error.health, reason=error.reason)
        except DatabaseProblem:
            raise
        except Exception:  # a page nobody thought of: the others must go on
            logger.exception(
                "page not read", extra={"action": "page_failed", "article_id": article.id}
            )
            return _Failure(health=Health.BROKEN, reason="Chương trình gặp lỗi.")

    async def _record(self, article: Article, text: ArticleText) -> None:
        content = content_of(article, text)
        self.counts.read += 1
        now = self._clock.now()
        is_news = not article.is_baseline
        async with self._database.transaction() as tx:
            await tx.articles.one_at_a_time()  # before any row is locked, as a poll does
            if text.published_at is not None and article.published_at is None:
                await tx.articles.date_article(article.id, text.published_at, text.precision)
                if text.published_at < now - OLDEST_NEWS:
                    await tx.articles.make_baseline(article.id)
                    is_news = False
            is_first = await tx.articles.record_text(
                article.id,
                content,
                content_hash=content_hash(content),
                state=PageState.READ,
                now=now,
            )
            if is_first and is_news:
                again = next_reread(article.first_seen_at, rereads=0, now=now)
                await tx.articles.plan_reread(article.id, again)
                await join_elsewhere(
                    tx,
                    article.id,
                    content,
                    source_id=article.source_id,
                    came_at=article.first_seen_at,
                )

    async def _put_back(self, article: Article, failure: _Failure) -> None:
        """Tried again later; at the end what the list said must do, or nothing if it is gone."""
        self.counts.failed += 1
        now = self._clock.now()
        attempts = article.page_attempts + 1
        is_gone = failure.health is Health.GONE
        since = article.missing_since or (now if is_gone else None)
        is_over = now - since >= GONE_FOR if since else attempts >= PAGE_TRIES
        async with self._database.transaction() as tx:
            if not is_over:
                due_at = next_visit(
                    attempts, interval=_PAGE_WAIT, now=now, retry_after=failure.retry_after
                )
                await tx.articles.put_page_back(
                    article.id, due_at=due_at, reason=failure.reason, missing_since=since
                )
            # withdrawn before anybody was told of it; or nothing at all is known of it
            elif is_gone or not article.title:
                await tx.articles.give_page_up(article.id, failure.reason)
            else:
                content = listed_content(article)
                await tx.articles.record_text(
                    article.id,
                    content,
                    content_hash=content_hash(content),
                    state=PageState.GIVEN_UP,
                    now=now,
                    reason=failure.reason,
                )

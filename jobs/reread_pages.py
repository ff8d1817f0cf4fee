"""Stage: article → its versions. Looks again at the pages of news: edited, or taken away."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jobs.article_page import PageReader, content_of
from jobs.clock import Clock
from jobs.extraction import Extraction
from jobs.page import PageError
from jobs.reading import OF_THE_SERVER, RUN_SECONDS, Reading, by_host, content_hash, in_turn
from jobs.rhythm import GONE_FOR, next_reread, reread_while_missing
from jobs.source_errors import SourceError
from storage.database import Database
from storage.problems import DatabaseProblem
from storage.records import Article, ArticleContent, Health, PageState, Source

logger = logging.getLogger(__name__)

PAGES_A_RUN = 50


@dataclass(slots=True, kw_only=True)
class RereadCounts:
    edited: int = 0
    withdrawn: int = 0


async def reread_pages(
    database: Database, reading: Reading, extraction: Extraction, clock: Clock
) -> RereadCounts:
    """One bad page never stops the others; that of a source that is ill is not looked at."""
    async with database.transaction() as tx:
        articles = await tx.articles.rereads_due(clock.now(), PAGES_A_RUN)
        sources = {each.id: each for each in await tx.sources.all()} if articles else {}
    reader = PageReader(reading=reading, extraction=extraction)
    run = _Run(database, reader, clock, sources)
    await in_turn(by_host(articles, lambda article: article.url), run.read_group)
    return run.counts


class _Run:
    def __init__(
        self, database: Database, reader: PageReader, clock: Clock, sources: Mapping[int, Source]
    ) -> None:
        self.counts = RereadCounts()
        self._database = database
        self._reader = reader
        self._clock = clock
        self._sources = sources
        self._ends = clock.monotonic() + RUN_SECONDS

    async def read_group(self, articles: Sequence[Article]) -> None:
        """A server that fails is not asked for the rest of its pages."""
        failing: set[str | None] = set()
        for article in articles:
            if self._clock.monotonic() > self._ends:
                return
            host = urlsplit(article.url).hostname
            if host in failing:
                await self._record_unread(article)
            elif await self._look(article) in OF_THE_SERVER:
                failing.add(host)

    async def _look(self, article: Article) -> Health:
        try:
            content = await self._read(article)
        except (PageError, SourceError) as error:
            if error.health is Health.GONE:
                await self._record_missing(article)
            else:
                await self._record_unread(article)
            return error.health
        except DatabaseProblem:
            raise
        except Exception:  # a page nobody thought of: the others must go on
            logger.exception(
                "page not read", extra={"action": "page_failed", "article_id": article.id}
            )
            await self._record_unread(article)
            return Health.BROKEN
        await self._record(article, content)
        return Health.OK

    async def _read(self, article: Article) -> ArticleContent | None:
        """None: it is there, and what it says is not asked, for the feed says it."""
        source = self._sources[article.source_id]
        if article.page_state is not PageState.READ:
            await self._reader.get(article, source)
            return None
        async with self._database.transaction() as tx:
            told = await tx.articles.newest_version(article.id)
        text = await self._reader.read(
            article, source, now=self._clock.now(), told_title=told.title if told else ""
        )
        return content_of(article, text)

    async def _record(self, article: Article, content: ArticleContent | None) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if content is not None:
                self.counts.edited += await tx.articles.add_version(
                    article.id, content, content_hash=content_hash(content), now=now
                )
            await tx.articles.record_there(article.id, reread_at=_next(article, now))

    async def _record_unread(self, article: Article) -> None:
        now = self._clock.now()
        at = _next(article, now)
        if article.missing_since is not None:
            at = reread_while_missing(article.missing_since, rereads=article.rereads + 1, now=now)
        async with self._database.transaction() as tx:
            await tx.articles.record_unread(article.id, reread_at=at)

    async def _record_missing(self, article: Article) -> None:
        now = self._clock.now()
        since = article.missing_since or now
        is_withdrawn = now - since >= GONE_FOR
        self.counts.withdrawn += is_withdrawn
        again = reread_while_missing(since, rereads=article.rereads + 1, now=now)
        async with self._database.transaction() as tx:
            await tx.articles.record_missing(
                article.id,
                now=now,
                reread_at=None if is_withdrawn else again,
                is_withdrawn=is_withdrawn,
            )


def _next(article: Article, now: datetime) -> datetime | None:
    return next_reread(article.first_seen_at, rereads=article.rereads + 1, now=now)

"""Stage: source → article. Visits the sources that are due."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.clock import Clock
from jobs.extraction import Extraction
from jobs.identity import keys_of
from jobs.page import PageError
from jobs.reading import RUN_SECONDS, Patience, Reading, by_host, in_turn
from jobs.rhythm import Asks, Turn, from_stored, next_visit
from jobs.shelf import shelve
from jobs.source_list import ListReader, SourceList, Unusable
from jobs.visited import gap_of, visited_now, with_rhythm
from storage.database import Database, Transaction
from storage.problems import DatabaseProblem
from storage.records import Health, KeptPage, NewArticle, Source

logger = logging.getLogger(__name__)

# however many are due at once, after a pause or because they were added together
FEWEST_STARTS_A_SECOND = 4
_ALL_WITHIN = timedelta(minutes=4)
MOVED_AFTER = 3  # visits in a row that are sent to the same address for good


@dataclass(slots=True, kw_only=True)
class PollCounts:
    visited: int = 0
    new: int = 0
    held: int = 0
    failed: int = 0


async def poll_sources(
    database: Database, reading: Reading, extraction: Extraction, clock: Clock
) -> PollCounts:
    """One bad source never stops the others."""
    run = _Run(database, reading, extraction, clock)
    async with database.transaction() as tx:
        sources = await tx.sources.due(clock.now())
        run.starts_a_second = _starts_a_second(await tx.sources.count())
    await in_turn(by_host(sources, lambda source: source.url), run.visit_host)
    return run.counts


def _starts_a_second(sources: int) -> int:
    return max(FEWEST_STARTS_A_SECOND, math.ceil(sources / _ALL_WITHIN.total_seconds()))


class _Run:
    def __init__(
        self, database: Database, reading: Reading, extraction: Extraction, clock: Clock
    ) -> None:
        self.counts = PollCounts()
        self._database = database
        self._reading = reading
        self._extraction = extraction
        self._clock = clock
        self.starts_a_second = FEWEST_STARTS_A_SECOND
        self._began = clock.monotonic()
        self._starts = 0

    async def visit_host(self, sources: Sequence[Source]) -> None:
        """One after the other: who waits for his host's turn keeps nobody else waiting."""
        for source in sources:
            start = self._began + self._starts / self.starts_a_second
            if max(start, self._clock.monotonic()) > self._began + RUN_SECONDS:
                return
            self._starts += 1
            await self._clock.sleep_until(start)
            await self._visit(source)

    async def _visit(self, source: Source) -> None:
        self.counts.visited += 1

        async def unknown(articles: Sequence[NewArticle]) -> set[str]:
            return await self._unknown(source, articles)

        # a baseline is whole or none
        patience = Patience(clock=self._clock) if source.baseline_at else None
        reading = replace(self._reading, patience=patience)
        lists = ListReader(reading=reading, extraction=self._extraction)
        try:
            found = await lists.read(source, unknown=unknown, now=self._clock.now())
            await self._record(source, found)
        except Unusable as unusable:
            await self._record_failure(
                source,
                _Failure(
                    health=unusable.error.health,
                    reason=unusable.error.reason,
                    error=unusable.error,
                    body=unusable.page.body,
                    url=unusable.page.final_url,
                    content_type=unusable.page.content_type,
                ),
            )
        except PageError as error:
            await self._record_failure(
                source,
                _Failure(
                    health=error.health,
                    reason=error.reason,
                    error=error,
                    body=error.body,
                    retry_after=error.retry_after,
                ),
            )
        except DatabaseProblem:
            raise
        except Exception as error:  # a page nobody thought of: the others must go on
            logger.exception(
                "source not read", extra={"action": "source_failed", "source_id": source.id}
            )
            reason = "Chương trình gặp lỗi khi đọc trang này."
            await self._record_failure(
                source, _Failure(health=Health.BROKEN, reason=reason, error=error)
            )

    async def _unknown(self, source: Source, articles: Sequence[NewArticle]) -> set[str]:
        """Their addresses."""
        keys = {each.url: set(keys_of(each, source_id=source.id)) for each in articles}
        every = set().union(*keys.values())
        async with self._database.transaction() as tx:
            known = await tx.articles.purged(every)
            known = known.union(*(await tx.articles.with_any_key(every)).values())
        return {url for url, own in keys.items() if not own & known}

    async def _record(self, source: Source, found: SourceList) -> None:
        """The list and its visit are stored together: a kill leaves both or neither."""
        now = self._clock.now()
        visited = visited_now(source, found, now)
        async with self._database.transaction() as tx:
            if found.listing is not None and visited.list_hash != source.list_hash:
                shelved = await shelve(tx, source, found.listing.articles, now)
                self.counts.new += shelved.new
                self.counts.held += len(shelved.news) if shelved.is_held else 0
                visited = replace(visited, listed_at=now)
                visited = with_rhythm(visited, source, found.listing.articles, shelved)
            at = next_visit(
                Turn(
                    source_id=source.id,
                    visits=source.visits,
                    usual=self._reading.interval,
                    gap=gap_of(visited.gap_seconds),
                    last_new_at=visited.last_new_at,
                ),
                replace(from_stored(visited.asks), fresh_for=found.page.fresh_for or timedelta(0)),
                now=now,
            )
            await tx.sources.record_visit(source.id, replace(visited, next_visit_at=at))
            await tx.sources.forget_page(source.id)
            if visited.redirects == MOVED_AFTER:
                await _move(tx, source, visited.redirect_url, now)

    async def _record_failure(self, source: Source, failure: "_Failure") -> None:
        self.counts.failed += 1
        now = self._clock.now()
        logger.warning(
            "source not read",
            extra={
                "action": "source_ill",
                "source_id": source.id,
                "health": failure.health,
                "error": type(failure.error).__name__,
            },
        )
        turn = Turn(
            source_id=source.id,
            visits=source.visits,
            usual=self._reading.interval,
            gap=gap_of(source.gap_seconds),
            last_new_at=source.last_new_at,
            failures=source.failures + 1,
        )
        async with self._database.transaction() as tx:
            await tx.sources.record_failure(
                source.id,
                now=now,
                next_visit_at=next_visit(turn, Asks(retry_after=failure.retry_after), now=now),
                health=failure.health,
                reason=failure.reason,
            )
            if failure.body:
                await tx.sources.keep_page(
                    KeptPage(
                        source_id=source.id,
                        url=failure.url or source.url,
                        content_type=failure.content_type,
                        body=failure.body,
                        reason=failure.reason,
                        kept_at=now,
                    )
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    health: Health
    reason: str  # for a clerk
    error: Exception
    body: bytes = b""  # of the page that could not be read
    url: str = ""
    content_type: str = ""
    retry_after: timedelta | None = None


async def _move(tx: Transaction, source: Source, url: str, now: datetime) -> None:
    """The portal has said so three times, and its list is there."""
    if await tx.sources.move(source.id, url):
        await tx.audit.record(
            "source_moved", at=now, actor_id=None, target=str(source.id), detail=url
        )
        logger.info("source moved", extra={"action": "source_moved", "source_id": source.id})

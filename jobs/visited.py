"""What a visit that went well leaves with its source. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobs.identity import hash_of_list, whole_url
from jobs.rhythm import Asks, first_gap, from_stored, next_gap, stored
from jobs.shelf import Shelved
from jobs.source_list import SourceList
from storage.records import NewArticle, Source
from storage.repositories.sources import Visited


def visited_now(source: Source, found: SourceList, now: datetime) -> Visited:
    """As it is when the list shows nothing else than before."""
    page, listing = found.page, found.listing
    # a 304 need not repeat its validators; what is read in parts has none of its own
    kept = source if page.not_modified else page
    has_parts = listing is not None and bool(listing.parts)
    asks = (
        Asks(rest=listing.rest, quiet_hours=listing.quiet_hours, quiet_days=listing.quiet_days)
        if listing
        else from_stored(source.asks)
    )
    moved_to = whole_url(page.moved_to)
    return Visited(
        now=now,
        next_visit_at=now,
        is_baseline=bool(listing and listing.articles) or _was_read(source),
        etag="" if has_parts else page.etag or kept.etag,
        last_modified="" if has_parts else page.last_modified or kept.last_modified,
        asks=stored(asks),
        body_hash=found.body_hash,
        list_hash=hash_of_list(listing.articles) if listing else source.list_hash,
        listed=len(listing.articles) if listing else source.listed,
        listed_at=source.listed_at,
        read_at=source.read_at if page.not_modified else now,
        gap_seconds=source.gap_seconds,
        last_new_at=source.last_new_at,
        redirect_url=moved_to,
        redirects=_redirects(source, moved_to),
    )


def _was_read(source: Source) -> bool:
    """Also the last time. One empty list may be a portal's bad moment, a second is its state."""
    return source.last_ok_at is not None and source.failures == 0


def _redirects(source: Source, moved_to: str) -> int:
    """How often in a row the same address was named."""
    if not moved_to:
        return 0
    return source.redirects + 1 if moved_to == source.redirect_url else 1


def with_rhythm(
    visited: Visited, source: Source, articles: Sequence[NewArticle], shelved: Shelved
) -> Visited:
    """What this list tells of how often the source publishes."""
    now = visited.now
    dates = [each.published_at for each in articles if each.published_at is not None]
    if source.baseline_at is None and articles:
        gap = first_gap(dates)
        last_new_at = min(max(dates, default=now), now)
    elif shelved.news:
        gap = next_gap(
            gap_of(source.gap_seconds),
            new=len(shelved.news),
            last_new_at=source.last_new_at,
            now=now,
        )
        last_new_at = now
    else:
        return visited
    seconds = int(gap.total_seconds()) if gap else None
    return replace(visited, gap_seconds=seconds, last_new_at=last_new_at)


def gap_of(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)

"""Reads a source's list: its page, the parts of a sitemap, and further pages while most is new."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from jobs.extraction import Extraction
from jobs.fetching.access import Access, Tls
from jobs.page import Page, PageError
from jobs.reading import Reading
from jobs.source_errors import (
    LedHome,
    ListEmptied,
    NoArticleList,
    NoArticles,
    PagesMissing,
    SourceError,
)
from jobs.sources.kinds import read_list
from jobs.sources.listing import Listing
from storage.records import Health, NewArticle, Source

MOST_PARTS = 10  # of a sitemap
MOST_PAGES = 4  # of a list, when most on the pages before is new
READ_WHOLE_AFTER = timedelta(days=7)  # a server may say "not modified" for ever

_FIRST_ARTICLE = re.compile(rb"<(?:item|entry)[\s>]")

Unknown = Callable[[Sequence[NewArticle]], Awaitable[Collection[str]]]  # their addresses


def access_of(source: Source) -> Access:
    """What an admin said of this source's own server."""
    return Access(
        host=urlsplit(source.url).hostname or "",
        tls=Tls(extra_ca=source.extra_ca, insecure=source.is_insecure),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    page: Page  # the first
    listing: Listing | None  # None: the same page as last time
    body_hash: str = ""  # "" where the page alone does not tell whether anything changed


class Unusable(Exception):
    """A page that came but cannot be read; its cause is a SourceError."""

    def __init__(self, page: Page, error: SourceError) -> None:
        super().__init__(error.reason)
        self.page = page
        self.error = error


def _hash_of(body: bytes) -> str:
    """Of a feed from its first article on: many write the moment of the visit above it."""
    first = _FIRST_ARTICLE.search(body)
    return hashlib.sha256(body[first.start() :] if first else body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReader:
    reading: Reading
    extraction: Extraction

    async def read(self, source: Source, *, unknown: Unknown, now: datetime) -> SourceList:
        """Raises PageError, Unusable."""
        is_fresh = source.read_at is not None and now - source.read_at < READ_WHOLE_AFTER
        page = await self.reading.get(
            source.url,
            etag=source.etag if is_fresh else "",
            last_modified=source.last_modified if is_fresh else "",
            access=access_of(source),
        )
        try:
            return await self._of(page, source, unknown=unknown, now=now)
        except SourceError as error:
            raise Unusable(page, error) from error

    async def _of(
        self, page: Page, source: Source, *, unknown: Unknown, now: datetime
    ) -> SourceList:
        """Raises SourceError, and PageError where it is all in parts that cannot be had."""
        if page.leads_home:
            raise LedHome
        body_hash = _hash_of(page.body)
        if page.not_modified or body_hash == source.body_hash:
            return SourceList(page=page, listing=None, body_hash=source.body_hash)
        listing = await self._listing(page, source, now)
        if listing.parts:
            return SourceList(page=page, listing=await self._whole(listing, source, now))
        if source.baseline_at is not None:
            listing = await self._further(listing, source, unknown=unknown, now=now)
        return SourceList(page=page, listing=listing, body_hash=body_hash)

    async def _listing(self, page: Page, source: Source, now: datetime) -> Listing:
        """A source that has no articles yet begins with none. Raises SourceError."""
        try:
            listing = await self.extraction.run(
                read_list,
                source.kind,
                page.body,
                page.final_url,
                now=now,
                content_type=page.content_type,
                config=dict(source.config),
            )
        except NoArticles as error:
            if source.listed or source.last_new_at:
                raise ListEmptied from error
            return Listing(articles=())
        if not (listing.articles or listing.parts) and (source.listed or source.last_new_at):
            raise ListEmptied  # where there were some, "none" is not "no news"
        return listing

    async def _whole(self, index: Listing, source: Source, now: datetime) -> Listing:
        """A sitemap that only names others; one may be missing, but not from the baseline."""
        articles: list[NewArticle] = list(index.articles)
        failed: PageError | SourceError | None = None
        unread: PageError | SourceError | None = None
        for url in index.parts[:MOST_PARTS]:
            try:
                page = await self.reading.get(url, access=access_of(source))
                articles += (await self._listing(page, source, now)).articles
            except (PageError, SourceError) as error:
                failed = error
                if not (isinstance(error, NoArticleList) or error.health is Health.GONE):
                    unread = error
        if unread is not None and source.baseline_at is None:
            raise unread
        if failed is not None and not articles:
            raise failed
        return replace(index, articles=tuple(articles))

    async def _further(
        self, first: Listing, source: Source, *, unknown: Unknown, now: datetime
    ) -> Listing:
        """After a pause more may have come than one page shows. Raises PagesMissing, once."""
        listing, seen = first, {source.url}
        articles, shown = list(first.articles), first.articles
        new = await unknown(shown) if first.next_page else ()
        while _are_mostly(new, shown) and listing.next_page not in {*seen, ""}:
            if len(seen) == MOST_PAGES:
                break
            seen.add(listing.next_page)
            try:
                page = await self.reading.get(listing.next_page, access=access_of(source))
                listing = await self._listing(page, source, now)
            except ListEmptied:
                break  # it ends here
            except (PageError, SourceError) as error:
                if source.health_reason == PagesMissing.reason:
                    break  # again: what the first page said is worth having
                raise PagesMissing from error
            before = {each.url for each in articles}
            shown = tuple(each for each in listing.articles if each.url not in before)
            new = await unknown(shown)
            articles += _without_older(shown, new)
        return replace(first, articles=tuple(articles))


def _are_mostly(new: Collection[str], shown: Sequence[NewArticle]) -> bool:
    """A pinned article stands on the first page for weeks."""
    return 2 * len(new) > len(shown)


def _without_older(shown: Sequence[NewArticle], new: Collection[str]) -> Sequence[NewArticle]:
    """What follows the last known article was on no page when the baseline was read."""
    if _are_mostly(new, shown):
        return shown
    known = [number for number, each in enumerate(shown, start=1) if each.url not in new]
    return shown[: max(known, default=0)]

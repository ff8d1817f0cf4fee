"""The kinds of source: one line each."""

from collections.abc import Callable

from jobs.sources import feed, liferay
from storage.records import NewArticle, SourceKind

# (page, page_url, *, now, content_type="") → articles in the page's order; raises SourceError
Parse = Callable[..., list[NewArticle]]

PARSERS: dict[SourceKind, Parse] = {
    SourceKind.FEED: feed.parse,
    SourceKind.LIFERAY: liferay.parse,
}

"""The kinds of source: one line each."""

from datetime import datetime
from typing import Protocol

from jobs.markup.obstacles import obstacle_in
from jobs.source_errors import NoArticleList, NotAFeed, NotASitemap
from jobs.sources import feed, html_list, liferay, sitemap, wordpress
from jobs.sources.listing import NO_CONFIG, Config, Listing
from storage.records import SourceKind


class Parse(Protocol):
    """Pure. Raises SourceError."""

    def __call__(
        self,
        page: bytes,
        page_url: str,
        *,
        now: datetime,
        content_type: str = "",
        config: Config = NO_CONFIG,
    ) -> Listing: ...


KINDS: dict[SourceKind, Parse] = {
    SourceKind.FEED: feed.parse,
    SourceKind.LIFERAY: liferay.parse,
    SourceKind.HTML_LIST: html_list.parse,
    SourceKind.WORDPRESS: wordpress.parse,
    SourceKind.SITEMAP: sitemap.parse,
}


def read_list(
    kind: SourceKind,
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,
) -> Listing:
    """Raises SourceError: where nothing was found, what stood in the way if that can be told."""
    try:
        return KINDS[kind](page, page_url, now=now, content_type=content_type, config=config)
    except (NoArticleList, NotAFeed, NotASitemap) as error:
        obstacle = obstacle_in(page, content_type)
        if obstacle is None:
            raise
        raise obstacle from error

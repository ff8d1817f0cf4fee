"""What one page of a source shows: its articles, and what it asks of those who come back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from storage.records import NewArticle

Config = Mapping[str, object]  # what a source's own `config` holds; each kind knows its keys
NO_CONFIG: Config = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    articles: tuple[NewArticle, ...]  # in the page's order
    next_page: str = ""  # where the list goes on
    parts: tuple[str, ...] = ()  # of a sitemap index: the sitemaps to read, newest first
    rest: timedelta = timedelta(0)  # the feed asks to be left alone so long (ttl)
    quiet_hours: frozenset[int] = frozenset()  # of the day in UTC, in which it is not to be read
    quiet_days: frozenset[int] = frozenset()  # of the week in UTC, 0 is Monday

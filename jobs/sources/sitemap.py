"""A sitemap or an index of sitemaps → the addresses of articles; the last resort. Pure.

sitemaps.org/protocol.html. It names no titles, except in Google's form for news: an article
without one has its title on its own page.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from jobs.identity import canonical_url, entry_id_in
from jobs.markup.decoding import decode
from jobs.markup.tree import cut
from jobs.source_errors import CutOff, Dangerous, NoArticleList, NoArticles, NotASitemap, TooLarge
from jobs.sources.fragments import plain_or_nothing
from jobs.sources.listing import NO_CONFIG, Config, Listing
from jobs.text import fold
from jobs.vietnamese_date import PublishedDate, day_in_address, parse_date
from storage.records import NewArticle, Precision

MOST_ARTICLES = 100  # the newest
MOST_PARTS = (
    10  # sitemaps of an index read in one visit; Liferay lists hundreds, most of them dead
)
MOST_PLACES = 50_000  # the protocol's own limit
LONGEST_TITLE = 300  # characters
_LONGEST_ENTRY = 5000  # characters
_FEWEST_WORDS = 4  # in an address that is an article's title
_ROOT = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:\w+:)?(urlset|sitemapindex)\b", re.DOTALL
)
_ENTRY = re.compile(r"<(?:\w+:)?(?:url|sitemap)\s*>")
_FIELD = re.compile(
    r"<(?:\w+:)?(loc|lastmod|publication_date|title)\s*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</",
    re.DOTALL,
)
_OF_PICTURES = re.compile(r"<((?:image|video):\w+)\s*>.*?</\1\s*>", re.DOTALL)  # titles of theirs
_ENDING = re.compile(r"\.(?:html?|aspx?|php|jsp|htm)$", re.IGNORECASE)
_OTHERS = re.compile(
    r"/(?:tag|tags|author|category|chuyen-muc|page|feed|lien-he|gioi-thieu|search|login)(?:/|$)"
    r"|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|zip|mp[34])$",
    re.IGNORECASE,
)
_NEVER = datetime.min.replace(tzinfo=UTC)
_Fields = dict[str, str]
_Place = tuple[str, PublishedDate | None, _Fields]  # address, when it was changed, all it says


def parse(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,
) -> Listing:
    """`config`: include, a piece of the address that articles share. Raises SourceError."""
    text = decode(page, content_type)
    if re.search(r"<!entity\b|<!doctype[^>]*\[", text, re.IGNORECASE):
        raise Dangerous
    root = _ROOT.match(text)
    if root is None:
        raise NotASitemap
    if f"{root[1]}>" not in text[-200:] and not text.rstrip().endswith("/>"):
        raise CutOff
    if max(text.count("<loc"), text.count("<url>"), text.count("<sitemap>")) > MOST_PLACES:
        raise TooLarge
    places = sorted(_places(text, page_url, now), key=_changed, reverse=True)
    if root[1] == "sitemapindex":
        parts = tuple(dict.fromkeys(url for url, _, _ in places))[:MOST_PARTS]
        if not parts:
            raise NoArticles
        return Listing(articles=(), parts=parts)
    articles = tuple(_articles(places, str(config.get("include", "")), now))
    if not articles:
        raise NoArticleList if places else NoArticles
    return Listing(articles=articles)


def _places(text: str, page_url: str, now: datetime) -> Iterator[_Place]:
    for entry in _ENTRY.split(text)[1:]:
        found = _FIELD.findall(_OF_PICTURES.sub("", entry[:_LONGEST_ENTRY]))
        fields = {name: html.unescape(value).strip() for name, value in reversed(found)}
        # some portals escape twice: &amp;amp; becomes & only now
        url = canonical_url(fields.get("loc", "").replace("&amp;", "&"), page_url)
        if url:
            yield url, parse_date(fields.get("lastmod", ""), now=now), fields


def _changed(place: _Place) -> datetime:
    return place[1].at if place[1] else _NEVER


def _articles(places: list[_Place], include: str, now: datetime) -> Iterator[NewArticle]:
    seen: set[str] = set()
    for url, _, fields in places:
        wanted = include in url if include else looks_like_article(url)
        if wanted and url not in seen and len(seen) < MOST_ARTICLES:
            seen.add(url)
            yield _article(url, fields, now)


def _article(url: str, fields: _Fields, now: datetime) -> NewArticle:
    """When it was last changed is not when it was published."""
    published = parse_date(fields.get("publication_date", ""), now=now)
    date = published or day_in_address(url, now=now)
    return NewArticle(
        title=cut(plain_or_nothing(fields.get("title", "")), LONGEST_TITLE),
        url=url,
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        entry_id=entry_id_in(url),
    )


def is_sitemap(text: str) -> bool:
    return bool(_ROOT.match(text))


def looks_like_article(url: str) -> bool:
    """Whether the last part of the address reads like a title."""
    path = urlsplit(url).path.rstrip("/")
    if _OTHERS.search(path):
        return False
    slug = _ENDING.sub("", path.rpartition("/")[2])
    return len(fold(slug).split()) >= _FEWEST_WORDS

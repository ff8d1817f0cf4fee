"""A feed (RSS 2.0, RSS 1.0/RDF, Atom, JSON Feed) → its articles. Pure."""

import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import feedparser

from jobs.article_lines import uncut
from jobs.identity import canonical_url, entry_id_in, whole_url
from jobs.markup.decoding import decode
from jobs.markup.tree import cut
from jobs.source_errors import CutOff, Dangerous, Malformed, NoArticles, NotAFeed, TooLarge
from jobs.sources import json_feed
from jobs.sources.fragments import first_image, paragraphs_of, plain_or_nothing
from jobs.sources.listing import NO_CONFIG, Config, Listing
from jobs.sources.pace import pace_of
from jobs.text import clean
from jobs.vietnamese_date import VIETNAM, PublishedDate, parse_date
from storage.records import NewArticle, Precision

MOST_ARTICLES = 1000  # in one feed; portals list 10 to 100
MOST_TAGS = 100_000  # feedparser takes 20 µs for each of a feed that is not well-formed
LONGEST_TITLE = 300  # characters
LONGEST_NAME = 100  # characters of the title of what is no feed
HEAD = 20_000  # characters in which a page names itself
LONGEST_GUID = 1000  # characters
_ROOTS = frozenset({"rss", "feed", "rdf"})
_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>\[]*>\s*)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<([a-z_][\w.:-]*)", re.IGNORECASE)
_ENTITY = re.compile(r"<!entity\b|<!doctype[^>]*\[", re.IGNORECASE)
_QUOTED = re.compile(r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)", re.DOTALL)
_ENCODING = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", re.IGNORECASE)
_ARTICLE = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# of a character that is none, which feedparser cannot bear; also where its & is written &amp;
_REFERENCE = re.compile(r"&(?:amp;)?#(?:x([0-9a-f]{1,8})|(\d{1,10}))[0-9a-f]*;", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.{0,1000}?)</title", re.DOTALL | re.IGNORECASE)


def parse(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,  # noqa: ARG001 - a feed needs none
) -> Listing:
    """Articles in the feed's order. Raises SourceError.

    A truncated feed gives nothing: its last article may be half a title or half a link, and a
    first visit would take what is left for all there is. The next visit brings it whole.
    """
    text = decode(page, content_type)
    if json_feed.is_json(text):
        return json_feed.listing_of(text, page_url, now=now)
    _check(text)
    # a stream: feedparser would take a string for an address or a file's name
    feed = feedparser.parse(
        io.BytesIO(_bearable(_ENCODING.sub(r"\1", text, count=1)).encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # all becomes plain text here
        resolve_relative_uris=False,
    )
    if not feed.version:
        raise NotAFeed
    if not feed.entries:
        raise NoArticles
    return replace(
        pace_of(text, feed.feed),
        articles=_articles(feed, page_url, now),
        next_page=_next_page(feed.feed.get("links", ()), page_url),
    )


def _articles(feed: Any, page_url: str, now: datetime) -> tuple[NewArticle, ...]:  # noqa: ANN401
    is_coarse = "nukeviet" in str(feed.feed.get("generator", "")).lower()
    articles: dict[str, NewArticle] = {}
    for entry in feed.entries:
        article = _article(dict(entry.items()), page_url, now=now, is_coarse=is_coarse)
        if article.title and article.url:
            articles.setdefault(article.url, article)
    if not articles:
        raise Malformed("Nguồn tin có bài viết nhưng không bài nào đủ tiêu đề và đường dẫn.")
    return tuple(articles.values())


def _next_page(links: Iterable[Mapping[str, Any]], page_url: str) -> str:
    """RFC 5005: a feed in pages."""
    told = (str(link.get("href", "")) for link in links if link.get("rel") == "next")
    return next((whole_url(address, page_url) for address in told if address), "")


def _bearable(text: str) -> str:
    """One bad character reference must not cost the whole feed."""
    return _REFERENCE.sub(_or_nothing, text)


def _or_nothing(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    is_surrogate = 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - Unicode's own figures
    return "" if is_surrogate or number > sys.maxunicode else reference[0]


def is_feed(text: str) -> bool:
    """By what the text is, whatever the server calls it."""
    return _root_of(text).lower().rpartition(":")[2] in _ROOTS or json_feed.is_feed(text)


def is_xml(text: str) -> bool:
    """A feed, or what may be the beginning or the disguise of one."""
    return is_feed(text) or (not _root_of(text) and text.lstrip().startswith("<?xml"))


def _root_of(text: str) -> str:
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end()) if prolog else None
    return root[1] if root else ""


def _check(text: str) -> None:
    """Raises what can be told without parsing."""
    if _ENTITY.search(text) and _ENTITY.search(_QUOTED.sub("", text)):
        raise Dangerous
    root = _root_of(text)
    if not is_feed(text):
        if is_xml(text):
            raise CutOff
        title = _TITLE.search(text, 0, HEAD)
        raise NotAFeed.but(
            cut(plain_or_nothing(plain_or_nothing(title[1])), LONGEST_NAME) if title else ""
        )
    starts = [match.start() for match in _ARTICLE.finditer(text)]
    if len(starts) > MOST_ARTICLES or text.count("<") > MOST_TAGS:
        raise TooLarge("Nguồn tin quá lớn nên không được đọc.")
    last = starts[-1] if starts else 0
    is_closed = max(text.rfind(f"</{root}"), text.rfind("</channel")) > last
    if not is_closed and not re.search(rf"<{re.escape(root)}[^>]*/>\s*$", text[-HEAD:]):
        raise CutOff


def _article(
    entry: Mapping[str, Any], page_url: str, *, now: datetime, is_coarse: bool
) -> NewArticle:
    title = cut(plain_or_nothing(entry.get("title", "")), LONGEST_TITLE)
    guid = clean(str(entry.get("id", "")))[:LONGEST_GUID]
    link = str(entry.get("link", ""))
    url = canonical_url(link, page_url) if link.strip() else ""
    summary = str(entry.get("summary", ""))
    content = next((str(part.get("value", "")) for part in entry.get("content", ())), "")
    text = paragraphs_of(content, title)
    lead = paragraphs_of(summary, title) if summary != content else text[:1]
    date = next(_dates(entry, now), None)
    if date and is_coarse:
        date = _to_the_hour(date)
    return NewArticle(
        title=title,
        url=url,
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        lead=uncut(" ".join(lead)) or next(iter(text), ""),
        text=text,
        entry_id=entry_id_in(url) or entry_id_in(guid),
        guid=guid,
        image_url=next(filter(None, _images(entry, summary + content, page_url)), ""),
        categories=_categories(entry),
    )


def _dates(entry: Mapping[str, Any], now: datetime) -> Iterator[PublishedDate]:
    """Read from what the feed says: feedparser takes "14:05, 16/03/2021" for today."""
    for name in ("published", "created", "updated"):
        date = parse_date(str(entry.get(name, "")), now=now)
        if date:
            yield date


def _to_the_hour(date: PublishedDate) -> PublishedDate:
    """NukeViet writes the month for the minutes: gmdate('D, j M Y H:m:s') in nv_rss_generate."""
    if date.precision in (Precision.DAY, Precision.HOUR):
        return date
    hour = date.at.astimezone(VIETNAM).replace(minute=0, second=0).astimezone(date.at.tzinfo)
    return PublishedDate(at=hour, precision=Precision.HOUR)


def _images(entry: Mapping[str, Any], html: str, page_url: str) -> Iterator[str]:
    pictured = [*entry.get("media_thumbnail", ()), *entry.get("media_content", ())]
    enclosed = [
        link for link in entry.get("links", ()) if link.get("type", "").startswith("image/")
    ]
    for picture in (*pictured, *enclosed):
        address = str(picture.get("url") or picture.get("href") or "")
        yield canonical_url(address, page_url) if address else ""
    shown = first_image(html)
    yield canonical_url(shown, page_url) if shown else ""


def _categories(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = (
        plain_or_nothing(tag.get("label") or tag.get("term") or "")
        for tag in entry.get("tags", ())
    )
    return tuple(dict.fromkeys(filter(None, names)))

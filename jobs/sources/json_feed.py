"""A JSON Feed, 1.0 or 1.1 → its articles; a form of the kind feed. Pure.

jsonfeed.org/version/1.1
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from jobs.article_lines import uncut
from jobs.identity import canonical_url, whole_url
from jobs.markup.tree import cut
from jobs.source_errors import CutOff, Malformed, NoArticles, NotAFeed, TooLarge
from jobs.sources.fragments import paragraphs_of, plain_or_nothing
from jobs.sources.listing import Listing
from jobs.text import clean
from jobs.vietnamese_date import PublishedDate, parse_date
from storage.records import NewArticle, Precision

MOST_ARTICLES = 1000
LONGEST_TITLE = 300  # characters
LONGEST_GUID = 1000
_VERSION = "https://jsonfeed.org/version/"
_HEAD = 2000  # characters in which a feed says that it is one


def is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def is_feed(text: str) -> bool:
    return is_json(text) and "jsonfeed.org/version" in text[:_HEAD].replace("\\/", "/")


def read_json(text: str) -> object:
    """Raises CutOff, Dangerous."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise (CutOff if error.pos >= len(text.rstrip()) else Malformed) from error
    except (ValueError, RecursionError) as error:
        raise Malformed from error


def listing_of(text: str, page_url: str, *, now: datetime) -> Listing:
    """Raises SourceError."""
    feed = read_json(text)
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_VERSION):
        raise NotAFeed
    entries = feed.get("items")
    if not isinstance(entries, list) or not entries:
        raise NoArticles
    if len(entries) > MOST_ARTICLES:
        raise TooLarge("Nguồn tin quá lớn nên không được đọc.")
    articles: dict[str, NewArticle] = {}
    for entry in entries:
        article = _article(entry, page_url, now) if isinstance(entry, dict) else None
        if article and article.title and article.url:
            articles.setdefault(article.url, article)
    if not articles:
        raise Malformed("Nguồn tin có bài viết nhưng không bài nào đủ tiêu đề và đường dẫn.")
    following = _said(feed, "next_url")
    return Listing(
        articles=tuple(articles.values()),
        next_page=whole_url(following, page_url) if following else "",
    )


def _article(entry: Mapping[str, object], page_url: str, now: datetime) -> NewArticle:
    title = cut(plain_or_nothing(_said(entry, "title")), LONGEST_TITLE)
    link = _said(entry, "url") or _said(entry, "external_url")
    text = paragraphs_of(_said(entry, "content_html"), title)
    bare = tuple(filter(None, map(clean, _said(entry, "content_text").splitlines())))
    summary = plain_or_nothing(_said(entry, "summary"))
    image = _said(entry, "image") or _said(entry, "banner_image")
    date = next(_dates(entry, now), None)
    tags = entry.get("tags")
    return NewArticle(
        title=title,
        url=canonical_url(link, page_url) if link else "",
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        lead=uncut(summary or next(iter(text or bare), "")),
        text=text or bare,
        guid=clean(_said(entry, "id"))[:LONGEST_GUID],
        image_url=canonical_url(image, page_url) if image else "",
        categories=tuple(map(clean, map(str, tags))) if isinstance(tags, list) else (),
    )


def _said(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    return str(value) if isinstance(value, (str, int, float)) else ""


def _dates(entry: Mapping[str, object], now: datetime) -> Iterator[PublishedDate]:
    for name in ("date_published", "date_modified"):
        if date := parse_date(_said(entry, name), now=now):
            yield date

"""What a page is — a list, a feed or an article — and what is read of it, ready for JSON. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from jobs.article_text import ArticleText, read_article
from jobs.markup.decoding import decode
from jobs.markup.links import base_of, feed_address
from jobs.markup.tree import Element, read_html, select
from jobs.source_errors import NoArticleText, SourceError
from jobs.sources import feed, liferay
from jobs.vietnamese_date import VIETNAM
from storage.records import NewArticle, Precision

Read = dict[str, object]  # the keys that `bantin extract --json` prints
_NEITHER = "Trang mở được nhưng không có danh sách bài viết, cũng không có nội dung bài viết."
_SHAPES = {Precision.DAY: "%Y-%m-%d", Precision.HOUR: "%Y-%m-%dT%H"}


def what_is(page: bytes, url: str, *, now: datetime, content_type: str = "") -> Read:
    """Decided by the markup, not by the address or the server's word. Raises SourceError."""
    text = decode(page, content_type)
    if feed.is_xml(text):
        articles = feed.parse(page, url, now=now, content_type=content_type)
        return {"kind": "feed", "url": url, "items": _items(articles)}
    if content_type.startswith("text/plain") or "<" not in text:
        return _article(read_article(page, url, now=now, content_type=content_type), url)
    root = read_html(text)
    if _lists(root, url):
        return _list(root, liferay.articles_in(root, url, now=now), url)
    return _article_or_list(page, root, url, now=now, content_type=content_type)


def _lists(root: Element, url: str) -> bool:
    """Whether the page's markup says it is a list: no article in full, and articles in short."""
    has_one_in_full = len(select(root, ".asset-full-content")) == 1
    return not has_one_in_full and bool(liferay.views_in(root, base_of(root, url)))


def _article_or_list(
    page: bytes, root: Element, url: str, *, now: datetime, content_type: str
) -> Read:
    """For other markup: an article has more text than a list has titles and leads."""
    try:
        listed: Sequence[NewArticle] = liferay.articles_in(root, url, now=now)
    except SourceError:
        listed = ()
    try:
        article = read_article(page, url, now=now, content_type=content_type)
    except NoArticleText as error:
        if not listed:
            raise NoArticleText(_NEITHER) from error
        return _list(root, listed, url)
    in_short = sum(len(one.title) + len(one.lead) for one in listed)
    if in_short > sum(map(len, article.paragraphs)) and not select(root, ".asset-full-content"):
        return _list(root, listed, url)
    return _article(article, url)


def _list(root: Element, articles: Sequence[NewArticle], url: str) -> Read:
    found: Read = {"kind": "list", "url": url, "items": _items(articles)}
    address = feed_address(root, base_of(root, url))
    return {**found, "feed": address} if address else found


def _items(articles: Sequence[NewArticle]) -> list[Mapping[str, str | None]]:
    return [
        {
            "title": article.title,
            "url": article.url,
            "guid": article.guid,
            "entry_id": article.entry_id,
            "date": shown_date(article.published_at, article.precision),
        }
        for article in articles
    ]


def _article(article: ArticleText, url: str) -> Read:
    return {
        "kind": "article",
        "url": url,
        "canonical": article.canonical,
        "title": article.title,
        "date": shown_date(article.published_at, article.precision),
        "sapo": article.lead,
        "paragraphs": list(article.paragraphs),
        "credit": article.credit,
    }


def shown_date(at: datetime | None, precision: Precision) -> str | None:
    """In Vietnam's time, cut to what is known."""
    if at is None or precision is Precision.NONE:
        return None
    local = at.astimezone(VIETNAM)
    return local.strftime(_SHAPES[precision]) if precision in _SHAPES else local.isoformat()

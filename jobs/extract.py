"""What a page is — a list, a feed or an article — and what is read of it. Pure."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from jobs.article_text import ArticleText, read_article
from jobs.identity import canonical_url
from jobs.markup.decoding import decode
from jobs.markup.linked_data import linked_article
from jobs.markup.links import base_of, declared_address, feed_address
from jobs.markup.obstacles import obstacle_in
from jobs.markup.tree import Element, read_html, select
from jobs.source_errors import NoArticleText, SourceError
from jobs.sources import feed, html_list, liferay, sitemap, wordpress
from jobs.sources.json_feed import is_json
from jobs.sources.listing import Config, Listing
from jobs.text import fold
from jobs.vietnamese_date import VIETNAM
from storage.records import NewArticle, Precision, SourceKind

Read = dict[str, object]  # the keys that `bantin extract --json` prints
_NEITHER = "Trang mở được nhưng không có danh sách bài viết, cũng không có nội dung bài viết."
_SHAPES = {Precision.DAY: "%Y-%m-%d", Precision.HOUR: "%Y-%m-%dT%H"}
_MUCH_MORE = 4  # times what a list says in short: an article that its own page lists too
_FEWEST_LISTED = 4  # that such a page has; an article's has as many related ones
_LOOKED_AT = 50  # paragraphs, titles and leads
# what only an article's own page has, and what lists repeat for each of theirs
_ONE_ARTICLE = (
    "#news-bodyhtml, #news_detail, .tandan-p-article-main, body.single-post,"
    " meta[property='article:published_time']"
)
_ONE_EACH = (".asset-full-content", "[itemprop=articleBody]", "[itemtype*=NewsArticle]")
# WordPress's own names for its lists (get_body_class)
_LIST = "body.archive, body.blog, body.search-results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list or feed with the kind of source that read it, or an article."""

    kind: SourceKind | None = None  # None for an article
    listing: Listing | None = None
    article: ArticleText | None = None
    config: Config = field(default_factory=dict)  # that the kind reads it with
    feed_url: str = ""  # that a list's page offers


def find(page: bytes, url: str, *, now: datetime, content_type: str = "") -> Found:
    """Decided by the markup, not by the address or the server's word. Raises SourceError."""
    text = decode(page, content_type)
    for kind, is_it, parse in (
        (SourceKind.FEED, feed.is_xml(text) and not sitemap.is_sitemap(text), feed.parse),
        (SourceKind.SITEMAP, sitemap.is_sitemap(text), sitemap.parse),
        (SourceKind.WORDPRESS, is_json(text), wordpress.parse),
    ):
        if is_it:
            return Found(kind=kind, listing=parse(page, url, now=now, content_type=content_type))
    if content_type.startswith("text/plain") or "<" not in text:
        return Found(article=read_article(page, url, now=now, content_type=content_type))
    root = read_html(text)
    if _lists(root, url) and not _has_article_address(root, url):
        return _list(root, url, liferay.listing_in(root, url, now=now), SourceKind.LIFERAY)
    try:
        return _article_or_list(page, root, url, now=now, content_type=content_type)
    except NoArticleText as error:
        raise obstacle_in(page, content_type) or NoArticleText(_NEITHER) from error


def _lists(root: Element, url: str) -> bool:
    """Whether the page's markup says it is a list: no article in full, and articles in short."""
    has_one_in_full = len(select(root, ".asset-full-content")) == 1
    return not has_one_in_full and bool(liferay.views_in(root, base_of(root, url)))


def _has_article_address(root: Element, url: str) -> bool:
    """Liferay's display pages hold an article, and beside it lists of others."""
    own = canonical_url(declared_address(root) or url, url)
    return liferay.is_article_address(own)


def _article_or_list(
    page: bytes, root: Element, url: str, *, now: datetime, content_type: str
) -> Found:
    """For other markup: an article has more text than a list has titles and leads.

    Raises NoArticleText.
    """
    listed = _listed(root, url, now=now)
    try:
        article = read_article(page, url, now=now, content_type=content_type)
    except NoArticleText:
        if listed is None or listed.listing is None:
            raise
        return listed
    if listed is None or listed.listing is None or _says_article(root):
        return Found(article=article)
    return listed if _is_list(root, url, article, listed.listing) else Found(article=article)


def _says_article(root: Element) -> bool:
    is_one = any(len(select(root, css)) == 1 for css in _ONE_EACH)
    return is_one or bool(select(root, _ONE_ARTICLE)) or linked_article(root) is not None


def _is_list(root: Element, url: str, article: ArticleText, listing: Listing) -> bool:
    """Whether a text found beside a list is made of what the list says in short."""
    if select(root, _LIST):
        return True
    title, listed = fold(article.title), listing.articles[:_LOOKED_AT]
    others = [one for one in listed if fold(one.title) != title]
    said = [fold(text) for one in others for text in (one.title, one.lead) if text]
    own = [fold(paragraph) for paragraph in article.paragraphs[:_LOOKED_AT]]
    if 2 * sum(paragraph.startswith(tuple(said)) for paragraph in own) >= len(own):
        return True
    in_short, in_full = sum(map(len, said)), sum(map(len, own))
    if _FEWEST_LISTED <= len(others) + 1 <= len(listed):
        return in_full < _MUCH_MORE * in_short
    return in_short > in_full and not _has_article_address(root, url)


def _listed(root: Element, url: str, *, now: datetime) -> Found | None:
    """What a theme of Liferay's own lists, else what the rules read; nothing is no error here."""
    with suppress(SourceError):
        return _list(root, url, liferay.listing_in(root, url, now=now), SourceKind.LIFERAY)
    with suppress(SourceError):
        listing, rules = html_list.best_rules(root, url, now=now)
        found = _list(root, url, listing, SourceKind.HTML_LIST)
        return replace(found, config={"rules": rules})
    return None


def _list(root: Element, url: str, listing: Listing, kind: SourceKind) -> Found:
    return Found(kind=kind, listing=listing, feed_url=feed_address(root, base_of(root, url)))


def what_is(page: bytes, url: str, *, now: datetime, content_type: str = "") -> Read:
    """As JSON. Raises SourceError."""
    return as_json(find(page, url, now=now, content_type=content_type), url)


def as_json(found: Found, url: str) -> Read:
    if found.article is not None:
        return _article(found.article, url)
    listing = found.listing or Listing(articles=())
    is_page = found.kind in (SourceKind.LIFERAY, SourceKind.HTML_LIST)
    read: Read = {
        "kind": "list" if is_page else "feed",
        "url": url,
        "items": _items(listing.articles),
    }
    return {**read, "feed": found.feed_url} if found.feed_url else read


def address_told(page: bytes, *, content_type: str = "") -> str:
    """Where a saved page says it was found. Raises SourceError."""
    return declared_address(read_html(decode(page, content_type)))


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

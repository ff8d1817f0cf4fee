"""Which kind of source an address is, from its page; what to fetch to be sure; why not. Pure.

Three steps, of which the caller does the second:
1. `look(page)` reads the page itself and names what else may be better, most likely first;
2. each `Candidate` in `to_fetch` is fetched and read with `read_list(candidate.kind, …)`;
3. `choose` puts both in order. A feed that has not what the page shows does not stand for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jobs.extract import Found, find
from jobs.identity import whole_url
from jobs.markup.decoding import decode
from jobs.markup.links import FEED_TYPES, base_of, same_host
from jobs.markup.tree import Element, read_html, select, text_of
from jobs.source_errors import AnArticle, NoArticleList, SourceError
from jobs.sources import html_list, wordpress
from jobs.sources.listing import Config, Listing
from jobs.text import fold
from storage.records import NewArticle, SourceKind

MOST_FETCHED = 6
_MOST_SHARED = 0.5  # share of the articles of page or feed that both must have
_ENGINES = {  # as a clerk is told
    "liferay": "Liferay",
    "nukeviet": "NukeViet",
    "tandan": "SharePoint (Tân Dân)",
    "wordpress": "WordPress",
}
_JSON_FEED = ("application/feed+json", "application/json")
_FEED_LIKE = ("rss", "/feed", "atom.xml", "feed.xml", "feed.json")
_OF_COMMENTS = ("comments", "binh luan", "phan hoi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    kind: SourceKind
    url: str
    config: Config  # to be stored with the source
    listing: Listing | None = None  # None: to be fetched and read


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a page is, as far as it tells itself."""

    engine: str  # in words; empty where it is not known
    here: Candidate | None  # the page itself, read
    to_fetch: tuple[Candidate, ...]
    problem: SourceError  # why not, if nothing comes of it; `advice` says what to try


def look(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    headers: Mapping[str, str] | None = None,
) -> Look:
    """`page_url`: where the page was found at last. Never raises SourceError."""
    try:
        found = find(page, page_url, now=now, content_type=content_type)
    except SourceError as error:
        found, problem = Found(), error
    else:
        problem = AnArticle() if found.article else NoArticleList()
    here = None
    if found.kind is not None and found.listing is not None:
        here = Candidate(kind=found.kind, url=page_url, config=found.config, listing=found.listing)
    engine = ""
    offers: tuple[Candidate, ...] = ()
    if here is None or here.kind in (SourceKind.LIFERAY, SourceKind.HTML_LIST):
        engine, offers = _beside(page, page_url, content_type, headers or {})
    return Look(engine=engine, here=here, to_fetch=offers, problem=problem)


def choose(found: Look, fetched: Mapping[str, Listing | SourceError]) -> tuple[Candidate, ...]:
    """What can be a source, the best first; `fetched` by address.

    Where it is empty, `found.problem` says why.
    """
    read = [
        Candidate(kind=each.kind, url=each.url, config=each.config, listing=listing)
        for each in found.to_fetch
        if isinstance(listing := fetched.get(each.url), Listing) and _has_any(listing)
    ]
    if found.here is None:
        return tuple(read)
    shown = found.here.listing
    whole = [each for each in read if _stands_for(each.listing, shown)]
    return (*whole, found.here, *(each for each in read if each not in whole))


def _has_any(listing: Listing) -> bool:
    return bool(listing.articles or listing.parts)


def _stands_for(feed: Listing | None, page: Listing | None) -> bool:
    """Whether feed and page share most of what the shorter of them lists."""
    if feed is None or page is None:
        return False
    known = [_marks(article) for article in feed.articles]
    shown = [_marks(article) for article in page.articles]
    shared = sum(any(marks & other for other in known) for marks in shown)
    return shared >= _MOST_SHARED * max(1, min(len(known), len(shown)))


def _marks(article: NewArticle) -> set[str]:
    address = article.url.partition("://")[2].removeprefix("www.")
    return {address, fold(article.title), article.entry_id or address}


def _beside(
    page: bytes, page_url: str, content_type: str, headers: Mapping[str, str]
) -> tuple[str, tuple[Candidate, ...]]:
    """The engine in words, and what it or the page offers beside itself."""
    try:
        text = decode(page, content_type)
        root = read_html(text)
    except SourceError:
        return "", ()
    engine = _engine(root, text, headers)
    offers = _offers(root, page_url, engine)
    return _ENGINES.get(engine, ""), tuple(offers)[:MOST_FETCHED]


def _engine(root: Element, text: str, headers: Mapping[str, str]) -> str:
    names = {name.lower() for name in headers}
    if "liferay-portal" in names or "Liferay.authToken" in text or "p_p_id=" in text:
        return "liferay"
    return html_list.engine_of(root)


def _offers(root: Element, page_url: str, engine: str) -> Iterator[Candidate]:
    """Each once, the surest first."""
    base = base_of(root, page_url)
    seen = {page_url}
    for kind, address in (
        *_linked_feeds(root),
        *_usual_places(root, page_url, engine),
        *_links_to_feeds(root, base),
    ):
        url = whole_url(address, base)
        if url and url not in seen:
            seen.add(url)
            yield Candidate(kind=kind, url=url, config={})


def _linked_feeds(root: Element) -> Iterator[tuple[SourceKind, str]]:
    for link in select(root, "link[rel=alternate][href]"):
        address, title = link.get("href", ""), fold(link.get("title", ""))
        is_feed = link.get("type", "").lower() in (*FEED_TYPES, *_JSON_FEED)
        is_other = "wp-json" in address or any(words in title for words in _OF_COMMENTS)
        if is_feed and not is_other:
            yield SourceKind.FEED, address


def _usual_places(root: Element, page_url: str, engine: str) -> Iterator[tuple[SourceKind, str]]:
    """Where an engine has its feeds though its page does not say so."""
    for link in select(root, "link[rel='https://api.w.org/'][href]"):
        yield SourceKind.WORDPRESS, wordpress.posts_address(link.get("href", ""))
    if engine == "wordpress":
        yield SourceKind.FEED, "/feed/"
    if engine == "nukeviet":  # /vi/news/rss/ of a module, /vi/news/rss/tin-tuc/ of a category
        language, module, category = (urlsplit(page_url).path.strip("/").split("/") + [""] * 3)[:3]
        if len(language) != 2:  # noqa: PLR2004 - vi, en: a portal in one language may leave it out
            language, module, category = "", language, module
        place = "/".join(filter(None, ("", language, module or "news")))
        if category and "." not in category:
            yield SourceKind.FEED, f"/{place}/rss/{category}/"
        yield SourceKind.FEED, f"/{place}/rss/"


def _links_to_feeds(root: Element, base: str) -> Iterator[tuple[SourceKind, str]]:
    """Links that call themselves RSS, on the page's own host."""
    for link in select(root, "a[href]"):
        address = link.get("href", "")
        says_so = fold(text_of(link) or link.get("title", "")) == "rss"
        looks_so = any(piece in address.lower() for piece in _FEED_LIKE)
        if (says_so or looks_so) and same_host(whole_url(address, base), base):
            yield SourceKind.FEED, address

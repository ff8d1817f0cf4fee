"""A page with a Liferay Asset Publisher, 6.2 to 7.4 → the articles it lists. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from jobs.article_lines import is_label
from jobs.identity import canonical_url, entry_id_in
from jobs.markup.decoding import decode
from jobs.markup.links import base_of, next_address
from jobs.markup.tree import Element, classes, cut, first, is_unseen, read_html, select, text_of
from jobs.source_errors import NoArticleList, NoArticles
from jobs.sources.blocks import (
    LONGEST_TITLE,
    MOST_ARTICLES,
    MOST_LINKS,
    Listed,
    Marks,
    article_of,
    box_of,
    is_around,
    longest,
    outermost,
    title_of_links,
    urls_in,
    without_repeats,
)
from jobs.sources.listing import NO_CONFIG, Config, Listing
from storage.records import NewArticle

# the display styles of the Asset Publisher, the richest first: what holds one article
# (asset_publisher/display/*.jsp in 6.2, asset-publisher-web view_asset_entr*.jsp in 7.x)
_VIEWS = (
    ".asset-abstract",
    "ul.title-list > li.title-list, .portlet-asset-publisher ul.list-group > li.list-group-item",
    ".portlet-asset-publisher table tr",
    ".asset-full-content",  # of several articles in full, one below the other
)
_TITLES = (".asset-title", ".list-group-title", ".component-title", "h1, h2, h3, h4, h5, .title")
_MARKS = Marks(
    dates=(
        ".metadata-publish-date",
        ".date-info",
        ".list-group-subtitle",
        "time",
        ".asset-metadata",
    ),
    leads=(".asset-summary", ".summary, .sapo, .description, .tom-tat, .mo-ta, p"),
    images=(".asset-small-image img", "img.asset-small-image"),
)
_PATH = re.compile(  # friendly-url-routes.xml of the Asset Publisher, and display pages
    r"/-/asset_publisher/[^/]+/(?:content|document|blog)/[^/]|/-/(?!asset_publisher|rss|login)[^/.]+/?$"
    r"|/w/[^/]+/?$|/-/(?:details|journal_content)/.",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?:^|[&_])assetEntryId=\d|[&=_]56_INSTANCE_", re.IGNORECASE)
_ENTRY_ELEMENT = re.compile(r"_.+_INSTANCE_[^_]+_(\d+)")
_NARROW = re.compile(r"col-(?:xs|sm|md|lg)-[1-4]|span[1-4]|aui-w(?:20|25|30|33)")
_PAGER = ".taglib-page-iterator a, .lfr-pagination a, .pagination a, .pager a, .page-links a"


def parse(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,
) -> Listing:
    """`config`: portlet, the instance id of the only one to read. Raises SourceError."""
    root = read_html(decode(page, content_type))
    portlet = str(config.get("portlet", ""))
    return listing_in(root, page_url, now=now, portlet=portlet)


def listing_in(root: Element, page_url: str, *, now: datetime, portlet: str = "") -> Listing:
    """Raises NoArticles where the publisher itself says that it has none, else NoArticleList."""
    base = base_of(root, page_url)
    chosen = _chosen(root, portlet)
    listed = views_in(chosen, base) or list(_by_link(chosen, base))
    found = without_repeats(_article(one, base, now) for one in listed[:MOST_ARTICLES])
    if not found:
        publishers = select(chosen, ".portlet-asset-publisher")
        says_empty = any(select(box, ".alert, .portlet-msg-info") for box in publishers)
        raise NoArticles if says_empty else NoArticleList
    return Listing(articles=tuple(found), next_page=next_address(chosen, base, _PAGER))


def portlets_in(root: Element) -> dict[str, str]:
    """The publishers on a page: instance id and what each is called, for one to be chosen."""
    named: dict[str, str] = {}
    for box in select(root, ".portlet-asset-publisher"):
        if found := re.search(r"_INSTANCE_([A-Za-z0-9]+)", box.get("id", "")):
            title = first(box, ".portlet-title-text, .portlet-title")
            named.setdefault(found[1], text_of(title) if title is not None else "")
    return named


def _chosen(root: Element, portlet: str) -> Element:
    """The named portlet, else the whole page. Raises NoArticleList where it has gone."""
    if not portlet:
        return root
    for box in select(root, ".portlet-boundary"):
        if f"_INSTANCE_{portlet}" in box.get("id", ""):
            return box
    raise NoArticleList("Khung tin đã chọn không còn trên trang.")


def views_in(root: Element, base: str) -> list[Listed]:
    """Of each portlet's richest view; a poorer one in a narrow column is a sidebar."""
    found: dict[Element, Listed] = {}
    taken: set[Element | None] = set()
    for css in _VIEWS:
        boxes = outermost(box for box in select(root, css)[:MOST_ARTICLES] if not is_around(box))
        here: set[Element | None] = set()
        for box in boxes:
            portlet = _portlet_of(box)
            if portlet in taken or (taken and _is_narrow(box)):
                continue
            one = Listed(box=box, url=_link(box, base), title=_title(box))
            if one.url and one.title:
                found[box] = one
                here.add(portlet)
        taken |= here
    return [found[box] for box in select(root, ", ".join(_VIEWS)) if box in found]


def _is_narrow(box: Element) -> bool:
    return any(
        _NARROW.fullmatch(name) for around in box.iterancestors() for name in classes(around)
    )


def _link(box: Element, base: str) -> str:
    """The link of an article's shape, else the title's, else the first that leads anywhere."""
    links = [link for link in select(box, "a[href]") if not is_unseen(link)]
    titled = [link for css in _TITLES for title in select(box, css) for link in _links_of(title)]
    urls = [canonical_url(link.get("href", ""), base) for link in (*titled, *links)]
    return next(filter(is_article_address, urls), next(filter(None, urls), ""))


def _links_of(title: Element) -> list[Element]:
    return [title] if title.tag == "a" and "href" in title.attrib else select(title, "a[href]")


def is_article_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_PATH.search(parts.path) or _QUERY.search(parts.query))


def _title(box: Element) -> str:
    for css in _TITLES:
        texts = (text_of(title) for title in select(box, css))
        if text := next((text for text in texts if text and not is_label(text)), ""):
            return cut(text, LONGEST_TITLE)
    return cut(longest(select(box, "a[href]")), LONGEST_TITLE)


def _by_link(root: Element, base: str) -> Iterator[Listed]:
    """For themes with markup of their own: the links to articles in the fullest portlet."""
    main = first(root, "[role=main], main, #main-content")
    by_portlet: dict[Element | None, dict[str, list[Element]]] = defaultdict(
        lambda: defaultdict(list)
    )
    here = canonical_url(base)
    for link in select(root if main is None else main, "a[href]")[:MOST_LINKS]:
        url = canonical_url(link.get("href", ""), base)
        if url != here and is_article_address(url) and not is_unseen(link) and not is_around(link):
            by_portlet[_portlet_of(link)][url].append(link)
    fullest = max(by_portlet.values(), key=len, default={})
    shared = urls_in(fullest)
    for url, links in fullest.items():
        box = box_of(links[0], shared)
        if title := title_of_links(box, links):
            yield Listed(box=box, url=url, title=title)


def _portlet_of(element: Element) -> Element | None:
    around = element.iterancestors()
    return next((box for box in around if "portlet-boundary" in classes(box)), None)


def _article(one: Listed, base: str, now: datetime) -> NewArticle:
    return replace(
        article_of(one, base, _MARKS, now=now),
        entry_id=_entry_id(one),
        categories=_categories(one.box),
    )


def _entry_id(one: Listed) -> str:
    for element in (one.box, *select(one.box, "[id]")):
        name = element.get("id", "")
        if name.isdecimal() and {"asset-anchor", "lfr-asset-anchor"} & classes(element):
            return name
        if found := _ENTRY_ELEMENT.fullmatch(name):
            return found[1]
    return entry_id_in(one.url)


def _categories(box: Element) -> tuple[str, ...]:
    links = select(box, ".asset-category, .asset-categories a, .taglib-asset-categories-summary a")
    return tuple(dict.fromkeys(filter(None, map(text_of, links))))

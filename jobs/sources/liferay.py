"""A page with a Liferay Asset Publisher, 6.2 to 7.4 → the articles it lists. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jobs.article_lines import is_label, uncut
from jobs.identity import canonical_url, entry_id_in
from jobs.markup.decoding import decode
from jobs.markup.links import base_of
from jobs.markup.tree import (
    Element,
    classes,
    cut,
    first,
    is_unseen,
    read_html,
    select,
    text_of,
)
from jobs.source_errors import NoArticleList, NoArticles
from jobs.text import clean, fold
from jobs.vietnamese_date import PublishedDate, is_only_date, parse_date
from storage.records import NewArticle, Precision

LONGEST_TITLE = 300  # characters
MOST_ARTICLES = 500  # on one page
MOST_PARTS = 40  # of one article, looked at for a date
MOST_LINKS = 3000  # looked at on one page
# the display styles of the Asset Publisher, the richest first: what holds one article
# (asset_publisher/display/*.jsp in 6.2, asset-publisher-web view_asset_entr*.jsp in 7.x)
_VIEWS = (
    ".asset-abstract",
    "ul.title-list > li.title-list, .portlet-asset-publisher ul.list-group > li.list-group-item",
    ".portlet-asset-publisher table tr",
)
_TITLES = (".asset-title", ".list-group-title", ".component-title", "h1, h2, h3, h4, h5, .title")
_DATES = (
    ".metadata-publish-date",
    ".date-info",
    ".list-group-subtitle",
    "time",
    ".asset-metadata",
)
_MAYBE_DATES = "td, i, em, small, span, p, div"
_LEADS = (".asset-summary", ".summary, .sapo, .description, .tom-tat, .mo-ta, p")
_PATH = re.compile(  # friendly-url-routes.xml of the Asset Publisher, and display pages
    r"/-/asset_publisher/[^/]+/(?:content|document|blog)/[^/]|/-/(?!asset_publisher|rss|login)[^/.]+/?$"
    r"|/w/[^/]+/?$|/-/(?:details|journal_content)/.",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?:^|[&_])assetEntryId=\d|[&=_]56_INSTANCE_", re.IGNORECASE)
_MORE = re.compile(r"(?:(?:doc|xem) (?:tiep|them|chi tiet)|chi tiet|read more|more|ve)(?: .*)?|")
_MORE_AT_END = re.compile(r"\s*(?:Đọc tiếp|Xem tiếp|Xem thêm|Xem chi tiết|Chi tiết)?\s*[»>]*$")
_AROUND_TAGS = frozenset({"aside", "nav", "footer", "header"})
_AROUND = re.compile(
    r"side-?bar.*|tin-?(?:moi|khac|lien-?quan)|.*lien-?quan|related.*|.*(?:xem|doc)-?nhieu|navbar.*|menu.*"
    r"|breadcrumbs?|footer|banner|counter|quang-?cao.*|taglib-page-iterator|pagination|(?:taglib-)?asset-links",
    re.IGNORECASE,
)
_ENTRY_ELEMENT = re.compile(r"_.+_INSTANCE_[^_]+_(\d+)")
_THEME_IMAGE = re.compile(r"/(?:themes?|icons?|o)/|icon|logo", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What holds one article of a list, and what its link and title are."""

    box: Element
    url: str
    title: str


def parse(
    page: bytes, page_url: str, *, now: datetime, content_type: str = ""
) -> list[NewArticle]:
    """Articles in the page's order. Raises SourceError."""
    return articles_in(read_html(decode(page, content_type)), page_url, now=now)


def articles_in(root: Element, page_url: str, *, now: datetime) -> list[NewArticle]:
    """Raises NoArticles where the publisher itself says that it has none, else NoArticleList."""
    base = base_of(root, page_url)
    listed = views_in(root, base) or list(_by_link(root, base))
    found = _without_repeats(_article(one, base, now) for one in listed[:MOST_ARTICLES])
    if not found:
        publishers = select(root, ".portlet-asset-publisher")
        says_empty = any(select(box, ".alert, .portlet-msg-info") for box in publishers)
        raise NoArticles if says_empty else NoArticleList
    return found


def views_in(root: Element, base: str) -> list[_Listed]:
    """The articles of the page's richest view; a poorer view beside it is a sidebar."""
    for css in _VIEWS:
        boxes = _outermost(box for box in select(root, css)[:MOST_ARTICLES] if not _is_around(box))
        listed = [_Listed(box=box, url=_link(box, base), title=_title(box)) for box in boxes]
        if usable := [one for one in listed if one.url and one.title]:
            return usable
    return []


def _outermost(boxes: Iterable[Element]) -> list[Element]:
    """A list in an article of a list is none; a page left unclosed would nest all of them."""
    found: dict[Element, None] = {}
    for box in boxes:
        if not any(around in found for around in box.iterancestors()):
            found[box] = None
    return list(found)


def _is_around(element: Element) -> bool:
    """Whether it stands beside the list: in a menu, a sidebar, a footer."""
    return any(
        around.tag in _AROUND_TAGS
        or any(map(_AROUND.fullmatch, (*classes(around), around.get("id", ""))))
        for around in (element, *element.iterancestors())
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
    return cut(_longest(select(box, "a[href]")), LONGEST_TITLE)


def _longest(links: Iterable[Element]) -> str:
    """The fullest text of links to one article that is not "read more"."""
    texts = (text_of(link) for link in links if not is_unseen(link))
    return max((text for text in texts if not _MORE.fullmatch(fold(text))), key=len, default="")


def _by_link(root: Element, base: str) -> Iterator[_Listed]:
    """For themes with markup of their own: the links to articles in the fullest portlet."""
    main = first(root, "[role=main], main, #main-content")
    by_portlet: dict[Element | None, dict[str, list[Element]]] = defaultdict(
        lambda: defaultdict(list)
    )
    here = canonical_url(base)
    for link in select(root if main is None else main, "a[href]")[:MOST_LINKS]:
        url = canonical_url(link.get("href", ""), base)
        if (
            url != here
            and is_article_address(url)
            and not is_unseen(link)
            and not _is_around(link)
        ):
            by_portlet[_portlet_of(link)][url].append(link)
    fullest = max(by_portlet.values(), key=len, default={})
    shared = _urls_in(fullest)
    for url, links in fullest.items():
        box = _box(links[0], shared)
        if title := _title_of_links(box, links):
            yield _Listed(box=box, url=url, title=cut(title, LONGEST_TITLE))


def _portlet_of(link: Element) -> Element | None:
    return next((box for box in link.iterancestors() if "portlet-boundary" in classes(box)), None)


def _urls_in(links: dict[str, list[Element]]) -> dict[Element, set[str]]:
    """For what holds links: which articles they lead to."""
    found: dict[Element, set[str]] = defaultdict(set)
    for url, elements in links.items():
        for element in elements:
            for around in element.iterancestors():
                found[around].add(url)
    return found


def _box(link: Element, shared: dict[Element, set[str]]) -> Element:
    """The widest element around the link that is about its article alone."""
    box = link
    for around in link.iterancestors():
        if (
            len(shared[around]) > 1
            or around.tag in ("body", "main")
            or "portlet-boundary" in classes(around)
        ):
            break
        box = around
    return box


def _title_of_links(box: Element, links: list[Element]) -> str:
    for holder in (*links, box):
        headings = (
            text_of(heading)
            for heading in select(holder, "h1, h2, h3, h4, h5, .asset-title, .title")
        )
        if text := next((text for text in headings if text and not is_label(text)), ""):
            return text
    told = (link.get("title", "") for link in links)
    return _longest(links) or next(filter(None, map(clean, told)), "")


def _article(one: _Listed, base: str, now: datetime) -> NewArticle:
    date = next(_dates(one, now), None)
    return NewArticle(
        title=one.title,
        url=one.url,
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        lead=uncut(_lead(one)),
        entry_id=_entry_id(one),
        image_url=_image(one.box, base),
        categories=_categories(one.box),
    )


def _dates(one: _Listed, now: datetime) -> Iterator[PublishedDate]:
    sure = [date for css in _DATES for date in select(one.box, css)]
    texts = [date.get("datetime") or text_of(date) for date in sure]
    maybe = [text_of(element) for element in select(one.box, _MAYBE_DATES)[:MOST_PARTS]]
    rest = text_of(one.box).replace(one.title, " ")
    for text in (*texts, *filter(is_only_date, maybe), *filter(is_only_date, [rest])):
        if date := parse_date(text, now=now):
            yield date


def _lead(one: _Listed) -> str:
    for css in _LEADS:
        for element in select(one.box, css):
            text = _MORE_AT_END.sub("", text_of(element, _is_beside_lead))
            if text and fold(text) != fold(one.title) and not is_only_date(text):
                return text
    return ""


def _is_beside_lead(element: Element) -> bool:
    if is_unseen(element) or classes(element) & {"asset-small-image", "asset-more"}:
        return True
    return element.tag == "a" and bool(_MORE.fullmatch(fold(text_of(element))))


def _entry_id(one: _Listed) -> str:
    for element in (one.box, *select(one.box, "[id]")):
        name = element.get("id", "")
        if name.isdecimal() and {"asset-anchor", "lfr-asset-anchor"} & classes(element):
            return name
        if found := _ENTRY_ELEMENT.fullmatch(name):
            return found[1]
    return entry_id_in(one.url)


def _image(box: Element, base: str) -> str:
    shown = select(box, ".asset-small-image img[src], img.asset-small-image[src]")
    others = (
        image for image in select(box, "img[src]") if not _THEME_IMAGE.search(image.get("src", ""))
    )
    urls = (canonical_url(image.get("src", ""), base) for image in (*shown, *others))
    return next(filter(None, urls), "")


def _categories(box: Element) -> tuple[str, ...]:
    links = select(box, ".asset-category, .asset-categories a, .taglib-asset-categories-summary a")
    return tuple(dict.fromkeys(filter(None, map(text_of, links))))


def _without_repeats(articles: Iterable[NewArticle]) -> list[NewArticle]:
    """A page may list one article in two portlets, and so under two addresses."""
    seen: set[str] = set()
    kept = []
    for article in articles:
        slug = urlsplit(article.url).path.rstrip("/").rpartition("/")[2]
        keys = {article.url, f"{slug} {fold(article.title)}", article.entry_id or article.url}
        if not keys & seen:
            kept.append(article)
        seen |= keys
    return kept

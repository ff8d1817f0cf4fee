"""Any list page, read by rules: an engine's, a source's own, or none → its articles. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from jobs.identity import canonical_url, whole_url
from jobs.markup.decoding import decode
from jobs.markup.linked_data import PUBLISHED_TIMES
from jobs.markup.links import base_of, next_address, same_host
from jobs.markup.tree import Element, cut, first, is_unseen, read_html, select, text_of
from jobs.source_errors import NoArticleList
from jobs.sources.blocks import (
    LONGEST_TITLE,
    MOST_ARTICLES,
    MOST_LINKS,
    Listed,
    Marks,
    article_of,
    boxes_of,
    is_around,
    outermost,
    title_of_links,
    urls_in,
    without_repeats,
)
from jobs.sources.listing import NO_CONFIG, Config, Listing
from jobs.sources.rules import READY, Rules, rules_of
from jobs.text import fold
from storage.records import NewArticle

FEWEST_ARTICLES = 2  # that make a list where no rule of its own says so
_FEWEST_WORDS = 4  # of a title that nothing marks as one
_FEWEST_LETTERS = 15
_MOST_LEVELS = 12  # of markup between a link and what holds its list
_NO_ARTICLE = (".jpg", ".jpeg", ".png", ".gif", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip")
_Links = dict[str, list[Element]]


def parse(
    page: bytes,
    page_url: str,
    *,
    now: datetime,
    content_type: str = "",
    config: Config = NO_CONFIG,
) -> Listing:
    """`config`: rules, the name of a ready set or selectors by name. Raises SourceError."""
    root = read_html(decode(page, content_type))
    return listing_in(root, page_url, now=now, config=config)


def listing_in(
    root: Element, page_url: str, *, now: datetime, config: Config = NO_CONFIG
) -> Listing:
    """Without rules the engine's own are tried, then the general ones. Raises SourceError."""
    told = config.get("rules")
    if told:
        own = not isinstance(told, str)
        return _listing(root, page_url, rules_of(told), now=now, is_own=own)
    best, _ = best_rules(root, page_url, now=now)
    return best


def best_rules(root: Element, page_url: str, *, now: datetime) -> tuple[Listing, str]:
    """The ready set that reads most of the page, and its name. Raises NoArticleList."""
    for name in (engine_of(root), "general"):
        try:
            if name:
                return _listing(root, page_url, READY[name], now=now, is_own=False), name
        except NoArticleList:
            continue
    raise NoArticleList


def engine_of(root: Element) -> str:
    """The ready set for the engine that made the page; nothing for one that is not known."""
    metas = select(root, "meta[name=generator], meta[name=GENERATOR], meta[name=Generator]")
    generator = " ".join(meta.get("content", "") for meta in metas).lower()
    if "nukeviet" in generator or select(root, ".news_column, a[href*='nukeviet.vn']"):
        return "nukeviet"
    if select(root, "[class*=tandan-]"):
        return "tandan"
    if "wordpress" in generator or select(root, "link[href*='/wp-content/'], link[href*=wp-json]"):
        return "wordpress"
    return ""


def _listing(
    root: Element, page_url: str, rules: Rules, *, now: datetime, is_own: bool
) -> Listing:
    base = base_of(root, page_url)
    dropped = frozenset(element for css in rules.drop for element in select(root, css))
    page = _Page(root, base, rules, dropped, is_own=is_own)
    marks = Marks(
        dates=_dates(rules, is_own=is_own),
        leads=[rules.summary] if rules.summary else (),
        images=[rules.image] if rules.image else (),
    )
    listed = page.by_item() if rules.item else page.by_link()
    found = without_repeats(
        article_of(one, base, marks, now=now) for one in listed[:MOST_ARTICLES]
    )
    if len(found) < (1 if is_own else FEWEST_ARTICLES):
        raise NoArticleList
    return Listing(articles=tuple(_marked(found)), next_page=_next(root, base, rules, is_own))


def _dates(rules: Rules, *, is_own: bool) -> list[str]:
    """What machines are told is finer than what is shown; a source's own rule goes before."""
    told = [rules.date] if rules.date else []
    return [*told, PUBLISHED_TIMES] if is_own else [PUBLISHED_TIMES, *told]


def _next(root: Element, base: str, rules: Rules, is_own: bool) -> str:
    url = next_address(root, base, rules.next or READY["general"].next)
    if url or not (is_own and rules.next):
        return url
    named = first(root, rules.next)
    return whole_url(named.get("href", ""), base) if named is not None else ""


def _marked(articles: Iterable[NewArticle]) -> Iterator[NewArticle]:
    for article in articles:
        yield replace(article, title=cut(article.title, LONGEST_TITLE))


class _Page:
    def __init__(
        self, root: Element, base: str, rules: Rules, dropped: frozenset[Element], *, is_own: bool
    ) -> None:
        self._root = root
        self._base = base
        self._here = canonical_url(base)
        self._rules = rules
        self._dropped = dropped
        self._is_own = is_own

    def by_item(self) -> list[Listed]:
        """What the rule for an article finds."""
        boxes = outermost(select(self._root, self._rules.item)[:MOST_ARTICLES])
        found = (self._listed(box) for box in boxes if not self._is_out(box))
        return [one for one in found if one]

    def _listed(self, box: Element) -> Listed | None:
        links = self._links_in(box)
        found = (
            Listed(box=box, url=url, title=self._title(box, same))
            for url, same in self._by_url(links).items()
        )
        return next((one for one in found if one.title), None)

    def _title(self, box: Element, links: list[Element]) -> str:
        told = select(box, self._rules.title) if self._rules.title else []
        return next(filter(None, map(text_of, told)), "") or title_of_links(box, links)

    def _links_in(self, box: Element) -> list[Element]:
        own = [box] if box.tag == "a" and "href" in box.attrib else []
        if self._rules.link and (named := select(box, self._rules.link)):
            return named
        return own or select(box, "a[href]")

    def by_link(self) -> list[Listed]:
        """What the links to articles stand in: those named by the rule, else the likely ones."""
        if self._rules.link:
            links = self._by_url(
                link for link in select(self._root, self._rules.link) if not self._is_out(link)
            )
        else:
            links = self._likely()
        everything = self._by_url(select(self._root, "a[href]")[:MOST_LINKS])
        shared = urls_in({url: everything.get(url, same) for url, same in links.items()})
        boxes = {url: boxes_of(same, shared) for url, same in links.items()}
        found = (
            Listed(
                box=boxes[url][0],
                url=url,
                title=self._title(boxes[url][0], same),
                elsewhere=tuple(boxes[url][1:]),
            )
            for url, same in links.items()
        )
        return [one for one in found if one.title]

    def _by_url(self, links: Iterable[Element]) -> _Links:
        found: _Links = defaultdict(list)
        for link in links:
            url = canonical_url(link.get("href", ""), self._base)
            if url and url != self._here and same_host(url, self._base) and _leads_in(url):
                found[url].append(link)
        return found

    def _is_out(self, element: Element) -> bool:
        around = (element, *element.iterancestors())
        if any(each in self._dropped for each in around):
            return True
        return not self._is_own and (is_around(element) or any(map(is_unseen, around)))

    def _likely(self) -> _Links:
        """The links of the fullest list on the page whose texts read like titles."""
        titled: _Links = defaultdict(list)
        for link in select(self._root, "a[href]")[:MOST_LINKS]:
            if _reads_like_title(link) and not self._is_out(link):
                titled[canonical_url(link.get("href", ""), self._base)].append(link)
        links = {url: same for url, same in titled.items() if url in self._by_url(same)}
        holders = urls_in(links)
        lists: dict[Element, _Links] = defaultdict(dict)
        for url, same in links.items():
            lists[_holder(same[0], holders)][url] = same
        return max(lists.values(), key=_weight, default={})


def _leads_in(url: str) -> bool:
    """Not to a file, nor to the start page."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query) and not parts.path.lower().endswith(
        _NO_ARTICLE
    )


def _reads_like_title(link: Element) -> bool:
    heading = first(link, "h1, h2, h3, h4, h5, h6")
    text = text_of(heading if heading is not None else link) or link.get("title", "")
    return len(text) >= _FEWEST_LETTERS and len(fold(text).split()) >= _FEWEST_WORDS


def _holder(link: Element, holders: dict[Element, set[str]]) -> Element:
    """The nearest element around that holds a list: three articles or more."""
    for level, around in enumerate(link.iterancestors()):
        if len(holders[around]) > FEWEST_ARTICLES or level == _MOST_LEVELS:
            return around
    return link


def _weight(links: _Links) -> int:
    return sum(min(len(text_of(same[0])), LONGEST_TITLE) for same in links.values())

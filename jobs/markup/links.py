"""Where a page says it lives, and what its links start from. Pure."""

import re
from urllib.parse import urljoin, urlsplit

from jobs.markup.tree import Element, classes, first, select, text_of
from jobs.text import fold

_NEXT = re.compile(
    r"(?:trang )?(?:sau|tiep(?: theo)?|ke(?: tiep)?)|next(?: page)?|older(?: posts)?"
    r"|(?:cac )?(?:bai|tin)(?: viet)? cu(?: hon)?"
)
_LAST_SIGNS = frozenset({"»", "›", ">", "→", "&raquo;"})
_TEXT_PAGER = (
    ".taglib-page-iterator a, .lfr-pagination a, .page-links a, .pagination a, .post-page-numbers"
)
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


def declared_address(root: Element) -> str:
    """The page's own canonical address, as written."""
    link = first(root, "link[rel=canonical][href]")
    if link is not None:
        return link.get("href", "").strip()
    meta = first(root, "meta[property='og:url'][content]")
    return meta.get("content", "").strip() if meta is not None else ""


def base_of(root: Element, page_url: str) -> str:
    """What relative links start from; a <base> on another host is a trap and not followed."""
    page_url = page_url or declared_address(root)
    base = first(root, "base[href]")
    if base is None:
        return page_url
    try:
        declared = urljoin(page_url, base.get("href", "").strip())
    except ValueError:
        return page_url
    return declared if same_host(declared, page_url) else page_url


def same_host(one: str, other: str) -> bool:
    try:
        hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    except ValueError:
        return False
    return bool(hosts[0]) and hosts[0] == hosts[1]


def next_address(root: Element, base: str, pager: str, *, is_list: bool = True) -> str:
    """Where a list or a text goes on: as the page says, else by "2" or "next" in its pager.

    What an article's page calls next is another article.
    """
    for css in ("link[rel=next][href]", "a[rel=next][href]") if is_list else ():
        if (link := first(root, css)) is not None and (url := _address(link, base)):
            return url
    links = [link for link in select(root, pager) if not _is_off(link)]
    said = [(_words_of(link), link) for link in links]
    following = [link for words, link in said if _NEXT.fullmatch(words)]
    after_current = [link for link in links if _follows_current(link)]
    second = [link for words, link in said if words == "2"]
    signs = [link for link in links if text_of(link) in _LAST_SIGNS]
    urls = (_address(link, base) for link in (*following, *after_current, *second, *signs))
    return next(filter(None, urls), "")


def pages_of_text(root: Element, base: str, here: str) -> str:
    """Where a long article goes on: ?page=2 or /2/ of its own address, never another's."""
    url = next_address(root, base, _TEXT_PAGER, is_list=False)
    place, _, rest = url.partition("?")
    own = (here or base).partition("?")[0].rstrip("/")
    if place.rstrip("/") == own:
        return url if re.search(r"(?:page|cur|trang)=\d", rest) else ""
    return url if re.fullmatch(re.escape(own) + r"/(?:page[/-])?\d{1,2}/?", place) else ""


def _words_of(link: Element) -> str:
    """Also those that only a screen reader is told."""
    seen = text_of(link) or link.get("title", "") or link.get("aria-label", "")
    return fold(seen or "".join(map(str, link.itertext())))


def _is_off(link: Element) -> bool:
    parent = link.getparent()
    around = classes(parent) if parent is not None else frozenset()
    return bool((classes(link) | around) & {"disabled", "active", "current"})


def _follows_current(link: Element) -> bool:
    parent = link.getparent()
    before = link.getprevious() if parent is None or parent.tag != "li" else parent.getprevious()
    return before is not None and bool(classes(before) & {"active", "current"})


def _address(link: Element, base: str) -> str:
    """A pager's links may be javascript:; those lead nowhere for us."""
    href = link.get("href", "").strip()
    if not href or href.startswith("#"):
        return ""
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) and same_host(url, base) else ""


def feed_address(root: Element, base: str) -> str:
    """The feed a page offers, whole: its query is its address."""
    for link in select(root, "link[rel=alternate][href]"):
        if link.get("type", "").lower() in FEED_TYPES:
            try:
                return urljoin(base, link.get("href", "").strip())
            except ValueError:
                continue
    return ""

"""Where a page says it lives, and what its links start from. Pure."""

from urllib.parse import urljoin, urlsplit

from jobs.markup.tree import Element, first, select

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


def feed_address(root: Element, base: str) -> str:
    """The feed a page offers, whole: its query is its address."""
    for link in select(root, "link[rel=alternate][href]"):
        if link.get("type", "").lower() in FEED_TYPES:
            try:
                return urljoin(base, link.get("href", "").strip())
            except ValueError:
                continue
    return ""

"""Which articles are the same one. Pure."""

import re
from collections.abc import Collection
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from jobs.text import fold
from jobs.vietnamese_date import VIETNAM
from storage.records import ArticleKey, KeyKind, NewArticle

_NOISE = re.compile(  # names in a query that say where a reader came from, not what he reads
    r"redirect|inheritredirect|.*_redirect|.*_inheritredirect|p_auth|p_p_.*|p_r_p_.*|p_l_back_url.*"
    r"|utm_.*|fbclid|gclid|zarsrc|_ga|jsessionid"
    r"|_.*_instance_.*_(?:cur|delta|keywords|advancedsearch|andoperator|resetcur)",
    re.IGNORECASE,
)
# Liferay: a portlet's own parameters mean nothing without the portlet's id
_OPENS_AN_ARTICLE = re.compile(r"_(.+)_(?:assetEntryId|urlTitle|articleId)")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_WINDOW_STATE = re.compile(
    r"(/-/asset_publisher/.+)/(?:maximized|minimized|normal|pop_up|exclusive)/?$"
)
_UNFIT = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_IN_PATH, _IN_QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=~-._?"
_PORTS = {"http": 80, "https": 443}
_ENTRY_ID = re.compile(
    r"/(?:content|document|blog)/id/(\d+)|[?&](?:_[^=&]*_)?assetEntryId=(\d+)", re.IGNORECASE
)


def canonical_url(url: str, base: str = "") -> str:
    """The address without what changes from visit to visit; nothing where it is no web address."""
    try:
        parts = urlsplit(urljoin(base, _UNFIT.sub("", url)))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return ""
    if ":" in host:
        host = f"[{host}]"
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _WINDOW_STATE.sub(r"\1", _SESSION.sub("", parts.path)) or "/"
    query = quote(_query(parts.query), safe=_IN_QUERY)
    return urlunsplit((parts.scheme, place, _upper(quote(path, safe=_IN_PATH)), _upper(query), ""))


def _upper(escaped: str) -> str:
    return _ESCAPE.sub(lambda match: match[0].upper(), escaped)


def _query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    names = [unquote(pair.split("=", 1)[0]) for pair in pairs]
    portlets = {found[1] for found in map(_OPENS_AN_ARTICLE.fullmatch, names) if found}
    return "&".join(
        pair
        for name, pair in zip(names, pairs, strict=True)
        if not _NOISE.fullmatch(name) or (name == "p_p_id" and pair.split("=", 1)[-1] in portlets)
    )


def entry_id_in(url: str) -> str:
    """Liferay's asset entry id, where the address carries it."""
    found = _ENTRY_ID.search(url)
    return (found[1] or found[2]) if found else ""


def keys_of(article: NewArticle, *, source_id: int) -> tuple[ArticleKey, ...]:
    """All that can show this article again.

    Without a day there is no key of title and day: the same titles come again each week.
    """
    place = _place(article.url)
    guid = canonical_url(article.guid) or article.guid
    values = {
        KeyKind.PORTAL_ID: article.entry_id
        and place
        and f"{place.split('/')[0]}/{article.entry_id}",
        KeyKind.URL: place,
        KeyKind.GUID: guid and f"{source_id}/{guid}",
        KeyKind.TITLE_DAY: _title_day(article, source_id),
    }
    return tuple(ArticleKey(kind=kind, value=value) for kind, value in values.items() if value)


def _place(url: str) -> str:
    """Host and path: http, https and a leading www. lead to the same article."""
    return canonical_url(url).partition("://")[2].removeprefix("www.")


def _title_day(article: NewArticle, source_id: int) -> str:
    title = fold(article.title)
    if article.published_at is None or not title:
        return ""
    return f"{source_id}/{title}/{article.published_at.astimezone(VIETNAM):%Y-%m-%d}"


def same(known: Collection[ArticleKey], seen: Collection[ArticleKey]) -> bool:
    """Whether the keys of an article already known and of one just seen are of one article."""
    shared = {key.kind for key in set(known) & set(seen)}
    if shared - {KeyKind.TITLE_DAY}:
        return True
    return bool(shared) and not any(
        _differ(known, seen, kind) for kind in (KeyKind.PORTAL_ID, KeyKind.GUID)
    )


def _differ(known: Collection[ArticleKey], seen: Collection[ArticleKey], kind: KeyKind) -> bool:
    """Whether both carry ids of the same host or source, and none in common.

    An id that is a web address tells nothing: a portal lists an article under several.
    """
    scopes = [
        {
            key.value.partition("/")[0]
            for key in keys
            if key.kind == kind and "://" not in key.value
        }
        for keys in (known, seen)
    ]
    return bool(scopes[0] & scopes[1])

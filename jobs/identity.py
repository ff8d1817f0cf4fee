"""Which articles are the same one. Pure."""

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from jobs.text import fold
from jobs.vietnamese_date import VIETNAM
from storage.records import Article, ArticleKey, KeyKind, NewArticle

_NOISE = re.compile(  # names in a query that say where a reader came from, not what he reads
    r"redirect|inheritredirect|.*_redirect|.*_inheritredirect|p_auth|p_p_.*|p_r_p_.*|p_l_back_url.*"
    r"|utm_.*|fbclid|gclid|zarsrc|_ga|jsessionid"
    r"|_.*_instance_.*_(?:cur|delta|keywords|advancedsearch|andoperator|resetcur)",
    re.IGNORECASE,
)
LONGEST_URL = 2000  # characters; PostgreSQL has no room for more in an index
_LONGEST_WRITTEN = 8000  # with what says where a reader came from: it may name a whole address
_LONGEST_NAME = 200  # in a query: a longer one is nobody's noise
_LONGEST_KEY = 500  # bytes
_KEY_BEGINS = 100  # characters that stay of a longer one: they tell whose it is
# Liferay: a portlet's own parameters mean nothing without the portlet's id
_OPENS_AN_ARTICLE = re.compile(r"_(.+)_(?:assetEntryId|urlTitle|articleId)")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_PUBLISHER = "/-/asset_publisher/"
_WINDOW_STATE = re.compile(r"/(?:maximized|minimized|normal|pop_up|exclusive)/?$")
_UNFIT = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_IN_PATH, _IN_QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=~-._?"
_PORTS = {"http": 80, "https": 443}
_ENTRY_ID = re.compile(
    r"/(?:content|document|blog)/id/(\d+)|[?&](?:_[^=&?]*_)?assetEntryId=(\d+)", re.IGNORECASE
)


def canonical_url(url: str, base: str = "") -> str:
    """The address without what changes from visit to visit; nothing where it is no web address."""
    if len(url) > _LONGEST_WRITTEN:
        return ""
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
    path = _SESSION.sub("", parts.path) or "/"
    if _PUBLISHER in path:
        path = _WINDOW_STATE.sub("", path)
    query = quote(_query(parts.query), safe=_IN_QUERY)
    whole = (parts.scheme, place, _upper(quote(path, safe=_IN_PATH)), _upper(query), "")
    canonical = urlunsplit(whole)
    return canonical if len(canonical) <= LONGEST_URL else ""


def whole_url(url: str, base: str = "") -> str:
    """As it is told: what means nothing to an article may be what makes a list."""
    if not canonical_url(url, base):
        return ""
    parts = urlsplit(urljoin(base, _UNFIT.sub("", url)))
    whole = parts._replace(
        netloc=parts.netloc.lower(), path=parts.path or "/", fragment=""
    ).geturl()
    return whole if len(whole) <= LONGEST_URL else ""


def _upper(escaped: str) -> str:
    return _ESCAPE.sub(lambda match: match[0].upper(), escaped)


def _query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    names = [unquote(pair.split("=", 1)[0]) for pair in pairs]
    portlets = {found[1] for found in map(_OPENS_AN_ARTICLE.fullmatch, names) if found}
    return "&".join(
        pair
        for name, pair in zip(names, pairs, strict=True)
        if not _is_noise(name) or (name == "p_p_id" and pair.split("=", 1)[-1] in portlets)
    )


def _is_noise(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _NOISE.fullmatch(name) is not None


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
    return tuple(
        ArticleKey(kind=kind, value=_fitting(value)) for kind, value in values.items() if value
    )


def _fitting(value: str) -> str:
    """PostgreSQL refuses what is too long for an index."""
    encoded = value.encode(errors="replace")
    if len(encoded) <= _LONGEST_KEY:
        return value
    return f"{value[:_KEY_BEGINS]}#{hashlib.sha256(encoded).hexdigest()}"


def _place(url: str) -> str:
    """Host and path: http, https and a leading www. lead to the same article."""
    return canonical_url(url).partition("://")[2].removeprefix("www.")


def _title_day(article: NewArticle, source_id: int) -> str:
    title, day = fold(article.title), day_of(article.published_at)
    return f"{source_id}/{title}/{day}" if title and day else ""


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


def same_again(
    known: Article,
    known_keys: Collection[ArticleKey],
    seen: NewArticle,
    seen_keys: Collection[ArticleKey],
    *,
    has_moved: bool,
) -> bool:
    """Whether an article that vanished from a list came back at once in another guise.

    A feed whose addresses change at each visit, or a portal that renamed its paths, gave new
    ids and new dates (`has_moved`: most of the list comes again so): the title alone tells.
    """
    title = fold(seen.title)
    if not title or fold(known.title) != title:
        return False
    days = {day_of(known.published_at), day_of(seen.published_at)}
    if has_moved:
        return True
    if "" not in days:
        return len(days) == 1
    return not any(
        _differ(known_keys, seen_keys, kind) for kind in (KeyKind.PORTAL_ID, KeyKind.GUID)
    )


def day_of(published_at: datetime | None) -> str:
    """2026-11-12, in Viet Nam; "" when it is not known."""
    return f"{published_at.astimezone(VIETNAM):%Y-%m-%d}" if published_at else ""


def hash_of_listing(article: NewArticle) -> str:
    """Changes when the list, or the feed itself, says something else of the article."""
    said = (article.title, article.lead, day_of(article.published_at), *article.text)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def hash_of_list(articles: Sequence[NewArticle]) -> str:
    """The same as long as nothing that matters to us has changed on it."""
    said = (
        f"{each.url}\n{each.guid}\n{each.entry_id}\n{hash_of_listing(each)}" for each in articles
    )
    return hashlib.sha256("\n\n".join(said).encode()).hexdigest()

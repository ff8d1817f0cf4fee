"""What stands between us and a page that shows nothing: a cookie wall, scripts. Pure."""

import re

from jobs.markup.decoding import decode
from jobs.markup.tree import Element, first, read_html, select, text_of
from jobs.source_errors import Challenge, NeedsJavaScript, SourceError

_MOST_LETTERS = 600  # that a wall or an empty shell shows
_HEAD = 100_000  # characters looked at
# testcookie, the D1N wall of Vietnamese hosters, Cloudflare, Imperva, Sucuri, captchas
_WALL = re.compile(
    r"slowAES|D1N=|cf-chl|cf_chl"
    r"|challenge-platform|Just a moment|Checking your browser|_Incapsula_|sucuri_cloudproxy"
    r"|g-recaptcha|h-captcha|DDoS protection",
    re.IGNORECASE,
)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=")
_LOADS_AGAIN = re.compile(r"location|reload", re.IGNORECASE)
_WALL_WORDS = re.compile(
    r"xác (?:minh|thực) (?:bạn|trình duyệt|không phải)|không phải (?:là )?(?:người máy|robot)"
    r"|mã (?:xác nhận|captcha)|verify you are (?:a )?human|đang kiểm tra trình duyệt",
    re.IGNORECASE,
)
_SHELLS = "#app, #root, #__next, #__nuxt, app-root, [ng-app], [data-reactroot], [ng-version]"
_ENABLE = re.compile(r"javascript", re.IGNORECASE)
_SCRIPTED = re.compile(r"_afrLoop|_afrWindowMode|__NEXT_DATA__|window\.__NUXT__")


def obstacle_in(page: bytes, content_type: str = "") -> SourceError | None:
    """Challenge or NeedsJavaScript where one shows; for a page in which nothing was found."""
    try:
        text = decode(page, content_type)
        root = read_html(text)
    except SourceError:
        return None
    seen = text_of(root)
    if len(seen) > _MOST_LETTERS:
        return None
    if _WALL.search(text[:_HEAD]) or _WALL_WORDS.search(seen) or _asks_for_cookie(text):
        return Challenge()
    return NeedsJavaScript() if _is_shell(root, text) else None


def _asks_for_cookie(text: str) -> bool:
    """A script that sets one and loads the page again."""
    sets = _SETS_COOKIE.search(text, 0, _HEAD)
    return bool(sets and _LOADS_AGAIN.search(text, sets.end(), _HEAD))


def _is_shell(root: Element, text: str) -> bool:
    if not select(root, "script"):
        return False
    shell = first(root, _SHELLS)
    if shell is not None and not text_of(shell):
        return True
    asks = any(_ENABLE.search("".join(map(str, e.itertext()))) for e in select(root, "noscript"))
    return asks or bool(_SCRIPTED.search(text[:_HEAD])) or not select(root, "a[href]")

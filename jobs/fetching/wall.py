"""Recognises what a site shows instead of a page to whoever is no browser. Pure."""

import re
from typing import Final

from jobs.text import fold

# a page with more is a page, whatever scripts stand in it
_LARGEST_BYTES = 64 * 1024
_MOST_WORDS = 60
_FEW_WORDS = 10

# what those who sell walls put into them
_MARKERS: Final = (
    b"/cdn-cgi/challenge-platform/",  # Cloudflare
    b"cf_chl_opt",
    b"cf-browser-verification",
    b"cf-turnstile",
    b"_incapsula_resource",
    b"sucuri_cloudproxy_js",
    b"ddos-guard",
    b"aws-waf-token",
    b"awswafcookiedomainlist",
    b"/_sec/cp_challenge",  # Akamai
    b"datadome",
    b"px-captcha",
    b"g-recaptcha",
    b"h-captcha",
    b"just a moment...",
    b"checking your browser",
)
_SETS_A_COOKIE = re.compile(rb"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=[^=]")
_LOADS_AGAIN = re.compile(
    rb"location\s*(?:\.\s*(?:reload|replace|assign)\s*\(|(?:\.\s*href)?\s*=[^=])"
    rb"|http-equiv\s*=\s*['\"]?refresh|\.submit\s*\(",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    rb"<(script|style|title|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(rb"<[^>]*>?")


def is_wall(body: bytes, *, refused: bool = False) -> bool:
    """`refused`: it came with 403 or 503, where a marker needs no further proof."""
    if len(body) > _LARGEST_BYTES:
        return False
    lowered = body.lower()
    has_marker = any(marker in lowered for marker in _MARKERS)
    if refused and has_marker:
        return True
    # as `document.cookie="D1N=…";window.location.reload(true)` of many Vietnamese sites
    sets_a_cookie = b"cookie" in lowered and bool(_SETS_A_COOKIE.search(body))
    if not (has_marker or sets_a_cookie):
        return False
    is_sure = has_marker or bool(_LOADS_AGAIN.search(body))
    return len(_words(body)) <= (_MOST_WORDS if is_sure else _FEW_WORDS)


def _words(body: bytes) -> list[str]:
    """What a person would see."""
    seen = _TAG.sub(b" ", _UNSEEN.sub(b" ", body))
    return fold(seen.decode(errors="replace")).split()

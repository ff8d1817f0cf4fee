"""The forms that addresses, tokens and places of listening must have. Pure."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

# without its /bot, the token would become part of the host's name
_API = re.compile(r"https?://\S+/bot")
_HOST = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
_PORT = r":[1-9][0-9]{0,4}"
FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "database_url": re.compile(
        r"sqlite\+aiosqlite:///.*|postgresql\+asyncpg://[^/?#\s]*/[^/?#\s]+(\?\S*)?"
    ),
    # the bot's number and its secret; core.telegram.org/bots/api#authorizing-your-bot, 2026-01
    "telegram_token": re.compile(r"\d+:[\w-]{20,}"),
    "telegram_api_url": _API,
    "telegram_proxy": re.compile(r"(?:https?|socks5h?)://\S+"),
    # 12345689:abc-xyz in the documentation of the Bot Platform, 2026-10; one or several
    "zalo_tokens": re.compile(r"\d+:[\w.~-]+(\s+\d+:[\w.~-]+)*"),
    "zalo_api_url": _API,
    # Zalo posts to public HTTPS alone; plain HTTP is for rehearsals on this machine
    "zalo_webhook_url": re.compile(
        r"(https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?)?"
    ),
    "zalo_webhook_secret": re.compile(r"[!-~]{8,256}"),  # as a header holds it; Zalo's lengths
    "web_listen": re.compile(rf"{_HOST}{_PORT}"),
    "fetch_allowed_hosts": re.compile(rf"\s*({_HOST}{_PORT}(\s+{_HOST}{_PORT})*\s*)?"),
}
_ONLY_FORM: Final = ("telegram_token", "zalo_tokens", "zalo_webhook_secret", "fetch_allowed_hosts")


def account_of(token: str) -> str:
    """Which bot a token opens; may be shown."""
    return token.partition(":")[0]


def has_its_form(name: str, text: str) -> bool:
    """Raises ValueError for a port that cannot be."""
    if not FORMS[name].fullmatch(text):
        return False
    return name in _ONLY_FORM or not text or _leads_somewhere(text)


def _leads_somewhere(text: str) -> bool:
    """Raises ValueError for a port that cannot be."""
    parts = urlsplit(text if "://" in text else f"//{text}")
    may_be_near = "sql" in parts.scheme  # a file has no host, nor has a database's socket
    return parts.port != 0 and (may_be_near or bool(parts.hostname))

"""What went wrong with Zalo, in delivery's words: the one place that knows its codes."""

import re
from datetime import timedelta
from typing import Final

import httpx

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.zalo.answer import Answer
from jobs.messenger import (
    MaybeSent,
    QuotaGone,
    Refused,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)

# Codes and their meaning: the platform's own table, as of 2026-10. 403 is a server error there,
# and nothing at all says that a person blocked the bot: 400 or 404 to one chat may mean it.
_BAD, _UNAUTHORIZED, _SERVER_ERROR, _NOT_FOUND = 400, 401, 403, 404
_TIMEOUT, _CONFLICT, _QUOTA, _GATEWAY_TIMEOUT = 408, 409, 429, 504
_OURS: Final = re.compile(r"\b(text\w*|caption|content|photo|parse_mode|length)\b", re.IGNORECASE)
_CHATS: Final = re.compile(r"\b(chat\w*|user\w*|recipient\w*|group\w*)\b", re.IGNORECASE)
_STYLES: Final = re.compile(r"text_styles|\bstyles?\b", re.IGNORECASE)
_WEBHOOK: Final = re.compile("webhook", re.IGNORECASE)  # nobody documents the whole sentence
_WAIT_WHEN_NOT_TOLD: Final = timedelta(minutes=1)
_QUOTED_OR_ADDRESS: Final = re.compile(r"""(["'“]).*(["'”])|\S+://\S+|\S*\d{6,}:\S+""", re.DOTALL)
_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class StylesRefused(Rejected):
    """The text would be taken without its styles."""


class NotFound(Refused):
    """Error 404; of `getWebhookInfo` it means that there is none."""


class NothingNew(MaybeSent):
    """Error 408; of `getUpdates` it means that nobody wrote."""


def translate(answer: Answer) -> SendError:  # noqa: C901, PLR0911, PLR0912 - one match
    """Of an answer that is no success.

    What is no JSON came from something between, apart from 401: a wrong token may be answered
    with a page.
    """
    match answer.code:
        case int(code) if code == _UNAUTHORIZED:
            return TokenRefused("Zalo refuses the bot's token")
        case int(code) if code == _GATEWAY_TIMEOUT:
            return MaybeSent("a gateway waited in vain for Zalo's answer")
        case _ if answer.is_success_status and not answer.is_zalos:
            return MaybeSent("an answer came that is none of Zalo's")
        case int(code) if code == _QUOTA and not answer.is_zalos:
            return Throttled(_WAIT_WHEN_NOT_TOLD, whole_bot=True)
        case int(code) if not answer.is_zalos:
            return Unreachable(f"not Zalo but something between answered {code}")
        case _ if answer.is_ok:
            return MaybeSent(f"Zalo says ok under HTTP status {answer.status}")
        case int(code) if code == _TIMEOUT:
            return NothingNew("Zalo's time ran out")
        case int(code) if code == _QUOTA:
            return QuotaGone("the month's messages are used up")
        case int(code) if code == _CONFLICT:
            return ReceivedElsewhere("another program receives the updates")
        case int(code) if code in {_BAD, _NOT_FOUND}:
            return _refused(code, answer.description)
        case int(code):
            return Unreachable(f"Zalo answers {code}")
        case _:
            return MaybeSent("Zalo says neither yes nor why not")


def _refused(code: int, description: str) -> SendError:
    said = safe(description)
    if _STYLES.search(said):
        return StylesRefused(said)
    if _OURS.search(said) and not _CHATS.search(said):
        return Rejected(said)
    return NotFound(said) if code == _NOT_FOUND else Refused(said)


def speaks_of_webhook(error: SendError) -> bool:
    return isinstance(error, Refused) and bool(_WEBHOOK.search(str(error)))


def lost(error: Exception) -> SendError:
    """Of a call that brought no answer. The error's own text may hold the token."""
    name = type(error).__name__
    if isinstance(error, UnicodeError):
        return Rejected("the text cannot be written as UTF-8")
    if isinstance(error, _NEVER_LEFT):
        return Unreachable(f"no connection ({name})")
    return MaybeSent(f"no answer came ({name})")


def safe(description: str) -> str:
    """Zalo's reason without what it repeats of ours: quoted text, addresses, tokens."""
    return _QUOTED_OR_ADDRESS.sub("…", description)[:120]

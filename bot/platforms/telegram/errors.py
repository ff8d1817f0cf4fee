"""What went wrong with Telegram, in delivery's words: the one place that knows PTB's errors."""

import re
from datetime import timedelta
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.platforms.errors import MessageGone, ReceivedElsewhere
from bot.platforms.telegram.connector import NeverLeft
from bot.platforms.telegram.request import NoAnswer
from jobs.messenger import (
    ChatGone,
    ChatMoved,
    MaybeSent,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)

# Descriptions are not documented; these are what github.com/tdlib/telegram-bot-api answers
# (Client.cpp, fail_query_with_error) and what tdlib hands through in capitals, 2026-01.
_CHAT_IS_GONE = re.compile(
    r"chat not found|user not found|peer_id_invalid|channel_private|deactivated|was deleted"
    r"|kicked|not a member|blocked|have no rights to send|not enough rights"
    r"|need administrator rights|chat_write_forbidden|chat_restricted|chat_send_\w+_forbidden"
    # a closed or deleted topic: this address (chat and thread) takes no more, others of the
    # same group do
    r"|message thread not found|topic_closed|topic_deleted|topic_id_invalid",
    re.IGNORECASE,
)
# a group that takes texts but no photos or documents: nothing is wrong with the chat
_FILE_IS_FORBIDDEN = re.compile(
    "not enough rights to send (photos|documents)|chat_send_(photos|docs|media)_forbidden",
    re.IGNORECASE,
)
_NOT_MODIFIED = re.compile("message is not modified|message_not_modified", re.IGNORECASE)
_MESSAGE_IS_GONE = re.compile(
    r"message to edit not found|message can't be edited|message_id_invalid"
    r"|message_edit_time_expired|message identifier is not specified"
    r"|there is no text in the message",
    re.IGNORECASE,
)
_WAIT_WHEN_NOT_TOLD: Final = timedelta(seconds=5)


def is_not_modified(error: BadRequest) -> bool:
    return bool(_NOT_MODIFIED.search(error.message))


def translate(error: TelegramError) -> SendError:  # noqa: C901, PLR0911, PLR0912 - one match
    """The order is what matters.

    What says itself what to do comes first. Then: was it Telegram that answered at all? A
    proxy's own 403 page must not make every chat gone. Then the statuses. BadRequest and
    TimedOut are NetworkErrors in PTB, so NetworkError stands behind BadRequest, and only its
    cause tells what never left from what may have arrived.

    PTB's texts may hold the token, the server's whole answer or an address, so none is kept
    as it is: raise the result `from None`.
    """
    match error:
        case ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case RetryAfter():
            # Telegram does not say for whom; limits of one chat (1 a second, 20 a minute in a
            # group) are met far more often than the 30 a second in all, which the pacer keeps.
            # core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, 2026-01
            return Throttled(_wait(error))
        case InvalidToken() | Forbidden() | BadRequest() if error.__cause__ is not None:
            return Unreachable(f"not Telegram but something between answered {_name(error)}")
        case InvalidToken():
            return TokenRefused("Telegram refuses the bot's token")
        case Forbidden() if not _FILE_IS_FORBIDDEN.search(error.message):
            return ChatGone(_safe(error.message))
        case BadRequest() | Forbidden():
            return _refused(error.message)
        case Conflict():
            return ReceivedElsewhere("another program or a webhook receives the updates")
        case NetworkError() if _is_a_status(error):
            return _status(error.message)
        case NetworkError():
            return _lost(error.__cause__)
        case _:
            return MaybeSent("an answer came that is none of Telegram's")


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after  # seconds, or a timedelta with PTB_TIMEDELTA=true
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _refused(message: str) -> SendError:
    if _FILE_IS_FORBIDDEN.search(message):
        return Rejected(_safe(message))
    if _CHAT_IS_GONE.search(message):
        return ChatGone(_safe(message))
    if _MESSAGE_IS_GONE.search(message):
        return MessageGone(_safe(message))
    return Rejected(_safe(message))


def _is_a_status(error: NetworkError) -> bool:
    """Whether an answer came: PTB names no cause then, or its own for what is no JSON."""
    return error.__cause__ is None or isinstance(error.__cause__, TelegramError)


def _status(message: str) -> SendError:
    lowered = message.lower()
    if lowered.startswith("too many requests"):
        return Throttled(_WAIT_WHEN_NOT_TOLD)
    if lowered.startswith(("request entity too large", "content too large")):
        return Rejected("the request is too large")
    if lowered.startswith("gateway timeout"):
        return MaybeSent("a gateway waited in vain for Telegram's answer")
    # 502 and 503 come from the front of Telegram that reached nobody behind it, 500 is ok:false
    # from Telegram itself. That one of them was sent all the same is rare, and for a bulletin a
    # second copy is better than none; as MaybeSent an outage would use up every delivery.
    return Unreachable("Telegram or a proxy answered with a server error")


def _lost(cause: BaseException | None) -> SendError:
    match cause:
        case UnicodeError():
            return Rejected("the text cannot be written as UTF-8")
        case NeverLeft():
            return Unreachable(f"no connection ({cause})")
        case NoAnswer():
            return MaybeSent(f"no answer came ({cause})")
        case _:
            return MaybeSent(f"no answer came ({_name(cause)})")


def _name(error: BaseException | None) -> str:
    return type(error).__name__


_QUOTED_OR_ADDRESS = re.compile(r"""(["'“]).*(["'”])|\S+://\S+|\S*\d{6,}:\S+""", re.DOTALL)


def _safe(description: str) -> str:
    """Telegram's reason without what it repeats of ours: quoted text, addresses, tokens."""
    return _QUOTED_OR_ADDRESS.sub("…", description)[:120]

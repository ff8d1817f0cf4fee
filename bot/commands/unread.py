"""Where there are no buttons: what is answered to words that mean nothing to the bot.

The choices once more, then where help is, then nothing until something is understood: each
message costs the office one of its month.
"""

from collections.abc import Sequence
from typing import Final

from bot.commands.broadcast_buttons import COMMAND, EDIT
from bot.commands.command import Reply, Request
from bot.commands.hint import hint
from bot.commands.numbered import back_of
from bot.commands.open_questions import without_politeness
from bot.commands.wording import contact_line, lines, paragraphs
from jobs.messenger import Button
from jobs.rich_text import plain
from jobs.text import fold
from storage.records import Choice, ChoiceKind

_EDIT_NOTICE: Final = f"{COMMAND}:{EDIT}:"
_COURTESIES: Final = frozenset(
    {
        *("", "cam on", "xin cam on", "cam on nhieu", "cam on ban tin", "thanks"),
        *("da", "vang", "u", "uh", "ok", "oke", "okie", "duoc", "tot", "hay"),
        *("nhan", "da nhan", "nhan roi", "da nhan tin", "da nhan duoc", "ro", "da ro", "ro roi"),
    }
)


def is_courtesy(request: Request) -> bool:
    """Thanks for the news, a thumb up: whoever receives the news expects no answer to it."""
    incoming = request.incoming
    is_words = not (incoming.attachment or incoming.other_media)
    return request.is_subscribed and is_words and _words(incoming.text) in _COURTESIES


def unread(request: Request, choices: Sequence[Choice], misses: int) -> Reply | None:
    """`misses`: how often in a row, with this one. None: nothing is said."""
    match misses:
        case 1:
            return _once_more(request, choices) if choices else hint(request)
        case 2:
            return _help(request)
        case _:
            return None


def _once_more(request: Request, choices: Sequence[Choice]) -> Reply:
    back = back_of(choices)
    return Reply(
        text=plain(f"{_what_happened(request, choices)} Có thể chọn:"),
        buttons=tuple((Button(label=each.label, data=each.data),) for each in choices),
        is_tick_list=any(each.kind is ChoiceKind.TICK for each in choices),
        back=back.data if back else "",
    )


def _what_happened(request: Request, choices: Sequence[Choice]) -> str:
    if not request.incoming.text.strip():
        return "Bản tin chỉ đọc được chữ."
    if any(each.data.startswith(_EDIT_NOTICE) for each in choices):
        return (
            "Chữ vừa gửi chưa được đưa vào thông báo. "
            "Muốn thay nội dung: chọn “Sửa nội dung” rồi gửi lại."
        )
    return "Bản tin chưa hiểu câu này."


def _help(request: Request) -> Reply:
    return Reply(
        text=paragraphs(
            "Bản tin vẫn chưa hiểu.",
            lines("Gửi “trợ giúp” để xem hướng dẫn.", contact_line(request.office)),
        ),
        leaves_question=True,
    )


def _words(text: str) -> str:
    return without_politeness(fold(text))

"""The buttons of a notice, and what they say back: a word, the draft's id, what is wished."""

from typing import NamedTuple

from bot.commands.wording import Rows, button, read_id
from jobs.messenger import Button

COMMAND = "thongbao"

CONTENT = "content"  # said by nobody's button: what the author wrote is the draft's content
SHOW = "show"
AUDIENCE = "to"
URGENCY = "urgent"
TEST = "test"
EDIT = "edit"
KEEP = "keep"  # what it said before
SEND = "send"
SEND_PAID = "pay"
DROP = "drop"
STOP = "stop"
FAILED = "failed"
RESEND = "resend"
PROGRESS = "sent"

YES = "yes"
NO = "no"


class Wish(NamedTuple):
    """What a button says: `verb:id` or `verb:id:value`."""

    verb: str
    broadcast_id: int
    value: str


def read_wish(choice: str) -> Wish:
    """Id 0 when there is none: no broadcast has it."""
    verb, _, rest = choice.partition(":")
    number, _, value = rest.partition(":")
    return Wish(verb, read_id(number), value)


def broadcast_button(label: str, verb: str, broadcast_id: int, value: str = "") -> Button:
    return button(label, COMMAND, ":".join(filter(None, (verb, str(broadcast_id), value))))


def progress_button(broadcast_id: int) -> Rows:
    """Where a message cannot change."""
    return ((broadcast_button("Xem đã gửi đến đâu", PROGRESS, broadcast_id),),)


def status_buttons(
    broadcast_id: int, *, finished: bool, failed: int, may_be_sent: bool = True
) -> Rows:
    """Under the message that shows how a broadcast goes."""
    rows = []
    if not finished:
        rows.append((broadcast_button("Dừng gửi", STOP, broadcast_id),))
    if failed:
        rows.append((broadcast_button("Ai chưa nhận được", FAILED, broadcast_id),))
    if finished and failed and may_be_sent:
        rows.append((broadcast_button("Gửi lại cho những nơi lỗi", RESEND, broadcast_id),))
    return tuple(rows)

"""The draft of a notice: whose it is, whether it waits for words, its code."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from bot.commands.broadcast_buttons import Wish
from bot.commands.command import CommandError, Request
from jobs.new_bulletin import CODE_LETTERS
from storage.database import Transaction
from storage.records import Broadcast, BroadcastState

SENT_ALREADY: Final = "Thông báo này đã được gửi, không sửa và không gửi lần nữa được."
WAITS_FOR_WORDS: Final = timedelta(days=1)  # longer, and who writes has forgotten it


def awaits_content(draft: Broadcast | None, now: datetime) -> bool:
    """Whether the author's next message is what his notice says."""
    return (
        draft is not None
        and draft.state is BroadcastState.WRITING
        and now - draft.changed_at < WAITS_FOR_WORDS
    )


def has_content(draft: Broadcast) -> bool:
    return bool(draft.text) or draft.attachment is not None


def author_of(request: Request) -> int:
    if request.actor_id is None:
        raise LookupError("an editor who is not stored")
    return request.actor_id


async def own_draft(tx: Transaction, request: Request, wish: Wish) -> Broadcast:
    """What he may still change. Raises CommandError."""
    draft = await tx.broadcasts.hold(wish.broadcast_id)
    if draft is None or draft.author_id != author_of(request):
        raise CommandError("Không có thông báo này. Soạn thông báo mới: /thongbao")
    if draft.state is BroadcastState.DROPPED:
        raise CommandError("Thông báo này đã được bỏ. Soạn thông báo mới: /thongbao")
    if draft.state is BroadcastState.SENT:
        raise CommandError(SENT_ALREADY)
    return draft


async def ready_draft(tx: Transaction, request: Request, wish: Wish) -> Broadcast:
    """His draft, with its content. Raises CommandError."""
    draft = await own_draft(tx, request, wish)
    if draft.state is BroadcastState.WRITING:
        raise CommandError("Thông báo này đang chờ nội dung. Xin gửi nội dung trước.")
    return draft


def code_of(draft: Broadcast) -> str:
    """The same in the preview and in what is sent: no column is needed to keep it until then."""
    seed = f"broadcast|{draft.id}|{draft.created_at.isoformat()}"
    picked = hashlib.sha256(seed.encode()).digest()[:6]
    letters = "".join(CODE_LETTERS[each % len(CODE_LETTERS)] for each in picked)
    return f"{letters[:3]}-{letters[3:]}"

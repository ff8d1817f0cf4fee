"""/thongbao: the office's own notices, from the first word to the report."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.commands import broadcast_buttons as verbs
from bot.commands.broadcast_audience import choose_audience, show_panel
from bot.commands.broadcast_buttons import Wish, read_wish
from bot.commands.broadcast_draft import ready_draft
from bot.commands.broadcast_panel import preview, read_draft
from bot.commands.broadcast_report import resend, show_failed, stop
from bot.commands.broadcast_send import send
from bot.commands.broadcast_sent import show_sent
from bot.commands.broadcast_writing import (
    begin,
    drop,
    edit_content,
    keep_content,
    take_content,
)
from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.wording import paragraphs
from storage.records import Role, Urgency


async def broadcast(request: Request) -> Reply:
    if request.in_group:
        return Reply(
            text=paragraphs(
                "Thông báo được soạn trong cuộc trò chuyện riêng với Bản tin.",
                "Xin mở cuộc trò chuyện riêng rồi gửi /thongbao.",
            ),
            edit=False,
        )
    if not request.choice:
        return await begin(request)
    if request.choice == verbs.CONTENT:
        return await take_content(request)
    wish = read_wish(request.choice)
    act = _ACTS.get(wish.verb)
    if act is None:
        raise CommandError("Nút này không còn dùng được. Xem thông báo đang soạn: /thongbao")
    return await act(request, wish)


async def _set_urgency(request: Request, wish: Wish) -> Reply:
    """The sign at the beginning is another one, so the whole preview is shown again."""
    urgency = Urgency.URGENT if wish.value == Urgency.URGENT else Urgency.ORDINARY
    async with request.database.transaction() as tx:
        draft = await ready_draft(tx, request, wish)
        await tx.broadcasts.set_urgency(draft.id, urgency, request.now)
        changed = await ready_draft(tx, request, wish)
        return preview(request, await read_draft(tx, changed))


async def _test(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        draft = await read_draft(tx, await ready_draft(tx, request, wish))
    return preview(request, draft, "Trên đây là bản gửi thử, chưa gửi cho ai khác.")


_ACTS: Final[Mapping[str, Callable[[Request, Wish], Awaitable[Reply]]]] = {
    verbs.SHOW: show_panel,
    verbs.AUDIENCE: choose_audience,
    verbs.URGENCY: _set_urgency,
    verbs.TEST: _test,
    verbs.EDIT: edit_content,
    verbs.KEEP: keep_content,
    verbs.SEND: send,
    verbs.SEND_PAID: send,
    verbs.DROP: drop,
    verbs.STOP: stop,
    verbs.FAILED: show_failed,
    verbs.RESEND: resend,
    verbs.PROGRESS: show_sent,
}

COMMAND = Command(
    name=verbs.COMMAND,
    aliases=("thông báo", "phát tin"),
    help="Soạn và gửi thông báo.",
    run=broadcast,
    role=Role.EDITOR,
)

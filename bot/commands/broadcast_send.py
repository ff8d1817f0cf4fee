"""Sending a notice: asked once more with the number, then exactly once."""

from datetime import datetime

from bot.commands.broadcast_buttons import SEND, SHOW, Wish, broadcast_button, status_buttons
from bot.commands.broadcast_draft import SENT_ALREADY, code_of, ready_draft
from bot.commands.broadcast_panel import (
    NOBODY,
    Draft,
    how_many,
    leaves_at,
    preview,
    quiet_line,
    read_draft,
    time_of,
)
from bot.commands.command import CommandError, Reply, Request
from bot.commands.journal import record_broadcast
from bot.commands.wording import paragraphs
from jobs.compose import LIFETIME, content_key, new_code
from storage.database import Transaction
from storage.records import Broadcast, Bulletin, BulletinKind, NewBulletin


async def send(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        draft = await read_draft(tx, await ready_draft(tx, request, wish))
        if not draft.recipients.total:
            raise CommandError(NOBODY)
        if not wish.value:
            return _question(request, draft)
        if wish.value != _stamp(draft.broadcast):
            remark = "Thông báo đã được sửa sau câu hỏi trước. Xin xem lại rồi gửi."
            return preview(request, draft, remark)
        return await _give_out(tx, request, draft.broadcast)


def _question(request: Request, draft: Draft) -> Reply:
    begins = leaves_at(request, draft.broadcast)
    is_held = begins != request.now
    when = f"lúc {time_of(begins)}" if is_held else "ngay bây giờ"
    yes = f"Gửi lúc {time_of(begins)}" if is_held else "Gửi ngay"
    one = draft.broadcast.id
    return Reply(
        text=paragraphs(
            f"Gửi tới {how_many(draft.recipients)} {when}?",
            f"Phạm vi: {draft.whom}.",
            quiet_line(request, draft.broadcast),
        ),
        buttons=(
            (broadcast_button(yes, SEND, one, _stamp(draft.broadcast)),),
            (broadcast_button("Quay lại", SHOW, one),),
        ),
    )


def _stamp(draft: Broadcast) -> str:
    """Which state of the draft the question was about."""
    return str(round(draft.changed_at.timestamp() * 1000))


async def send_broadcast(
    tx: Transaction,
    draft: Broadcast,
    *,
    now: datetime,
    status_chat_id: int | None = None,
    status_message_id: str = "",
) -> Bulletin:
    """It is a bulletin from now on. Raises CommandError when somebody was faster."""
    if not await tx.broadcasts.confirm(draft.id, now):
        raise CommandError(SENT_ALREADY)
    bulletin_id = await tx.bulletins.add(_bulletin(draft, code_of(draft), now), now)
    if bulletin_id is None:  # the code is taken; hardly ever, so another than in the preview
        bulletin_id = await tx.bulletins.add(_bulletin(draft, new_code(), now), now)
    if bulletin_id is None:
        raise LookupError("a broadcast that may be sent is a bulletin already")
    await tx.broadcasts.became(
        draft.id,
        bulletin_id,
        status_chat_id=status_chat_id,
        status_message_id=status_message_id,
        now=now,
    )
    return await tx.bulletins.get(bulletin_id)


def _bulletin(draft: Broadcast, code: str, now: datetime) -> NewBulletin:
    return NewBulletin(
        kind=BulletinKind.BROADCAST,
        content_key=content_key(BulletinKind.BROADCAST, str(draft.id), ()),
        code=code,
        urgency=draft.urgency,
        not_before=now,
        expires_at=now + LIFETIME,
        audience=draft.audience,
        author_id=draft.author_id,
    )


async def _give_out(tx: Transaction, request: Request, draft: Broadcast) -> Reply:
    bulletin = await send_broadcast(
        tx,
        draft,
        now=request.now,
        status_chat_id=request.chat.id if request.chat else None,
        status_message_id=request.incoming.message_id,
    )
    await record_broadcast(
        tx, request, "broadcast_sent", draft.id, detail=f"bulletin:{bulletin.id}"
    )
    return Reply(
        text=paragraphs(f"Đang chuẩn bị gửi thông báo (Mã {bulletin.code})."),
        buttons=status_buttons(draft.id, finished=False, failed=0),
    )

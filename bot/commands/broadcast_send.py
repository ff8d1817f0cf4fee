"""Sending a notice: asked once more with the number, then exactly once."""

import math
from datetime import datetime, timedelta

from bot.commands.broadcast_buttons import (
    SEND,
    SEND_PAID,
    SHOW,
    Wish,
    broadcast_button,
    progress_button,
    status_buttons,
)
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
from bot.commands.broadcast_words import beginning_of
from bot.commands.command import CommandError, Office, Reply, Request
from bot.commands.journal import record_broadcast
from bot.commands.wording import Rows, counted, lines, paragraphs
from jobs.new_bulletin import LIFETIME, content_key, new_code
from storage.database import Transaction
from storage.records import Broadcast, Bulletin, BulletinKind, NewBulletin

# for each message above the free 30 a second, at most;
# core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once, 2026-11
STARS_A_MESSAGE = 0.1
_WORTH_IT = timedelta(minutes=2)


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
        return await _give_out(tx, request, draft.broadcast, is_paid=wish.verb == SEND_PAID)


def _question(request: Request, draft: Draft) -> Reply:
    begins = leaves_at(request, draft.broadcast)
    is_held = begins != request.now
    when = f"lúc {time_of(begins)}" if is_held else "ngay bây giờ"
    yes = f"Gửi lúc {time_of(begins)}" if is_held else "Gửi ngay"
    said = beginning_of(draft.broadcast) or "thông báo này"
    one = draft.broadcast.id
    back = broadcast_button("Quay lại", SHOW, one)
    return Reply(
        text=paragraphs(
            f"Gửi {said} tới {how_many(draft.recipients)} {when}?",
            f"Phạm vi: {draft.whom}.",
            quiet_line(request, draft.broadcast),
            _price(request.office, draft.recipients.total),
        ),
        buttons=(
            (broadcast_button(yes, SEND, one, _stamp(draft.broadcast)),),
            *_paid_button(request.office, draft),
            (back,),
        ),
        back=back.data,
    )


def _may_pay(office: Office, recipients: int) -> bool:
    """Only where it saves minutes."""
    is_faster = office.paid_per_second > office.messages_per_second
    return is_faster and recipients > _WORTH_IT.total_seconds() * office.messages_per_second


def _price(office: Office, recipients: int) -> str:
    if not _may_pay(office, recipients):
        return ""
    stars = math.ceil(recipients * STARS_A_MESSAGE)
    return lines(
        f"Gửi thường, miễn phí: khoảng {_minutes(recipients / office.messages_per_second)}.",
        f"Gửi nhanh, trả phí: khoảng {_minutes(recipients / office.paid_per_second)}, "
        f"Telegram trừ nhiều nhất {counted(stars, 'Sao')} (Stars) của bot.",
    )


def _minutes(seconds: float) -> str:
    return counted(max(1, math.ceil(seconds / 60)), "phút")


def _paid_button(office: Office, draft: Draft) -> Rows:
    if not _may_pay(office, draft.recipients.total):
        return ()
    stamp = _stamp(draft.broadcast)
    return ((broadcast_button("Gửi nhanh, trả phí", SEND_PAID, draft.broadcast.id, stamp),),)


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
    is_paid: bool = False,
) -> Bulletin:
    """It is a bulletin from now on. Raises CommandError when somebody was faster."""
    if not await tx.broadcasts.confirm(draft.id, now):
        raise CommandError(SENT_ALREADY)
    bulletin_id = await tx.bulletins.add(
        _bulletin(draft, code_of(draft), now, is_paid=is_paid), now
    )
    if bulletin_id is None:  # the code is taken; hardly ever, so another than in the preview
        bulletin_id = await tx.bulletins.add(
            _bulletin(draft, new_code(), now, is_paid=is_paid), now
        )
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


def _bulletin(draft: Broadcast, code: str, now: datetime, *, is_paid: bool) -> NewBulletin:
    return NewBulletin(
        kind=BulletinKind.BROADCAST,
        content_key=content_key(BulletinKind.BROADCAST, str(draft.id), ()),
        code=code,
        urgency=draft.urgency,
        not_before=now,
        expires_at=now + LIFETIME,
        audience=draft.audience,
        author_id=draft.author_id,
        is_paid=is_paid,
    )


async def _give_out(
    tx: Transaction, request: Request, draft: Broadcast, *, is_paid: bool
) -> Reply:
    bulletin = await send_broadcast(
        tx,
        draft,
        now=request.now,
        is_paid=is_paid,
        status_chat_id=request.chat.id if request.chat else None,
        status_message_id=request.incoming.message_id,
    )
    await record_broadcast(
        tx, request, "broadcast_sent", draft.id, detail=f"bulletin:{bulletin.id}"
    )
    return Reply(
        text=paragraphs(f"Đang chuẩn bị gửi thông báo (Mã {bulletin.code}).", _later(request)),
        buttons=(
            *(() if request.has_buttons else progress_button(draft.id)),
            *status_buttons(draft.id, finished=False, failed=0),
        ),
    )


def _later(request: Request) -> str:
    """A message that cannot change shows no progress."""
    return "" if request.has_buttons else "Khi gửi xong, Bản tin sẽ báo lại."

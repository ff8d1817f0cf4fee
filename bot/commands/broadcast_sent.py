"""/dagui: how the notices that were sent are going, the newest first."""

from bot.commands.broadcast_buttons import PROGRESS, Wish, broadcast_button, status_buttons
from bot.commands.broadcast_words import beginning_of
from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.wording import Rows, lines, paragraphs
from jobs.progress import status_of, status_text
from storage.database import Transaction
from storage.records import Broadcast, Bulletin, Role

NAME = "dagui"


async def show_newest(request: Request) -> Reply:
    if request.in_group:
        text = "Xin mở cuộc trò chuyện riêng với Bản tin rồi gửi /dagui."
        return Reply(text=paragraphs(text), edit=False)
    async with request.database.transaction() as tx:
        newest = await tx.broadcasts.newest_sent()
        if newest is None:
            return Reply(text=paragraphs("Chưa có thông báo nào được gửi."))
        return await _show(tx, request, newest)


async def show_sent(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        broadcast = await tx.broadcasts.get(wish.broadcast_id)
        if broadcast is None:
            raise CommandError("Không có thông báo này.")
        return await _show(tx, request, broadcast)


async def _show(tx: Transaction, request: Request, broadcast: Broadcast) -> Reply:
    if broadcast.bulletin_id is None:
        raise CommandError("Không có thông báo này, hoặc thông báo chưa được gửi.")
    bulletin = await tx.bulletins.get(broadcast.bulletin_id)
    status = status_of(await tx.outbox.report(bulletin.id), bulletin)
    former = await tx.broadcasts.newest_sent(before=broadcast.id)
    text = status_text(
        status,
        bulletin,
        now=request.now,
        per_second=request.office.messages_per_second,
        quiet=request.office.quiet,
    )
    if broadcast.finished_at is not None:
        text = broadcast.status_text  # as it was when it ended
    return Reply(
        text=paragraphs(_heading(broadcast, bulletin), text),
        buttons=(
            *_refresh(broadcast, is_finished=status.is_finished),
            *status_buttons(
                broadcast.id,
                finished=status.is_finished,
                failed=status.unreached,
                may_be_sent=bulletin.cancelled_at is None and bulletin.expires_at > request.now,
            ),
            *_former(former),
        ),
    )


def _heading(broadcast: Broadcast, bulletin: Bulletin) -> str:
    return lines(f"Thông báo (Mã {bulletin.code})", beginning_of(broadcast))


def _refresh(broadcast: Broadcast, *, is_finished: bool) -> Rows:
    return () if is_finished else ((broadcast_button("Xem lại", PROGRESS, broadcast.id),),)


def _former(former: Broadcast | None) -> Rows:
    if former is None:
        return ()
    return ((broadcast_button("Thông báo trước đó", PROGRESS, former.id),),)


COMMAND = Command(
    name=NAME,
    aliases=("đã gửi", "thông báo đã gửi", "tình hình gửi"),
    help="Xem thông báo đã gửi đến đâu.",
    run=show_newest,
    role=Role.EDITOR,
)

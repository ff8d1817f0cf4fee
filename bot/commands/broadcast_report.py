"""A notice that was sent: stopping it, whom it did not reach, once more for those."""

from dataclasses import dataclass

from bot.commands.broadcast_buttons import (
    NO,
    RESEND,
    STOP,
    YES,
    Wish,
    broadcast_button,
)
from bot.commands.command import CommandError, Reply, Request
from bot.commands.journal import record_broadcast
from bot.commands.wording import Rows, counted, lines, paragraphs
from jobs.reason_words import reason_words
from storage.database import Transaction
from storage.records import Broadcast, Bulletin, ChatKind, DeliveryState, Failure, Reason

MOST_NAMES = 50
PLACE = "nơi nhận"  # a person or a group
_STOPPED_BEFORE = "Thông báo này đã được dừng gửi trước đó."

_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A broadcast that is a bulletin, and how far it is."""

    broadcast: Broadcast
    bulletin: Bulletin
    report: dict[tuple[DeliveryState, Reason | None], int]

    def count(self, *states: DeliveryState) -> int:
        return sum(number for (state, _), number in self.report.items() if state in states)

    @property
    def is_stopped(self) -> bool:
        return self.bulletin.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.bulletin.fanned_out_at is not None and not self.count(*_OPEN)


async def _read(tx: Transaction, wish: Wish) -> _Sent:
    """Raises CommandError."""
    broadcast = await tx.broadcasts.get(wish.broadcast_id)
    if broadcast is None or broadcast.bulletin_id is None:
        raise CommandError("Không có thông báo này, hoặc thông báo chưa được gửi.")
    return _Sent(
        broadcast=broadcast,
        bulletin=await tx.bulletins.get(broadcast.bulletin_id),
        report=await tx.outbox.report(broadcast.bulletin_id),
    )


async def stop(request: Request, wish: Wish) -> Reply:
    """Asks in a message of its own: the pressed one goes on showing the progress."""
    if wish.value == NO:
        return Reply(text=paragraphs("Thông báo vẫn được gửi tiếp."))
    async with request.database.transaction() as tx:
        sent = await _read(tx, wish)
        if sent.is_stopped:
            raise CommandError(_STOPPED_BEFORE)
        if sent.is_over:
            raise CommandError("Thông báo này đã gửi xong, không còn gì để dừng.")
        waiting = await _waiting(tx, sent)
        if wish.value == YES:
            return await _stop(tx, request, sent, waiting)
    return Reply(
        text=paragraphs(
            f"Dừng gửi thông báo (Mã {sent.bulletin.code})?",
            f"Còn {counted(waiting, PLACE)} chưa được gửi. Đã dừng thì không gửi tiếp được.",
        ),
        buttons=(
            (broadcast_button("Có, dừng gửi", STOP, wish.broadcast_id, YES),),
            (broadcast_button("Không, gửi tiếp", STOP, wish.broadcast_id, NO),),
        ),
        edit=False,
    )


async def _waiting(tx: Transaction, sent: _Sent) -> int:
    if sent.bulletin.fanned_out_at is None:
        return (await tx.outbox.recipients(sent.broadcast.audience)).total
    return sent.count(*_OPEN)


async def _stop(tx: Transaction, request: Request, sent: _Sent, waiting: int) -> Reply:
    if not await tx.bulletins.cancel(sent.bulletin.id, request.now):
        raise CommandError(_STOPPED_BEFORE)
    cancelled = await tx.deliveries.cancel_bulletin(sent.bulletin.id, request.now)
    stopped = cancelled if sent.bulletin.fanned_out_at is not None else waiting
    await record_broadcast(
        tx, request, "broadcast_stopped", sent.broadcast.id, detail=str(stopped)
    )
    return Reply(
        text=paragraphs(
            f"Đã dừng gửi thông báo (Mã {sent.bulletin.code}).",
            f"Không gửi cho {counted(stopped, PLACE)} còn lại.",
        )
    )


async def show_failed(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        sent = await _read(tx, wish)
        failures = await tx.outbox.failures(sent.bulletin.id, MOST_NAMES)
    failed, late = sent.count(DeliveryState.FAILED), sent.count(DeliveryState.EXPIRED)
    if not failed and not late:
        return Reply(text=paragraphs("Không còn nơi nào gửi bị lỗi."), edit=False)
    names = lines(*(_line(request, number, each) for number, each in enumerate(failures, 1)))
    more = f"Và {counted(failed - len(failures), PLACE)} khác." if failed > len(failures) else ""
    return Reply(
        text=paragraphs(
            f"Thông báo (Mã {sent.bulletin.code}) không gửi được tới "
            f"{counted(failed + late, PLACE)}.",
            lines(names, more),
            f"Quá thời hạn gửi: {counted(late, PLACE)}." if late else "",
        ),
        buttons=_resend_button(sent) if failed else (),
        edit=False,
    )


def _line(request: Request, number: int, failure: Failure) -> str:
    """Without buttons the numbers are for what may be answered."""
    bullet = f"{number}." if request.has_buttons else "-"
    return f"{bullet} {_name(failure)}: {reason_words(failure.reason)}"


def _name(failure: Failure) -> str:
    """Zalo tells no group's name."""
    if failure.name or failure.kind is not ChatKind.GROUP:
        return failure.name or "không còn tên"
    of_whom = f"của {failure.organisation}" if failure.organisation else "không có tên"
    return f"nhóm {of_whom}"


def _resend_button(sent: _Sent) -> Rows:
    if sent.is_stopped or not sent.is_over:
        return ()
    return ((broadcast_button("Gửi lại cho những nơi lỗi", RESEND, sent.broadcast.id),),)


async def resend(request: Request, wish: Wish) -> Reply:
    if wish.value == NO:
        return Reply(text=paragraphs("Không gửi lại."))
    async with request.database.transaction() as tx:
        sent = await _read(tx, wish)
        failed = _may_be_sent_again(request, sent)
        if wish.value == YES:
            return await _resend(tx, request, sent, failed)
    return Reply(
        text=paragraphs(
            f"Gửi lại thông báo (Mã {sent.bulletin.code}) cho {counted(failed, PLACE)} bị lỗi?",
            "Nơi nào đã chặn hoặc xóa Bản tin thì không gửi lại được.",
            _about_unconfirmed(sent),
        ),
        buttons=(
            (broadcast_button("Có, gửi lại", RESEND, wish.broadcast_id, YES),),
            (broadcast_button("Không", RESEND, wish.broadcast_id, NO),),
        ),
        edit=False,
    )


def _may_be_sent_again(request: Request, sent: _Sent) -> int:
    """How many it did not reach. Raises CommandError."""
    if sent.is_stopped:
        raise CommandError("Thông báo này đã được dừng gửi nên không gửi lại.")
    if sent.bulletin.expires_at <= request.now:
        raise CommandError("Thông báo này đã quá thời hạn gửi. Soạn thông báo mới: /thongbao")
    failed = sent.count(DeliveryState.FAILED)
    if not failed:
        raise CommandError("Không còn nơi nào gửi bị lỗi.")
    return failed


def _about_unconfirmed(sent: _Sent) -> str:
    unconfirmed = sent.report.get((DeliveryState.FAILED, Reason.UNCONFIRMED), 0)
    if not unconfirmed:
        return ""
    return f"{counted(unconfirmed, PLACE)} chưa rõ đã nhận hay chưa, có thể nhận hai lần."


async def _resend(tx: Transaction, request: Request, sent: _Sent, failed: int) -> Reply:
    again = await tx.deliveries.requeue_failed(sent.bulletin.id, request.now)
    left = failed - again
    unreachable = f"{counted(left, PLACE)} đã chặn, xóa Bản tin hoặc đã dừng nhận tin."
    if not again:
        return Reply(text=paragraphs("Không gửi lại được cho nơi nào.", unreachable))
    await tx.broadcasts.reopen(sent.broadcast.id, request.now)
    await record_broadcast(tx, request, "broadcast_resent", sent.broadcast.id, detail=str(again))
    return Reply(
        text=paragraphs(
            f"Đang gửi lại cho {counted(again, PLACE)}.",
            f"Không gửi lại được: {unreachable}" if left else "",
        )
    )

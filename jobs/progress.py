"""Stage: deliveries of a broadcast → one message in its author's chat that updates itself."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from jobs.bulletin_text import show_moment
from jobs.clock import Clock
from jobs.line import Line
from jobs.messenger import (
    Button,
    ChatGone,
    Content,
    MaybeSent,
    Refused,
    Rejected,
    SendError,
    Throttled,
    Unreachable,
    address_of,
)
from jobs.quiet import QuietHours, ends_at, is_quiet
from jobs.reason_words import reason_words
from jobs.rich_text import plain
from jobs.text import with_dots
from jobs.vietnamese_date import VIETNAM
from storage.database import Database
from storage.records import (
    Broadcast,
    Bulletin,
    Chat,
    ChatKind,
    DeliveryState,
    Reason,
    Urgency,
)

logger = logging.getLogger(__name__)

Report = Mapping[tuple[DeliveryState, Reason | None], int]
Rows = tuple[tuple[Button, ...], ...]

# the answer to the press that sent it is written into the same message, and must come first
SETTLED = timedelta(seconds=3)
_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)


class Buttons(Protocol):
    """What stands under the message."""

    def __call__(
        self, broadcast_id: int, *, finished: bool, failed: int, may_be_sent: bool
    ) -> Rows: ...


@dataclass(slots=True, kw_only=True)
class ProgressCounts:
    shown: int = 0
    finished: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far a broadcast is."""

    total: int
    sent: int
    waiting: int
    cancelled: int
    failed: Mapping[Reason | None, int]  # those too late for it among them
    unreached: int  # of these, who may be tried again
    is_finished: bool

    @property
    def failures(self) -> int:
        return sum(self.failed.values())


async def show_progress(
    database: Database,
    lines: Mapping[int, Line],
    clock: Clock,
    *,
    quiet: QuietHours,
    buttons: Buttons,
) -> ProgressCounts:
    """One edit a broadcast and run, and none when nothing changed."""
    counts = ProgressCounts()
    async with database.transaction() as tx:
        broadcasts = await tx.broadcasts.unfinished()
    for broadcast in broadcasts:
        run = _Run(database, lines, clock, broadcast)
        bulletin, chat, status = await run.look()
        if clock.now() < bulletin.created_at + SETTLED:
            continue
        if not (status.is_finished or run.may_change_what_it_said(chat)):
            continue  # each step would be a message of its own: only the end is told
        text = status_text(
            status, bulletin, now=clock.now(), per_second=_rate(lines, bulletin), quiet=quiet
        )
        if text != broadcast.status_text or status.is_finished:
            may_be_sent = bulletin.cancelled_at is None and bulletin.expires_at > clock.now()
            rows = buttons(
                broadcast.id,
                finished=status.is_finished,
                failed=status.unreached,
                may_be_sent=may_be_sent,
            )
            shown = await run.show(chat, text, rows, is_finished=status.is_finished)
            counts.shown += shown
            counts.finished += shown and status.is_finished
    return counts


def _rate(lines: Mapping[int, Line], bulletin: Bulletin) -> float:
    rates = (line.pacer.rate(is_paid=bulletin.is_paid) for line in lines.values())
    return sum(rates) or 1.0


def status_of(report: Report, bulletin: Bulletin) -> Status:
    def count(*states: DeliveryState) -> int:
        return sum(number for (state, _), number in report.items() if state in states)

    waiting = count(*_OPEN)
    failed = {
        reason: number
        for (state, reason), number in report.items()
        if state in (DeliveryState.FAILED, DeliveryState.EXPIRED)
    }
    is_given_out = bulletin.fanned_out_at is not None or bulletin.cancelled_at is not None
    return Status(
        total=sum(report.values()),
        sent=count(DeliveryState.SENT),
        waiting=waiting,
        cancelled=count(DeliveryState.CANCELLED),
        failed=failed,
        unreached=count(DeliveryState.FAILED),
        is_finished=is_given_out and not waiting,
    )


def status_text(
    status: Status, bulletin: Bulletin, *, now: datetime, per_second: float, quiet: QuietHours
) -> str:
    """What the author reads, while it goes out and afterwards."""
    if status.is_finished:
        return _report(status, bulletin, now)
    if bulletin.fanned_out_at is None:
        return f"Đang chuẩn bị gửi thông báo (Mã {bulletin.code})."
    facts = [f"Đã gửi {with_dots(status.sent)}/{with_dots(status.total)}"]
    if status.failures:
        facts.append(f"lỗi {with_dots(status.failures)}")
    if is_quiet(now, quiet) and bulletin.urgency is not Urgency.URGENT:
        end = ends_at(now, quiet).astimezone(VIETNAM)
        return f"{' · '.join(facts)}\nĐang giờ nghỉ: sẽ gửi tiếp lúc {end:%H:%M}."
    left = timedelta(seconds=status.waiting / per_second)
    return f"{' · '.join(facts)} · còn khoảng {_duration(left)}"


def _report(status: Status, bulletin: Bulletin, now: datetime) -> str:
    if not status.total:
        return f"Không có người nhận nào, thông báo (Mã {bulletin.code}) không được gửi."
    ended = "Đã dừng" if bulletin.cancelled_at is not None else "Xong"
    sentences = [
        f"{ended} lúc {show_moment(now)} (Mã {bulletin.code}).",
        f"Đã gửi tới {with_dots(status.sent)}/{with_dots(status.total)}.",
    ]
    if status.cancelled:
        sentences.append(f"Chưa gửi, đã hủy: {with_dots(status.cancelled)}.")
    if status.failures:
        reasons = ", ".join(
            f"{with_dots(number)} {reason_words(reason)}"
            for reason, number in sorted(status.failed.items(), key=lambda each: -each[1])
        )
        sentences.append(f"Không gửi được {with_dots(status.failures)}: {reasons}.")
    return "\n".join(sentences)


def _duration(left: timedelta) -> str:
    seconds = max(1, round(left.total_seconds()))
    return f"{seconds} giây" if seconds < 90 else f"{round(seconds / 60)} phút"  # noqa: PLR2004 - then minutes say enough


@dataclass(frozen=True, slots=True)
class _Run:
    database: Database
    lines: Mapping[int, Line]
    clock: Clock
    broadcast: Broadcast

    async def look(self) -> tuple[Bulletin, Chat | None, Status]:
        bulletin_id = self.broadcast.bulletin_id
        assert bulletin_id is not None  # noqa: S101 - `unfinished` gives none without
        async with self.database.transaction() as tx:
            bulletin = await tx.bulletins.get(bulletin_id)
            report = await tx.outbox.report(bulletin_id)
            chat = await tx.subscribers.chat(self.broadcast.status_chat_id)
        return bulletin, chat, status_of(report, bulletin)

    def may_change_what_it_said(self, chat: Chat | None) -> bool:
        if chat is None or chat.bot_id not in self.lines:
            return True
        return self.lines[chat.bot_id].messenger.capabilities.edits

    async def show(
        self,
        chat: Chat | None,
        text: str,
        rows: Rows,
        *,
        is_finished: bool,
    ) -> bool:
        """False when the message could not be changed now: the next run tries again."""
        message_id = self.broadcast.status_message_id
        if chat is not None and chat.bot_id in self.lines:
            line = self.lines[chat.bot_id]
            if line.pacer.ready_in(chat.address) > timedelta(0) or not await line.is_open():
                return False  # the others need not wait for this chat
            try:
                message_id = await self._edit(chat, self._content(chat, text, rows))
            except ChatGone:
                pass  # the author left; the report is in the database
            except (Refused, Rejected) as error:  # as it would be next time: /dagui tells it
                self._wait(chat, error)
            except SendError as error:
                self._wait(chat, error)
                return False
        now = self.clock.now()
        async with self.database.transaction() as tx:
            await tx.broadcasts.note_status(
                self.broadcast.id,
                text,
                message_id=message_id,
                finished_at=now if is_finished else None,
                now=now,
            )
        return True

    def _content(self, chat: Chat, text: str, rows: Rows) -> Content:
        if self.lines[chat.bot_id].messenger.capabilities.buttons:
            return Content(text=plain(text), buttons=rows)
        return Content(text=plain(f"{text}\nXem lại hoặc gửi lại: /dagui" if rows else text))

    async def _edit(self, chat: Chat, content: Content) -> str:
        """The message's id; a new one when the old message is gone. Raises SendError."""
        line = self.lines[chat.bot_id]
        part = line.messenger.render(content)[0]  # a few short lines
        to = address_of(chat)
        await line.pacer.reply(to.chat, is_group=to.kind is ChatKind.GROUP)
        message_id = self.broadcast.status_message_id
        if message_id and line.messenger.capabilities.edits:
            try:
                await line.messenger.edit(to, message_id, part)
            except Rejected:
                pass
            else:
                return message_id
        try:
            return await line.messenger.send(to, part)
        except MaybeSent as error:  # an edit may be made again, a message may not
            self._wait(chat, error)
            return message_id

    def _wait(self, chat: Chat, error: SendError) -> None:
        line = self.lines[chat.bot_id]
        if isinstance(error, Throttled):
            line.pacer.pause(error.wait, chat=chat.address)
        if isinstance(error, MaybeSent | Unreachable):
            line.missed()
        logger.warning(
            "a broadcast's status could not be shown",
            extra={
                "action": "status_not_shown",
                "broadcast_id": self.broadcast.id,
                "error": str(error),
            },
        )

"""`bantin broadcast`: a notice from a file, for scripts and for the person at the machine."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.app import opened
from bot.cli.broadcast_audience import read_audience
from bot.cli.broadcast_file import STANDARD_INPUT, text_in
from bot.cli.broadcast_watch import broken_off, watch_to_the_end
from bot.cli.existing import is_running
from bot.cli.parts import show_content
from bot.cli.problem import Refused, Stopped
from bot.cli.screen import confirm, say
from bot.commands.broadcast_draft import code_of
from bot.commands.broadcast_panel import Draft, how_many, read_draft
from bot.commands.broadcast_send import send_broadcast
from bot.commands.wording import capitalised
from bot.settings import Settings, load
from jobs.bulletin_text import broadcast_content, show_moment, stored_spans
from jobs.clock import SystemClock
from jobs.quiet import QuietHours, ends_at
from jobs.rich_text import RichText
from storage.database import Transaction
from storage.records import Broadcast, Urgency

HELP = "Gửi một thông báo từ tệp chữ, hoặc theo dõi một thông báo đang gửi."
EXIT_CODES = (
    "Mã kết thúc: 0 là đã nhận để gửi (với --wait: ai cũng đã nhận được); 1 là không gửi; "
    "3 là có nơi không nhận được, hoặc Bản tin không chạy nên chưa gửi xong; "
    "130 là dừng theo dõi bằng Ctrl-C, việc gửi vẫn tiếp tục."
)
SAME_TEXT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be sent, as the command line says it."""

    words: RichText
    to: Sequence[str]
    urgency: Urgency
    again: bool  # though the same words were sent of late


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    draft: Draft
    last_sent_at: datetime | None  # the same words


def broadcast(  # noqa: PLR0913 - one for each option
    file: Annotated[
        str, typer.Argument(help="Tệp chữ UTF-8; dấu - là đầu vào chuẩn.", metavar="FILE")
    ] = "",
    *,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="all, topic:MÃ hoặc organisation:TÊN; lặp lại được.", metavar="NGƯỜI-NHẬN"
        ),
    ] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="Khẩn: gửi cả trong giờ nghỉ.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không gửi.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Gửi dù nội dung này vừa gửi trong 24 giờ qua.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Chờ đến khi gửi xong.")] = False,
    watch: Annotated[str, typer.Option(help="Theo dõi thông báo có mã này.", metavar="MÃ")] = "",
) -> None:
    settings = load()
    if bool(watch) == bool(file):
        raise typer.BadParameter("cần FILE hoặc --watch MÃ")
    code = watch
    if file:
        urgency = Urgency.URGENT if urgent else Urgency.ORDINARY
        order = _Order(words=text_in(file), to=to or ["all"], urgency=urgency, again=again)
        if file == STANDARD_INPUT and not (yes or dry_run):
            raise Refused("Đọc nội dung từ đầu vào thì không hỏi lại được: hãy thêm --yes.")
        code = _ask_and_send(settings, order, ask=not yes, dry_run=dry_run)
    if watch or (wait and not dry_run):
        raise typer.Exit(watch_to_the_end(settings, code))


def _ask_and_send(settings: Settings, order: _Order, *, ask: bool, dry_run: bool) -> str:
    """The bulletin's code. Raises Refused, Stopped."""
    prepared = asyncio.run(_prepare(settings, order, keep=not dry_run, ask=ask or dry_run))
    _show(settings, prepared)
    if dry_run:
        say("Chỉ xem trước, không gửi cho ai.")
        return ""
    if ask and not _agreed(prepared):
        asyncio.run(_drop(settings, prepared.draft.broadcast.id))
        raise Stopped("Không gửi cho ai.")
    sent: list[str] = []
    try:
        asyncio.run(_send(settings, order, prepared, sent))
    except KeyboardInterrupt:
        if not sent:
            raise
        raise typer.Exit(broken_off(sent[0])) from None
    if not sent:
        raise Refused("Vừa có người khác gửi chính nội dung này, nên không gửi lần nữa.")
    return sent[0]


async def _prepare(settings: Settings, order: _Order, *, keep: bool, ask: bool) -> _Prepared:
    """A draft, which is kept until it is sent or dropped. Raises Refused."""
    now = SystemClock().now()
    async with opened(settings) as database, database.transaction() as tx:
        last_sent_at = await tx.broadcasts.last_sent(order.words.text, now - SAME_TEXT_WITHIN)
        if last_sent_at is not None and not ask and not order.again:
            raise Refused(f"{_sent_before(last_sent_at)} Muốn gửi lại, hãy thêm --again.")
        draft = await read_draft(tx, await _start(tx, order, now))
        if not draft.recipients.total:
            raise Refused(f"Không có ai phù hợp để gửi. Đã chọn: {draft.whom}.")
        if not keep:
            await tx.broadcasts.drop(draft.broadcast.id, now)
    return _Prepared(draft=draft, last_sent_at=None if order.again else last_sent_at)


async def _start(tx: Transaction, order: _Order, now: datetime) -> Broadcast:
    """Raises Refused."""
    audience = await read_audience(tx, order.to)
    draft = await tx.broadcasts.start(None, now)
    await tx.broadcasts.write(
        draft,
        text=order.words.text,
        spans=stored_spans(order.words),
        attachment=None,
        now=now,
    )
    await tx.broadcasts.address(draft, audience, now)
    await tx.broadcasts.set_urgency(draft, order.urgency, now)
    started = await tx.broadcasts.get(draft)
    if started is None:
        raise LookupError("a draft that was started is not there")
    return started


def _show(settings: Settings, prepared: _Prepared) -> None:
    """As its readers will see it, and the facts."""
    now = SystemClock().now()
    draft, written = prepared.draft, prepared.draft.broadcast
    code = code_of(written)
    content = broadcast_content(written, office=settings.office, sent_at=now, code=code)
    show_content(content, settings)
    say(f"Gửi tới {how_many(draft.recipients)}.")
    say(f"Người nhận: {draft.whom}.")
    say("Khẩn: có." if written.urgency is Urgency.URGENT else "Khẩn: không.")
    quiet = QuietHours(from_hour=settings.quiet_from_hour, to_hour=settings.quiet_to_hour)
    begins = ends_at(now, quiet)
    if written.urgency is not Urgency.URGENT and begins != now:
        say(f"Hiện là giờ nghỉ: thông báo sẽ được gửi lúc {show_moment(begins)}.")
    if prepared.last_sent_at is not None:
        say(_sent_before(prepared.last_sent_at), style="yellow")


def _sent_before(at: datetime) -> str:
    return f"Nội dung này đã được gửi lúc {show_moment(at)}."


def _agreed(prepared: _Prepared) -> bool:
    verb = "gửi" if prepared.last_sent_at is None else "vẫn gửi lại"
    question = capitalised(f"{verb} tới {how_many(prepared.draft.recipients)}?")
    try:
        return confirm(question)
    except (typer.Abort, KeyboardInterrupt):
        return False


async def _drop(settings: Settings, broadcast_id: int) -> None:
    async with opened(settings) as database, database.transaction() as tx:
        await tx.broadcasts.drop(broadcast_id, SystemClock().now())


async def _send(settings: Settings, order: _Order, prepared: _Prepared, sent: list[str]) -> None:
    """Its code is in `sent`, unless somebody else sent the same words since the question."""
    now = SystemClock().now()
    async with opened(settings) as database:
        async with database.transaction() as tx:
            last = await tx.broadcasts.last_sent(order.words.text, now - SAME_TEXT_WITHIN)
            if not order.again and last != prepared.last_sent_at:
                await tx.broadcasts.drop(prepared.draft.broadcast.id, now)
                return
            bulletin = await send_broadcast(tx, prepared.draft.broadcast, now=now)
            await tx.audit.record(
                "broadcast_sent",
                at=now,
                target=f"broadcast:{prepared.draft.broadcast.id}",
                detail=f"bulletin:{bulletin.id} from the command line",
            )
        sent.append(bulletin.code)
        is_worked = await is_running(database)
    say(f"Đã nhận thông báo để gửi, mã {bulletin.code}.", style="bold")
    if not is_worked:
        say("Bản tin đang không chạy: thông báo sẽ được gửi khi chạy bantin run.", style="yellow")
    say(f"Xem tiến độ: bantin broadcast --watch {bulletin.code}")

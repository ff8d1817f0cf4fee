"""/trangthai: how the whole system does, for admins."""

from datetime import datetime

from bot.commands.command import Command, Reply, Request
from bot.commands.health import health_line
from bot.commands.quota import quota_part
from bot.commands.wording import counted, lines, paragraphs
from jobs.bulletin_text import show_moment
from jobs.thrift import month_of
from jobs.vietnamese_date import VIETNAM
from storage.records import ChatKind, DeliveryState, Role, Source

_WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)


async def show_status(request: Request) -> Reply:
    async with request.database.transaction() as tx:
        sources = await tx.sources.all()
        found_today = await tx.articles.count_found(since=_start_of_day(request.now))
        subscribers = await tx.subscribers.counts()
        unreachable = await tx.subscribers.count_unreachable()
        deliveries = await tx.outbox.counts()
        limited = quota_part(await tx.quotas.usage(month_of(request.now)))
    held = deliveries.get(DeliveryState.HELD, 0)
    waiting = sum(deliveries.get(state, 0) for state in _WAITING)
    failed = deliveries.get(DeliveryState.FAILED, 0)
    return Reply(
        text=paragraphs(
            f"Tình trạng lúc {show_moment(request.now)}",
            _source_part(sources),
            f"Tin mới hôm nay: {counted(found_today, 'tin')}",
            lines(
                f"Đang nhận tin: {counted(subscribers[ChatKind.PERSON], 'người')}, "
                f"{counted(subscribers[ChatKind.GROUP], 'nhóm')}",
                f"Trong đó không gửi tới được: {unreachable} (đã chặn hoặc xóa Bản tin)",
            ),
            lines(
                f"Lượt gửi đang chờ: {waiting}",
                f"Lượt gửi chờ gộp vào bản tổng hợp: {held}" if held else "",
                f"Lượt gửi không thành công từ trước đến nay: {failed}",
            ),
            lines("Hạn mức (chi tiết: /hanmuc):", limited) if limited else "",
        )
    )


def _start_of_day(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def _source_part(sources: list[Source]) -> str:
    if not sources:
        return "Chưa có nguồn tin nào."
    each = (f"- {source.name}: {health_line(source)}" for source in sources)
    return lines("Nguồn tin (chi tiết: /nguon):", *each)


COMMAND = Command(
    name="trangthai",
    aliases=("trạng thái", "tình trạng"),
    help="Xem tình trạng hệ thống.",
    run=show_status,
    role=Role.ADMIN,
)

"""`bantin upgrade`, `bantin status`"""

import asyncio
from collections.abc import Mapping

from bot.app import opened
from bot.cli.screen import say, show_table
from bot.settings import load
from jobs.bulletin_text import show_moment
from storage.database import open_database
from storage.records import ChatKind, DeliveryState, Source
from storage.upgrade import upgrade as bring_up

_STATES = {
    DeliveryState.QUEUED: "chờ gửi",
    DeliveryState.SENDING: "đang gửi",
    DeliveryState.SENT: "đã gửi",
    DeliveryState.UNSURE: "chưa chắc đã tới, sẽ gửi lại",
    DeliveryState.FAILED: "không gửi được",
    DeliveryState.CANCELLED: "đã hủy",
    DeliveryState.EXPIRED: "quá hạn",
}


def upgrade() -> None:
    asyncio.run(_upgrade())


async def _upgrade() -> None:
    database = open_database(load().database_url.get_secret_value())
    try:
        before, after = await bring_up(database)
    finally:
        await database.close()
    if before == after:
        say(f"Cơ sở dữ liệu đã ở phiên bản mới nhất ({after}).")
    else:
        say(f"Đã nâng cấp cơ sở dữ liệu từ {before or 'trống'} lên {after}.")


def status() -> None:
    asyncio.run(_status())


async def _status() -> None:
    async with opened(load()) as database, database.transaction() as tx:
        sources = await tx.sources.all()
        subscribers = await tx.subscribers.counts()
        unreachable = await tx.subscribers.count_unreachable()
        deliveries = await tx.deliveries.counts()
    say(
        f"Người nhận: {subscribers[ChatKind.PERSON]}, nhóm: {subscribers[ChatKind.GROUP]}, "
        f"không liên lạc được: {unreachable}"
    )
    say(_deliveries(deliveries))
    show_sources(sources)


def _deliveries(counts: Mapping[DeliveryState, int]) -> str:
    known = [f"{words} {counts[state]}" for state, words in _STATES.items() if counts.get(state)]
    return "Lượt gửi: " + (", ".join(known) or "chưa có")


def show_sources(sources: list[Source]) -> None:
    if not sources:
        say("Chưa có nguồn tin nào. Thêm bằng lệnh: bantin source add ĐỊA-CHỈ")
        return
    show_table(
        ("Số", "Tên", "Loại", "Tình trạng", "Đọc được lần cuối", "Địa chỉ"),
        (
            (
                str(source.id),
                source.name,
                source.kind,
                source.health_reason or source.health,
                show_moment(source.last_ok_at) if source.last_ok_at else "chưa",
                source.url,
            )
            for source in sources
        ),
    )

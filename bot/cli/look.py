"""`bantin upgrade`, `bantin status`"""

import asyncio
from collections.abc import Mapping

from bot.cli.existing import existing, processes
from bot.cli.screen import say
from bot.cli.source import show_sources
from bot.settings import FILE, load
from storage.checkup import file_of
from storage.database import Database, open_database
from storage.records import ChatKind, DeliveryState
from storage.single import is_worked
from storage.upgrade import upgrade as bring_up

_STATES = {
    DeliveryState.QUEUED: "chờ gửi",
    DeliveryState.HELD: "chờ gộp vào bản tổng hợp",
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
    elif before is None:
        say(f"Đã tạo cơ sở dữ liệu (phiên bản {after}).")
    else:
        say(f"Đã nâng cấp cơ sở dữ liệu từ phiên bản {before} lên {after}.")


def status() -> None:
    asyncio.run(_status())


async def _status() -> None:
    async with existing(load()) as database:
        if database is None:
            say(_not_running(), style="bold")
            say("Chưa có dữ liệu. Hãy vào đúng thư mục dữ liệu, hoặc chạy: bantin init")
            return
        say(await _running(database), style="bold")
        async with database.transaction() as tx:
            sources = await tx.sources.all()
            subscribers = await tx.subscribers.counts()
            unreachable = await tx.subscribers.count_unreachable()
            deliveries = await tx.outbox.counts()
    say(
        f"Người nhận: {subscribers[ChatKind.PERSON]}, nhóm: {subscribers[ChatKind.GROUP]}, "
        f"không liên lạc được: {unreachable}"
    )
    say(_deliveries(deliveries))
    say()
    show_sources(sources)


async def _running(database: Database) -> str:
    path = file_of(database)
    if path is not None:
        return "Bản tin đang chạy." if is_worked(path) else _not_running()
    names = [process.name for process in await processes(database)]
    if not names:
        return _not_running()
    return f"Bản tin đang chạy, {len(names)} chương trình: {', '.join(names)}."


def _not_running() -> str:
    where = "" if FILE.exists() else f" (thư mục này chưa có {FILE})"
    return f"Bản tin không chạy{where}. Chạy bằng lệnh: bantin run"


def _deliveries(counts: Mapping[DeliveryState, int]) -> str:
    known = [f"{words} {counts[state]}" for state, words in _STATES.items() if counts.get(state)]
    return "Lượt gửi: " + (", ".join(known) or "chưa có")

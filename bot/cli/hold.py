"""`bantin hold`: after an older state of the data was brought back."""

import asyncio

from bot.app import opened
from bot.cli.screen import say
from bot.commands.wording import counted
from bot.settings import Settings, load
from jobs.clock import SystemClock
from storage.database import Database
from storage.single import alone

HELP = "Sau khi lấy lại dữ liệu cũ bằng cách khác: hỏi trước khi gửi những gì có thể đã gửi rồi."


def hold() -> None:
    deliveries = asyncio.run(_hold(load()))
    tell(deliveries)


async def _hold(settings: Settings) -> int:
    async with opened(settings) as database:
        with alone(database):
            return await put_aside(database)


async def put_aside(database: Database) -> int:
    """Nothing that may have gone out already goes out by itself. How many deliveries waited."""
    now = SystemClock().now()
    async with database.transaction() as tx:
        deliveries = await tx.deliveries.put_aside(now)
        await tx.sources.hold_next()
        await tx.audit.record("held", at=now, detail=f"deliveries:{deliveries}")
    return deliveries


def tell(deliveries: int) -> None:
    if deliveries:
        say(
            f"{counted(deliveries, 'lượt gửi')} đang chờ trong dữ liệu này có thể đã được gửi, "
            "nên không tự gửi nữa. Quản trị viên sẽ được hỏi trong trò chuyện: /tinquahan"
        )
    say("Tin mới đọc được ở lần tới của mỗi nguồn cũng được giữ lại để hỏi trước: /nguon")

"""What the tests of all platforms share: a clock that never waits, a handler that notes all."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.commands.command import Incoming, Reply
from bot.platforms.desk import Limits
from jobs.messenger import Address
from jobs.rich_text import RichText

NOW = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)
APOLOGY = "Hệ thống đang gặp trục trặc, tin nhắn của anh/chị chưa được xử lý."
QUICK = Limits(patience=timedelta(milliseconds=10), reply=timedelta(milliseconds=50))


def secrets_in(error: BaseException, *secrets: str) -> list[str]:
    """Which of them a log of the error could tell, with all that led to it."""
    told, left = "", [error]
    while left:
        each = left.pop()
        told += "".join(traceback.format_exception_only(each)) + repr(each) + repr(vars(each))
        left += [found for found in (each.__cause__, each.__context__) if found is not None]
    return [secret for secret in secrets if secret in told]


class LeapingClock:
    """Time passes only by being waited for, and then at once."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep_until(self, moment: float) -> None:
        self.seconds = max(self.seconds, moment)
        await asyncio.sleep(0)


async def echo(incoming: Incoming) -> Reply | None:
    return Reply(text=RichText(f"Đã nhận: {incoming.text or incoming.data}"))


class Notes:
    """A handler that writes down what it was told, and answers with `reply`."""

    def __init__(self, reply: Callable[[Incoming], Awaitable[Reply | None]] = echo) -> None:
        self.reply = reply
        self.told: list[str] = []
        self.marked: set[str] = set()
        self.elsewhere: list[bool] = []
        self._news = asyncio.Condition()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(holds)

    async def answer(self, incoming: Incoming) -> Reply | None:
        await self._note(incoming.text or incoming.data)
        return await self.reply(incoming)

    async def joined(self, incoming: Incoming) -> Reply | None:
        await self._note(f"joined {incoming.address.chat} by {incoming.person}")
        return await self.reply(incoming)

    async def left(self, address: Address) -> None:
        await self._note(f"left {address.chat}")

    async def received_elsewhere(self, *, is_so: bool) -> None:
        self.elsewhere.append(is_so)

    async def returned(self, address: Address) -> None:
        await self._note(f"returned {address.chat}")

    async def moved(self, old: Address, new_chat: str) -> None:
        await self._note(f"moved {old.chat} to {new_chat}")

    async def seen(self, update: str) -> bool:
        return update in self.marked

    async def mark_seen(self, updates: Sequence[str]) -> None:
        self.marked.update(updates)
        await self._tell()

    async def _note(self, what: str) -> None:
        self.told.append(what)
        await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

"""What the worlds of both platforms have: a clock, and those who are told what happens."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

IDS_START = datetime(2020, 1, 1, tzinfo=UTC)
E = TypeVar("E")  # what happens: something a person looking at a chat would notice


class World(Generic[E]):
    """Ids begin at the start's seconds, so a run never repeats the ids of an earlier one."""

    def __init__(
        self, *, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.now = now
        self.monotonic = monotonic
        self.first_id = max(1, int((now() - IDS_START).total_seconds()))
        self.watchers: list[Callable[[E], None]] = []
        self._changed: asyncio.Future[None] | None = None

    def tell(self, event: E) -> None:
        for watcher in self.watchers:
            watcher(event)
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    async def until(self, holds: Callable[[], bool], *, seconds: float = 60) -> None:
        """Returns as soon as `holds()` is true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():
                if self._changed is None or self._changed.done():
                    self._changed = asyncio.get_running_loop().create_future()
                await asyncio.shield(self._changed)

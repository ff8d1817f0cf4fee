"""When a bot may send next: an absolute schedule, this process's own or one for all processes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from jobs.clock import Clock
from storage.database import Database

_LONG_AGO = -1e9


class Slots(Protocol):
    async def reserve(self, seconds: float, *, at_once: int = 1) -> float:
        """When (of the clock's `monotonic`) a slot of this length begins.

        `at_once`: how many the caller is going to want soon. Raises DatabaseProblem.
        """
        ...

    async def push(self, wait: timedelta) -> None:
        """No slot begins before `wait` has passed. Raises DatabaseProblem."""
        ...

    def is_good(self, slot: float) -> bool:
        """Whether it may still be used, however late it is now."""
        ...


class OwnSlots:
    """For the one process that works an SQLite file."""

    # Slots missed by less are still used, so that late timers do not lower the rate.
    _CATCH_UP_SECONDS = 0.03

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = _LONG_AGO

    async def reserve(self, seconds: float, *, at_once: int = 1) -> float:
        _ = at_once  # it costs nothing to come back
        now = self._clock.monotonic()
        slot = self._next if self._next >= now - self._CATCH_UP_SECONDS else now
        self._next = slot + seconds
        return slot

    async def push(self, wait: timedelta) -> None:
        self._next = max(self._next, self._clock.monotonic() + wait.total_seconds())

    def is_good(self, slot: float) -> bool:
        return slot > _LONG_AGO


@dataclass(slots=True)
class _Block:
    """What was reserved in the database and not used yet."""

    begins: float = 0.0
    left: int = 0
    seconds: float = 0.0


class SharedSlots:
    """One row in the database hands them out, by its clock: a token has one limit for all."""

    _CATCH_UP = timedelta(milliseconds=10)
    # Nobody sees what the others send: a slot that was missed is not used any more.
    _LAPSES_SECONDS = 0.012
    _MOST_AT_ONCE_SECONDS = 0.05

    def __init__(self, database: Database, bot_id: int, clock: Clock) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._block = _Block()

    async def reserve(self, seconds: float, *, at_once: int = 1) -> float:
        block = self._block
        if not block.left or block.seconds != seconds or not self.is_good(block.begins):
            number = max(1, min(at_once, int(self._MOST_AT_ONCE_SECONDS / seconds)))
            block = await self._fetch(number, seconds)
            if at_once > 1:
                self._block = block
        slot = block.begins
        block.begins += seconds
        block.left -= 1
        return slot

    async def push(self, wait: timedelta) -> None:
        self._block = _Block()
        async with self._database.transaction() as tx:
            await tx.pace.push(self._bot_id, wait)

    def is_good(self, slot: float) -> bool:
        return slot >= self._clock.monotonic() - self._LAPSES_SECONDS

    async def _fetch(self, number: int, seconds: float) -> _Block:
        async with self._database.transaction() as tx:
            begins_in = await tx.pace.reserve(
                self._bot_id, timedelta(seconds=number * seconds), catch_up=self._CATCH_UP
            )
        # when it is surely ours: how long the commit took is not held against the slots
        heard_at = self._clock.monotonic()
        return _Block(heard_at + begins_in.total_seconds(), number, seconds)

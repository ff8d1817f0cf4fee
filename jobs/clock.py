"""The only file that reads the system clock."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

# it goes on while the machine is suspended: a lease must not live longer than others think
_NEVER_STOPS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    async def sleep_until(self, moment: float) -> None:
        """Returns at once when `moment` (of `monotonic`) has passed."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(_NEVER_STOPS)

    async def sleep_until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self.monotonic()))

"""One connection a host and a rest between requests, also for all hosts of one province."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.clock import Clock

GAP = timedelta(seconds=2)
AT_ONCE = 16  # requests to all hosts
_MOST_KNOWN = 4096

# below a country's domain these are no owner's name: dongthap.gov.vn is one owner, gov.vn is not
_SHARED = re.compile(
    r"(?:^|\.)(?:ac|ai|biz|com?|edu|gov?|health|id|info|int|io|mil|name|net|org?|pro)\.[a-z]{2}$"
)


def group_of(host: str) -> str:
    """What is probably one machine: hosts of one owner, as *.dongthap.gov.vn."""
    name = host.lower().rstrip(".")
    labels = name.split(".")
    if labels[-1].isdecimal() or ":" in name:  # an address
        return name
    return ".".join(labels[-3 if _SHARED.search(name) else -2 :])


@dataclass(slots=True)
class _Group:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    rested_at: float = 0.0  # of the clock's monotonic
    waiting: int = 0


class Hosts:
    """Shared by all who fetch."""

    def __init__(self, clock: Clock, *, gap: timedelta = GAP, at_once: int = AT_ONCE) -> None:
        self._clock = clock
        self._gap = gap
        self._slots = asyncio.Semaphore(at_once)
        self._groups: dict[str, _Group] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, gap: timedelta = timedelta(0)) -> AsyncIterator[None]:
        """Waits for it. `gap`: what the host itself asks for, when that is more than ours."""
        group = self._group(host)
        group.waiting += 1
        try:
            async with group.turn:
                if not self._has_rested(group):
                    await self._clock.sleep_until(group.rested_at)
                async with self._slots:
                    try:
                        yield
                    finally:
                        rest = max(gap, self._gap).total_seconds()
                        group.rested_at = self._clock.monotonic() + rest
        finally:
            group.waiting -= 1

    def _group(self, host: str) -> _Group:
        if len(self._groups) >= _MOST_KNOWN:
            self._groups = {
                name: group
                for name, group in self._groups.items()
                if group.waiting or not self._has_rested(group)
            }
        return self._groups.setdefault(group_of(host), _Group())

    def _has_rested(self, group: _Group) -> bool:
        return self._clock.monotonic() >= group.rested_at

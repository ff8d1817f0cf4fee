"""What this process holds: its number while it lives, and the duties that one process has."""

import asyncio
import logging
from datetime import timedelta

from jobs.clock import Clock
from storage.database import Database
from storage.problems import DatabaseBusy

logger = logging.getLogger(__name__)

# Who has not renewed for so long is dead to all others; they see it within RENEWED_EVERY.
TTL = timedelta(seconds=10)
RENEWED_EVERY = timedelta(seconds=3)
_MARGIN_SECONDS = 1.0  # we stop before others may begin


class Lease:
    """One process among those that work a database.

    A process that was paused and wakes finds its time passed: it sends nothing that it had
    claimed, since another has taken that over, and begins a new life with a higher number.
    """

    def __init__(self, database: Database, clock: Clock, *, name: str) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._wanted: set[str] = set()
        self._held: dict[str, int] = {}
        self._alive_until = -1.0  # of the clock's `monotonic`
        self._changed = asyncio.Event()
        self.process_id = 0

    def want(self, *duties: str) -> None:
        """Taken with the next renewal, when they are free."""
        self._wanted.update(duties)

    @property
    def is_alive(self) -> bool:
        return self._clock.monotonic() < self._alive_until

    def holds(self, duty: str) -> bool:
        return self.is_alive and duty in self._held

    def fence(self, duty: str) -> int:
        """How often this duty has changed hands; 0 when it is not ours."""
        return self._held.get(duty, 0) if self.is_alive else 0

    async def renew(self) -> None:
        """Lives on, or begins anew; takes what is free. Raises DatabaseProblem."""
        asked_at = self._clock.monotonic()
        now = self._clock.now()
        async with self._database.transaction() as tx:
            goes_on = self.process_id and await tx.processes.renew(self.process_id, now, ttl=TTL)
            number = (
                self.process_id if goes_on else await tx.processes.begin(self._name, now, ttl=TTL)
            )
            held = await tx.processes.take(number, self._wanted, now)
        if number != self.process_id and self.process_id:
            logger.warning(
                "this process was away too long: others may have taken over",
                extra={"action": "lease_lost", "process_id": number},
            )
        self.process_id = number
        self._alive_until = asked_at + TTL.total_seconds() - _MARGIN_SECONDS
        if held != self._held:
            self._held = held
            logger.info(
                "duties: %s",
                ", ".join(sorted(held)) or "none",
                extra={"action": "duties_changed", "process_id": number},
            )
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled. Raises DatabaseProblem for what no next try can cure."""
        while True:
            try:
                await self.renew()
            except DatabaseBusy:
                logger.warning("the lease could not be renewed", extra={"action": "lease_waits"})
            await self._clock.sleep_until(self._clock.monotonic() + RENEWED_EVERY.total_seconds())

    async def until_held(self, duty: str) -> None:
        while not self.holds(duty):
            await self._next_change()

    async def until_lost(self, duty: str) -> None:
        """Returns as soon as it is ours no more: by the clock too, when nothing can be asked."""
        while self.holds(duty):
            await self._clock.sleep_until(
                min(self._alive_until, self._clock.monotonic() + RENEWED_EVERY.total_seconds())
            )

    async def end(self) -> None:
        """Others may take over at once."""
        self._alive_until = -1.0
        self._held = {}
        if not self.process_id:
            return
        try:
            async with self._database.transaction() as tx:
                await tx.processes.end(self.process_id, self._clock.now())
        except DatabaseBusy:  # then they wait until its time has passed
            logger.warning("the lease could not be ended", extra={"action": "lease_not_ended"})

    async def _next_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

"""A clock for tests: time stands still while anything can run, then jumps to the next sleeper."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_QUIET_ROUNDS = 20  # of the event loop; a task may pass a lock on before it sleeps again


class VirtualClock:
    """Stands in for SystemClock where tasks wait for this clock and each other only."""

    def __init__(self, start: datetime = _START) -> None:
        self._start = start
        self._elapsed = 0.0  # seconds
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._sleeps = 0
        self._watching = False

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep_until(self, moment: float) -> None:
        if moment <= self._elapsed:
            await asyncio.sleep(0)
            return
        self._sleeps += 1
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, self._sleeps, sleeper))
        self._watch()
        await sleeper

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            self._wait_for_quiet(self._sleeps, _QUIET_ROUNDS)

    def _wait_for_quiet(self, sleeps: int, rounds: int) -> None:
        if sleeps != self._sleeps:
            sleeps, rounds = self._sleeps, _QUIET_ROUNDS
        if rounds:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._wait_for_quiet, sleeps, rounds - 1)
            return
        self._watching = False
        self._wake_next()

    def _wake_next(self) -> None:
        while self._sleepers:
            moment, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():  # else its task was cancelled
                self._elapsed = moment
                sleeper.set_result(None)
                break
        if self._sleepers:
            self._watch()

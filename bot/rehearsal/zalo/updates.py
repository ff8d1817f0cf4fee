"""What waits for one bot. Nothing is ever confirmed: handing it out is all that Zalo does."""

import asyncio
from collections import deque
from dataclasses import dataclass

from bot.rehearsal.zalo.knobs import Updates
from bot.rehearsal.zalo.records import Json

REPLAYS = 3  # how often one update is handed out where they are replayed


@dataclass(slots=True)
class Waiting:
    update: Json
    handed_out: int = 0


class UpdateQueue:
    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._polls: deque[asyncio.Future[None]] = deque()
        self._arrived = asyncio.Event()
        self.lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def open_polls(self) -> int:
        return sum(not poll.done() for poll in self._polls)

    @property
    def is_waited_for(self) -> bool:
        return self.open_polls > 0

    def push(self, update: Json, *, is_kept: bool) -> None:
        """When it is not kept, only an open poll gets it."""
        if not is_kept and not self.is_waited_for:
            self.lost += 1
            return
        self._waiting.append(Waiting(update))
        self._arrived.set()
        self._wake_one()

    async def poll(self, mode: Updates, seconds: float) -> Json | None:
        """One update, the oldest; of two polls that wait the older gets it."""
        if not self._waiting:
            await self._wait(seconds)
        return self._hand_out(mode) if self._waiting else None

    def end_polls(self) -> None:
        """They bring nothing."""
        for poll in self._polls:
            if not poll.done():
                poll.set_result(None)

    async def first(self) -> Json:
        """The oldest, as soon as there is one; it stays."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting[0].update

    def drop_first(self) -> None:
        self._waiting.popleft()

    def _hand_out(self, mode: Updates) -> Json:
        taken = self._waiting.popleft()
        taken.handed_out += 1
        if mode is Updates.REPLAY and taken.handed_out < REPLAYS:
            self._waiting.append(taken)
        return taken.update

    async def _wait(self, seconds: float) -> None:
        poll = asyncio.get_running_loop().create_future()
        self._polls.append(poll)
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return
        finally:
            self._polls.remove(poll)

    def _wake_one(self) -> None:
        for poll in self._polls:
            if not poll.done():
                poll.set_result(None)
                return

"""What sends for one bot, at its pace, and leaves a platform alone that does not answer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.clock import Clock
from jobs.messenger import Messenger, SendError
from jobs.pacing import Pacer

LONGEST_PAUSE = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Line:
    """What sends for one bot, at its pace."""

    messenger: Messenger
    pacer: Pacer
    _missed: bool = False  # the last send reached nothing
    _failed_pings: int = 0  # in a row
    _resting: dict[int, float] = field(default_factory=dict)  # chat -> when it may be written to

    def reached(self) -> None:
        self._missed = False
        self._failed_pings = 0

    def missed(self) -> None:
        self._missed = True

    @property
    def is_paused(self) -> bool:
        return self.pacer.ready_in("") > timedelta(0)

    async def is_open(self) -> bool:
        """False while the platform is paused or does not answer.

        A miss may be the fault of one chat, so the platform itself is asked; only when it does
        not answer either are all deliveries left alone, longer each time. None is used up to
        find out.
        """
        if self.is_paused:
            return False
        if not self._missed:
            return True
        try:
            await self.messenger.ping()
        except SendError:
            wait = timedelta(seconds=2 ** min(self._failed_pings, 10))
            self.pacer.pause(min(wait, LONGEST_PAUSE))
            self._failed_pings += 1
            return False
        self.reached()
        return True

    def rest(self, chat_id: int, address: str, clock: Clock) -> bool:
        """Whether this chat must wait: it is then not offered again before."""
        wait = self.pacer.ready_in(address)
        if wait <= timedelta(0):
            return False
        self._resting[chat_id] = clock.monotonic() + wait.total_seconds()
        return True

    def resting(self, clock: Clock) -> Collection[int]:
        """Chats that must still wait."""
        now = clock.monotonic()
        self._resting = {chat: ready for chat, ready in self._resting.items() if ready > now}
        return self._resting

    def next_ready(self) -> float | None:
        """When (of the clock's `monotonic`) the first of them may be written to."""
        return min(self._resting.values(), default=None)

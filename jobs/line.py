"""What sends for one bot, at its pace, and leaves a platform alone that does not answer."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.clock import Clock
from jobs.messenger import Messenger, SendError
from jobs.pacing import Pacer
from jobs.quota import Quota

LONGEST_PAUSE = timedelta(minutes=1)
# Telegram does not say whom a 429 is for: when so many chats get one within so long, it is the bot
CHATS_COMPLAINING = 3
COMPLAINING_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class Line:
    """What sends for one bot, at its pace."""

    messenger: Messenger
    pacer: Pacer
    at_once: int = 16  # sends in flight: 30 a second at half a second each
    quota: Quota | None = None  # where the platform allows so many messages a month
    answered: bool | None = None  # the platform did, since that was stored last; None: not asked
    is_recalled: bool = False  # whether it did in an earlier life is known
    _missed: bool = False  # the last send reached nothing
    _failed_pings: int = 0  # in a row
    _complaints: deque[tuple[float, str]] = field(default_factory=deque)  # when, for which chat

    def reached(self) -> None:
        self.answered = True
        self._missed = False
        self._failed_pings = 0

    def missed(self) -> None:
        self._missed = True

    async def throttled(
        self, wait: timedelta, chat: str, clock: Clock, *, whole_bot: bool
    ) -> None:
        """One chat alone is left alone; the bot as a whole when many are told to wait."""
        now = clock.monotonic()
        self._complaints.append((now, chat))
        while self._complaints[0][0] < now - COMPLAINING_SECONDS:
            self._complaints.popleft()
        chats = {each for _, each in self._complaints}
        if whole_bot or len(chats) >= CHATS_COMPLAINING:
            self._complaints.clear()
            await self.pacer.pause_all(wait)
        else:
            self.pacer.pause(wait, chat=chat)

    @property
    def is_used_up(self) -> bool:
        """The platform takes nothing more this month."""
        return self.quota is not None and self.quota.is_gone

    @property
    def is_paused(self) -> bool:
        return self.pacer.ready_in("") > timedelta(0)

    async def is_open(self) -> bool:
        """False while the platform is paused, does not answer, or takes no more this month.

        A miss may be the fault of one chat, so the platform itself is asked; only when it does
        not answer either are all deliveries left alone, longer each time. None is used up to
        find out.
        """
        if self.is_paused or self.is_used_up:
            return False
        if not self._missed:
            return True
        try:
            await self.messenger.ping()
        except SendError:
            self.answered = False
            wait = timedelta(seconds=2 ** min(self._failed_pings, 10))
            self.pacer.pause(min(wait, LONGEST_PAUSE))
            self._failed_pings += 1
            return False
        self.reached()
        return True

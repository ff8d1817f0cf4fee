"""How fast each bot and chat may be written to. Replies go before bulk."""

import asyncio
import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.clock import Clock
from jobs.slots import OwnSlots, Slots
from storage.problems import DatabaseBusy

_MINUTE_SECONDS = 60.0
_FEWEST_CHATS_TO_TIDY = 1024
_FEWEST_SECONDS_ASLEEP = 0.008  # at 1000 a second, eight leave at each waking
_MOST_AT_ONCE = 64
_SPARE = 80  # one in so many is left out: some are late on their way and arrive with the next
_SLOWEST = 8.0
_RECOVERS_SECONDS = 60.0  # the pace doubles again after so long without a complaint


@dataclass(slots=True)
class _Chat:
    """What is known of a chat that was written to a moment ago."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # replies go out in their order
    ready_at: float = 0.0
    paused_until: float = 0.0
    sent_at: deque[float] = field(default_factory=deque)  # a group's last minute
    waiting: int = 0

    def is_idle(self, now: float) -> bool:
        return not self.waiting and self.ready_at <= now and not self._sent_since(now)

    def _sent_since(self, now: float) -> bool:
        return bool(self.sent_at) and self.sent_at[-1] > now - _MINUTE_SECONDS


class _Second:
    """What left within the last second: whatever a timer or the machine did, not too many."""

    def __init__(self, per_second: float) -> None:
        self.most = max(1, math.floor(per_second))
        self._left: deque[float] = deque()

    def free_at(self, now: float) -> float:
        while self._left and self._left[0] <= now - 1.0:
            self._left.popleft()
        return now if len(self._left) < self.most else self._left[0] + 1.0

    def add(self, now: float) -> None:
        self._left.append(now)


class Pacer:
    """Hands out the send slots of one bot. Chats are named as the platform names them.

    Telegram: 30 a second in all, 1 a second to a chat, 20 a minute to a group, up to 1000 a
    second where the office pays;
    core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, 2026-11
    """

    def __init__(
        self,
        clock: Clock,
        *,
        slots: Slots | None = None,
        per_second: float = 30,
        paid_per_second: float = 1000,
        chat_gap: timedelta = timedelta(seconds=1),
        group_per_minute: int = 20,
    ) -> None:
        self._clock = clock
        self._slots = slots or OwnSlots(clock)
        allowed = {False: per_second, True: max(per_second, paid_per_second)}
        self._rates = {is_paid: rate - rate // _SPARE for is_paid, rate in allowed.items()}
        self._seconds = {is_paid: _Second(rate) for is_paid, rate in self._rates.items()}
        self._chat_gap_seconds = chat_gap.total_seconds()
        self._group_per_minute = group_per_minute
        self._paused_until = 0.0
        self._slowed_at = -math.inf
        self._slowness = 1.0
        self._woke_at = -math.inf
        self._chats: dict[str, _Chat] = {}
        self._tidy_at = _FEWEST_CHATS_TO_TIDY

    async def reply(self, chat: str, *, is_group: bool) -> None:
        """Returns when a reply to a person may leave."""
        with self._known(chat) as known:
            async with known.turn:
                while True:
                    await self._clock.sleep_until(max(known.ready_at, self._paused_until))
                    try:
                        slot = await self._slots.reserve(1 / self._rates[False])
                    except DatabaseBusy:  # one reply beside the schedule hurts nobody
                        slot = self._clock.monotonic()
                    if await self._left(slot, known, is_group=is_group, is_paid=False):
                        return

    async def bulk(self, chat: str, *, is_group: bool, is_paid: bool = False) -> bool:
        """Returns when one of many may leave; False when this chat, or the bot, must still wait.

        Nobody waits here for a chat, only for the next slot. One after the other: then a reply
        waits for one slot at most. Raises DatabaseProblem.
        """
        with self._known(chat) as known:
            while True:
                ready_at = max(known.ready_at, self._paused_until)
                if known.turn.locked() or ready_at > self._clock.monotonic():
                    return False
                slot = await self._slots.reserve(
                    self._slow_down() / self._rates[is_paid], at_once=_MOST_AT_ONCE
                )
                if await self._left(slot, known, is_group=is_group, is_paid=is_paid):
                    return True

    def rate(self, *, is_paid: bool = False) -> float:
        """Messages a second."""
        return self._rates[is_paid]

    def ready_in(self, chat: str) -> timedelta:
        """How long this chat must still wait; the queue of the whole bot is not counted."""
        known = self._chats.get(chat)
        ready_at = max(self._paused_until, known.ready_at if known else 0.0)
        return timedelta(seconds=max(0.0, ready_at - self._clock.monotonic()))

    def pause(self, wait: timedelta, *, chat: str | None = None) -> None:
        """Nothing leaves here for `wait`: to this chat, or to nobody when none is named."""
        until = self._clock.monotonic() + wait.total_seconds()
        if chat is None:
            self._paused_until = max(self._paused_until, until)
            return
        with self._known(chat) as known:
            known.paused_until = max(known.paused_until, until)
            known.ready_at = max(known.ready_at, until)

    async def pause_all(self, wait: timedelta) -> None:
        """The platform complains of the bot as a whole: no process sends, and then at half pace.

        What had left before a pause began is no reason to go slower still. Raises
        DatabaseProblem.
        """
        if self._paused_until <= self._clock.monotonic():
            self._slowness = min(2 * self._slow_down(), _SLOWEST)
        self.pause(wait)
        self._slowed_at = max(self._paused_until, self._clock.monotonic())
        await self._slots.push(wait)

    @property
    def chats_known(self) -> int:
        return len(self._chats)

    async def _left(self, slot: float, known: _Chat, *, is_group: bool, is_paid: bool) -> bool:
        """Waits for the slot; False when it is worth nothing any more."""
        await self._sleep_until(slot)
        second = self._seconds[is_paid]
        while (free_at := second.free_at(now := self._clock.monotonic())) > now:
            await self._clock.sleep_until(free_at)
        if not self._slots.is_good(slot) or slot < max(self._paused_until, known.paused_until):
            return False
        second.add(now)
        known.ready_at = now + self._chat_gap_seconds
        if is_group:
            self._count_in_group(known, now)
        return True

    async def _sleep_until(self, slot: float) -> None:
        """Not for each message of a thousand a second: a few leave at each waking."""
        if slot > self._clock.monotonic():
            await self._clock.sleep_until(max(slot, self._woke_at + _FEWEST_SECONDS_ASLEEP))
            self._woke_at = self._clock.monotonic()

    def _slow_down(self) -> float:
        """How many times slower than allowed we go since the platform's last complaint."""
        quiet_seconds = max(0.0, self._clock.monotonic() - self._slowed_at)
        if self._slowness > 1.0:
            halvings = min(quiet_seconds / _RECOVERS_SECONDS, 10.0)
            return max(1.0, self._slowness / 2.0 ** math.floor(halvings))
        return 1.0

    def _count_in_group(self, known: _Chat, left_at: float) -> None:
        known.sent_at.append(left_at)
        if len(known.sent_at) >= self._group_per_minute:
            known.ready_at = max(known.ready_at, known.sent_at.popleft() + _MINUTE_SECONDS)

    @contextmanager
    def _known(self, chat: str) -> Iterator[_Chat]:
        if len(self._chats) >= self._tidy_at:
            self._forget_idle()
        known = self._chats.setdefault(chat, _Chat())
        known.waiting += 1
        try:
            yield known
        finally:
            known.waiting -= 1

    def _forget_idle(self) -> None:
        now = self._clock.monotonic()
        self._chats = {name: chat for name, chat in self._chats.items() if not chat.is_idle(now)}
        self._tidy_at = max(_FEWEST_CHATS_TO_TIDY, 2 * len(self._chats))

"""How fast each platform and chat may be written to: an absolute schedule of send slots."""

import asyncio
import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.clock import Clock

# How far ahead bulk may reserve; so much longer a reply may wait for its slot.
_BULK_LEAD_SECONDS = 0.1
# Slots missed by less are still used, so that late timers do not lower the rate: 31 in a second.
_CATCH_UP_SECONDS = 0.03
_MINUTE_SECONDS = 60.0
_FEWEST_CHATS_TO_TIDY = 1024
_NO_SLOT = -math.inf


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


class Pacer:
    """Hands out the send slots of one bot. Chats are named as the platform names them.

    Telegram: 30 a second in all, 1 a second to a chat, 20 a minute to a group;
    core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, 2026-11
    """

    def __init__(
        self,
        clock: Clock,
        *,
        per_second: float = 30,
        chat_gap: timedelta = timedelta(seconds=1),
        group_per_minute: int = 20,
    ) -> None:
        self._clock = clock
        self._slot_seconds = 1 / per_second
        self._chat_gap_seconds = chat_gap.total_seconds()
        self._group_per_minute = group_per_minute
        self._next_slot = _NO_SLOT
        self._paused_until = 0.0
        self._bulk_turn = asyncio.Lock()
        self._chats: dict[str, _Chat] = {}
        self._tidy_at = _FEWEST_CHATS_TO_TIDY

    async def reply(self, chat: str, *, is_group: bool) -> None:
        """Returns when a reply to a person may leave. Goes before bulk."""
        with self._known(chat) as known:
            async with known.turn:
                slot = _NO_SLOT
                while not self._is_open(known, slot):
                    await self._clock.sleep_until(known.ready_at)
                    slot = self._reserve(known, is_group=is_group)
                    await self._clock.sleep_until(slot)

    async def bulk(self, chat: str, *, is_group: bool) -> None:
        """Returns when one of many may leave."""
        with self._known(chat) as known:
            slot = _NO_SLOT
            while not self._is_open(known, slot):
                slot = await self._reserve_behind_replies(known, is_group=is_group)
                await self._clock.sleep_until(slot)

    def ready_in(self, chat: str) -> timedelta:
        """How long this chat must still wait; the queue of the whole bot is not counted."""
        known = self._chats.get(chat)
        ready_at = max(self._paused_until, known.ready_at if known else 0.0)
        return timedelta(seconds=max(0.0, ready_at - self._clock.monotonic()))

    def pause(self, wait: timedelta, *, chat: str | None = None) -> None:
        """Nothing leaves for `wait`: to this chat, or to nobody when none is named."""
        until = self._clock.monotonic() + wait.total_seconds()
        if chat is None:
            self._paused_until = max(self._paused_until, until)
            self._next_slot = max(self._next_slot, until)
            return
        with self._known(chat) as known:
            known.paused_until = max(known.paused_until, until)
            known.ready_at = max(known.ready_at, until)

    @property
    def chats_known(self) -> int:
        return len(self._chats)

    def _is_open(self, known: _Chat, slot: float) -> bool:
        """Whether no pause was declared since the slot was handed out."""
        return slot >= max(self._paused_until, known.paused_until)

    def _reserve(self, known: _Chat, *, is_group: bool) -> float:
        now = self._clock.monotonic()
        slot = max(self._next_slot, now - _CATCH_UP_SECONDS)
        self._next_slot = slot + self._slot_seconds
        leaves_at = max(slot, now)
        known.ready_at = leaves_at + self._chat_gap_seconds
        if is_group:
            self._count_in_group(known, leaves_at)
        return leaves_at

    def _count_in_group(self, known: _Chat, leaves_at: float) -> None:
        known.sent_at.append(leaves_at)
        if len(known.sent_at) >= self._group_per_minute:
            known.ready_at = max(known.ready_at, known.sent_at.popleft() + _MINUTE_SECONDS)

    async def _reserve_behind_replies(self, known: _Chat, *, is_group: bool) -> float:
        while True:
            async with known.turn:
                pass  # replies that wait for this chat go first
            await self._clock.sleep_until(known.ready_at)
            async with self._bulk_turn:
                await self._wait_until_near()
                chat_is_free = known.ready_at <= self._clock.monotonic()
                if chat_is_free and not known.turn.locked():
                    return self._reserve(known, is_group=is_group)

    async def _wait_until_near(self) -> None:
        while True:
            near_at = self._next_slot - _BULK_LEAD_SECONDS
            if near_at <= self._clock.monotonic():
                return
            await self._clock.sleep_until(near_at)

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

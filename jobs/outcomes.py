"""What sends came to, written in batches: at once when few, within 20 ms when many."""

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from jobs.clock import Clock
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy, DatabaseProblem
from storage.records import Outcome, SentPart
from storage.repositories.claims import Claims
from storage.repositories.subscribers import ChatAddress

logger = logging.getLogger(__name__)

# From one write to the next, at least; written, all in all, within 20 ms: what a kill in between
# finds unwritten is sent once more.
FLUSH_SECONDS = 0.010
_LATE_SECONDS = 0.02  # when the database is so slow, nothing more is sent before it has written
_BUSY_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Claimed, but not tried."""

    delivery_id: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChange:
    """What a platform said of a chat: gone, or moved to another address."""

    where: ChatAddress
    moved_to: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A chat did not take a bulletin, and the platform does not say why."""

    chat_id: int
    where: ChatAddress
    delivery_id: int
    at: datetime


Note = SentPart | Outcome | Released | ChatChange | Refusal


@dataclass(kw_only=True)
class Outcomes:
    """Keeps what it cannot write yet: what was sent must be known."""

    database: Database
    process_id: int  # whose claims these are
    clock: Clock
    _notes: list[Note] = field(default_factory=list)
    _come: asyncio.Event = field(default_factory=asyncio.Event)
    _written: asyncio.Event = field(default_factory=asyncio.Event)
    _oldest: float = math.inf  # of what was added and is not being written yet
    _oldest_being_written: float = math.inf
    _flush_began: float = -1.0
    _is_closing: bool = False
    _has_ended: bool = False

    def add(self, *notes: Note) -> None:
        self._notes += notes
        self._oldest = min(self._oldest, self.clock.monotonic())
        self._come.set()

    def close(self) -> None:
        """Nothing more comes: `run` writes what there is, and returns."""
        self._is_closing = True
        self._come.set()

    @property
    def is_open(self) -> bool:
        """False when nothing is written any more: then nothing may be sent."""
        return not self._has_ended

    async def keep_up(self) -> None:
        """Returns when nothing has waited too long: a kill then sends few twice."""
        while self._is_late() and self.is_open:
            self._written.clear()
            await self._written.wait()

    async def run(self) -> None:
        """Until closed; a write must not be cancelled. Raises DatabaseProblem."""
        try:
            while self._notes or not self._is_closing:
                await self._come.wait()
                if not self._is_closing:
                    await self.clock.sleep_until(self._flush_began + FLUSH_SECONDS)
                await self._flush()
        finally:
            self._has_ended = True
            self._written.set()

    def _is_late(self) -> bool:
        oldest = min(self._oldest, self._oldest_being_written)
        return self.clock.monotonic() - oldest > _LATE_SECONDS

    async def _flush(self) -> None:
        """Waits for a database that is only busy."""
        self._come.clear()
        self._flush_began = self.clock.monotonic()
        notes, self._notes = self._notes, []
        self._oldest_being_written, self._oldest = self._oldest, math.inf
        while notes:
            try:
                await self._write(notes)
            except DatabaseBusy:
                logger.warning("the database is busy", extra={"action": "outcome_waits"})
                await self.clock.sleep_until(self.clock.monotonic() + _BUSY_SECONDS)
            except BaseException:
                self._notes = [*notes, *self._notes]
                raise
            else:
                notes = []
        self._oldest_being_written = math.inf
        self._written.set()

    async def _write(self, notes: Sequence[Note]) -> None:
        await self.database.claims(lambda claims: _record(claims, self.process_id, notes))
        for each in notes:
            if isinstance(each, ChatChange | Refusal):
                await self._change_chat(each)

    async def _change_chat(self, change: ChatChange | Refusal) -> None:
        """By itself: what one chat meets must not cost the others their outcomes."""
        try:
            async with self.database.transaction() as tx:
                await _change_chat(tx, change)
        except DatabaseProblem:
            raise
        except Exception:
            logger.exception("a chat could not be changed", extra={"action": "chat_not_changed"})


async def _change_chat(tx: Transaction, change: ChatChange | Refusal) -> None:
    if isinstance(change, Refusal):
        if await tx.refusals.add(change.chat_id, change.delivery_id, change.at):
            await tx.subscribers.mark_gone(change.where, change.at)
    elif change.moved_to:
        await tx.subscribers.move(change.where, change.moved_to, change.at)
    else:
        await tx.subscribers.mark_gone(change.where, change.at)


def _record(claims: Claims, process_id: int, notes: Sequence[Note]) -> None:
    claims.record(
        process_id,
        [each for each in notes if isinstance(each, SentPart)],
        [each for each in notes if isinstance(each, Outcome)],
    )
    released = [each for each in notes if isinstance(each, Released)]
    until_when = sorted(released, key=lambda each: str(each.until or ""))
    for until, some in groupby(until_when, key=lambda each: each.until):
        claims.release(process_id, [each.delivery_id for each in some], until=until)

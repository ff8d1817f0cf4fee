"""A bot's monthly messages: what it may still use, and a messenger that counts.

Zalo's free bots have 3,000 messages a month; sources disagree whether what people write is
counted, so it is; 2026-10.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from jobs.clock import Clock
from jobs.messenger import (
    Address,
    Capabilities,
    Content,
    MaybeSent,
    Messenger,
    Part,
    QuotaGone,
    SendError,
)
from jobs.thrift import HELD_BACK, TRIED_AGAIN_AFTER, Thrift, month_of, room, thrift_at
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy
from storage.records import URGENT, Platform

logger = logging.getLogger(__name__)


class Allowance(NamedTuple):
    """What may be claimed now."""

    most: int
    least_urgent: int


@dataclass(kw_only=True)
class Quota:
    """Of one bot. What it has used is in the database: it survives, and all processes see it."""

    database: Database
    bot_id: int
    clock: Clock
    _gone_at: datetime | None = None  # as last seen
    _unwritten: dict[str, list[int]] = field(default_factory=dict)  # month: sent, received

    @property
    def month(self) -> str:
        return month_of(self.clock.now())

    @property
    def is_gone(self) -> bool:
        """As it was last seen: nothing more may be sent for now."""
        gone_at = self._gone_at
        return gone_at is not None and self.clock.now() < gone_at + TRIED_AGAIN_AFTER

    @property
    def was_gone(self) -> bool:
        """As it was last seen, and nothing has gone through since."""
        return self._gone_at is not None

    async def count(self, month: str, *, sent: int = 0, received: int = 0) -> None:
        """Raises no DatabaseBusy: what cannot be written now is written with the next."""
        counted = self._unwritten.setdefault(month, [0, 0])
        counted[0] += sent
        counted[1] += received
        unwritten, self._unwritten = self._unwritten, {}
        try:
            async with self.database.transaction() as tx:
                for each, (out, in_) in unwritten.items():
                    await tx.quotas.count(self.bot_id, each, sent=out, received=in_)
        except BaseException as error:
            for each, numbers in unwritten.items():
                kept = self._unwritten.setdefault(each, [0, 0])
                kept[0] += numbers[0]
                kept[1] += numbers[1]
            if not isinstance(error, DatabaseBusy):
                raise
            logger.warning("the database is busy", extra={"action": "quota_not_stored"})

    async def received(self, times: int = 1) -> None:
        await self.count(self.month, received=times)

    async def ran_out(self, month: str) -> None:
        """The platform says so. All processes hear of it, and the admins."""
        now = self.clock.now()
        if month == self.month:  # else it was answered after the month had turned
            self._gone_at = now
        try:
            async with self.database.transaction() as tx:
                await tx.quotas.mark_gone(
                    self.bot_id, month, now, again_after=now - TRIED_AGAIN_AFTER
                )
        except DatabaseBusy:  # the next message is told the same
            logger.warning("the database is busy", extra={"action": "quota_not_stored"})

    async def went_through(self, month: str) -> None:
        """Something was taken, although nothing more was to be."""
        try:
            async with self.database.transaction() as tx:
                await tx.quotas.resume(self.bot_id, month)
        except DatabaseBusy:  # the next message does
            logger.warning("the database is busy", extra={"action": "quota_not_stored"})
        else:
            self._gone_at = None

    async def look(self) -> None:
        """Whether it may go on, and what is to be held back. Raises DatabaseProblem."""
        async with self.database.transaction() as tx:
            await self.allow(tx, most=0, least_urgent=URGENT)

    async def allow(
        self, tx: Transaction, *, most: int, least_urgent: int, parts: int = 1
    ) -> Allowance:
        """Of so many, how many may be claimed in this transaction, and how urgent they must be.

        What is not to be sent by itself is held back first. `parts` are the messages that one
        delivery may take: how many it does is known only when it was claimed.
        """
        now = self.clock.now()
        found = await tx.quotas.to_spend(self.bot_id, month_of(now))
        if found is None:
            return Allowance(most, least_urgent)
        spent, in_flight = found
        how = thrift_at(spent, now)
        self._gone_at = spent.gone_at
        if kinds := HELD_BACK[how]:
            await tx.held.hold_back(self.bot_id, kinds, now)
        if how is Thrift.GONE:
            return Allowance(0, URGENT)
        if spent.gone_at is not None:
            most = min(most, max(0, 1 - in_flight))  # one finds out for all
        left = room(spent) // parts - in_flight
        if left <= 0:
            return Allowance(most, URGENT)
        return Allowance(min(most, left), least_urgent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """A messenger whose messages are counted, whoever sends them.

    Before they leave: a kill counts one too many rather than one too few.
    """

    messenger: Messenger
    quota: Quota

    @property
    def platform(self) -> Platform:
        return self.messenger.platform

    @property
    def capabilities(self) -> Capabilities:
        return self.messenger.capabilities

    def render(self, content: Content) -> Sequence[Part]:
        return self.messenger.render(content)

    async def ping(self) -> None:
        """Raises SendError."""
        await self.messenger.ping()

    async def send(self, to: Address, part: Part) -> str:
        """Raises SendError, DatabaseProblem."""
        quota = self.quota
        month, was_gone = quota.month, quota.was_gone
        await quota.count(month, sent=1)
        try:
            message_id = await self.messenger.send(to, part)
        except SendError as error:
            if not isinstance(error, MaybeSent):
                await quota.count(month, sent=-1)
            if isinstance(error, QuotaGone):
                await quota.ran_out(month)
            raise
        if was_gone:
            await quota.went_through(month)
        return message_id

    async def edit(self, to: Address, message_id: str, part: Part) -> None:
        """Raises SendError."""
        await self.messenger.edit(to, message_id, part)

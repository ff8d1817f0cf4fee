"""An office with a bot, over HTTP to a rehearsal Telegram, and a clock that nobody waits for."""

import asyncio
import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.faults import Fault
from jobs.deliver import DeliverCounts, deliver_due
from jobs.fan_out import fan_out_ready
from jobs.lease import Lease
from jobs.line import Line
from jobs.quiet import QuietHours
from storage.database import Database
from storage.records import Claim, Delivery
from tests.samples import NOW, a_bulletin, claimed

QUIET = QuietHours(from_hour=21, to_hour=6)


class ManualClock:
    """Stands still until the test moves it; nobody ever waits."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep_until(self, moment: float) -> None:
        self.seconds = max(self.seconds, moment)
        await asyncio.sleep(0)

    def advance(self, by: timedelta) -> None:
        self.seconds += by.total_seconds()


@dataclass(kw_only=True)
class Deliveries:
    """Of each bulletin."""

    database: Database

    async def bulletin(self, key: str = "k") -> int:
        bulletin = await a_bulletin(self.database, key=key)
        await fan_out_ready(self.database, NOW)
        return bulletin

    async def only(self, bulletin: int) -> Delivery:
        (delivery,) = await self.all(bulletin)
        return delivery

    async def all(self, bulletin: int) -> list[Delivery]:
        async with self.database.transaction() as tx:
            return await tx.outbox.of_bulletin(bulletin)


@dataclass(kw_only=True)
class Office(Deliveries):
    """A bot with a member and a group, over HTTP."""

    server: RehearsalServer
    line: Line
    bot_id: int
    clock: ManualClock
    lease: Lease

    async def deliver(self) -> DeliverCounts:
        await self.lease.renew()
        return await deliver_due(
            self.database,
            {self.bot_id: self.line},
            self.clock,
            lease=self.lease,
            office="Đảng ủy xã Tân Lập",
            quiet=QUIET,
            stopping=asyncio.Event(),
        )

    async def claims(self) -> tuple[int, list[Claim]]:
        """A process's number, and what it has in hand."""
        return await claimed(self.database, self.bot_id, now=self.clock.now())

    async def claimed_by_the_dead(self) -> None:
        """A process claims all that is due, and is killed."""
        process, _ = await self.claims()
        async with self.database.transaction() as tx:
            await tx.processes.end(process, self.clock.now())

    def texts(self, chat: int = MEMBER.id) -> list[str]:
        return self.server.telegram.texts(chat)

    def goes_wrong(self, **how: Any) -> None:  # noqa: ANN401 - Fault's fields
        usual = Fault(chat=MEMBER.id, method="sendMessage", times=1)
        self.server.telegram.faults.add(dataclasses.replace(usual, **how))

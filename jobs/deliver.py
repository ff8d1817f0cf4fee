"""Stage: delivery → messages. The intention is stored before a send, the outcome after."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from jobs.clock import Clock
from jobs.lane import DeliverCounts, Lane
from jobs.lease import Lease
from jobs.line import Line
from jobs.outcomes import Outcomes
from jobs.quiet import QuietHours, is_quiet
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy
from storage.records import URGENT

__all__ = ["DeliverCounts", "deliver_due"]

logger = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 1.0  # for a bot without work, while another has some
_HOUSEKEEPING_SECONDS = 3.0
_ANY = 9  # up to this priority deliveries are claimed


async def deliver_due(  # noqa: PLR0913 - what it needs
    database: Database,
    lines: Mapping[int, Line],
    clock: Clock,
    *,
    lease: Lease,
    office: str,
    quiet: QuietHours,
    stopping: asyncio.Event,
) -> DeliverCounts:
    """Sends what is due, by bot id, until nothing is left or `stopping` is set.

    In quiet hours only what is urgent; the rest waits for their end. Any number of processes
    may do it at once. Raises DatabaseProblem.
    """
    run = _Run(
        database=database,
        lines=lines,
        clock=clock,
        lease=lease,
        office=office,
        quiet=quiet,
        stopping=stopping,
        outcomes=Outcomes(database=database, process_id=lease.process_id, clock=clock),
    )
    if lease.is_alive:
        await run.keep_house(idle_process=lease.process_id)
        await run.work()
    return run.counts


@dataclass(kw_only=True)
class _Run:
    database: Database
    lines: Mapping[int, Line]
    clock: Clock
    lease: Lease
    office: str
    quiet: QuietHours
    stopping: asyncio.Event
    outcomes: Outcomes
    counts: DeliverCounts = field(default_factory=DeliverCounts)
    _working: int = 0
    _kept_house_at: float = 0.0
    _storing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self) -> None:
        """All bots side by side; each is looked at again while another has something to do."""
        writing = asyncio.create_task(self.outcomes.run())
        try:
            async with asyncio.TaskGroup() as group:
                for bot_id, line in self.lines.items():
                    group.create_task(self._work(bot_id, line))
        finally:
            self.outcomes.close()
            await writing

    async def _work(self, bot_id: int, line: Line) -> None:
        lane = Lane(
            database=self.database,
            bot_id=bot_id,
            line=line,
            clock=self.clock,
            office=self.office,
            process_id=self.lease.process_id,
            outcomes=self.outcomes,
            counts=self.counts,
            keep_house=self.keep_house,
        )
        await self._recall(bot_id, line)
        while True:
            self._working += 1
            try:
                await lane.work(least_urgent=self._least_urgent, goes_on=self._goes_on)
            finally:
                self._working -= 1
            if line.answered is not None:
                await self._look_after({bot_id: line}, _nothing)
            if not self._working or not self._goes_on():
                return
            await self.clock.sleep_until(self.clock.monotonic() + _LOOK_AGAIN_SECONDS)

    async def _recall(self, bot_id: int, line: Line) -> None:
        """A bot that was down in an earlier life is asked before anything is sent."""
        if line.is_recalled:
            return
        try:
            async with self.database.transaction() as tx:
                if any(each.id == bot_id and each.down_since for each in await tx.bots.all()):
                    line.missed()
        except DatabaseBusy:
            logger.warning("the database is busy", extra={"action": "delivery_waits"})
        else:
            line.is_recalled = True

    async def _look_after(
        self, lines: Mapping[int, Line], besides: Callable[[Transaction], Awaitable[None]]
    ) -> None:
        """Stores who answers: since when a bot is down all must know, so that another platform
        may take over. One transaction with what is `besides` to do: outcomes wait for each.
        """
        async with self._storing:  # what was seen last is stored last
            seen = {bot_id: line.answered for bot_id, line in lines.items()}
            try:
                async with self.database.transaction() as tx:
                    await besides(tx)
                    for bot_id, answered in seen.items():
                        if answered:
                            await tx.bots.mark_up(bot_id)
                        elif answered is not None:
                            await tx.bots.mark_down(bot_id, self.clock.now())
            except DatabaseBusy:  # with the next look
                logger.warning("the database is busy", extra={"action": "delivery_waits"})
                return
            for bot_id, line in lines.items():
                if line.answered is seen[bot_id]:
                    line.answered = None

    def _goes_on(self) -> bool:
        return (
            not self.stopping.is_set()
            and self.outcomes.is_open  # what nobody writes down would be sent again
            and self.lease.is_alive
            and self.lease.process_id == self.outcomes.process_id
        )

    def _least_urgent(self) -> int:
        return URGENT if is_quiet(self.clock.now(), self.quiet) else _ANY

    async def keep_house(self, *, idle_process: int = 0) -> None:
        """What died in flight is sent once more; what is over is ended; who answers is stored."""
        if self.clock.monotonic() < self._kept_house_at + _HOUSEKEEPING_SECONDS:
            return
        self._kept_house_at = self.clock.monotonic()

        async def recover(tx: Transaction) -> None:
            self.counts.ended += await tx.claims(
                lambda claims: claims.recover(self.clock.now(), idle_process=idle_process)
            )
            self.counts.ended += await tx.deliveries.settle(self.clock.now())

        await self._look_after(self.lines, recover)


async def _nothing(tx: Transaction) -> None:
    pass

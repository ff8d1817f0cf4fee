"""The wiring: builds and closes everything, in one place."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

from bot.bots.office_bot import House
from bot.bots.opening import check_tokens, open_bots
from bot.bots.receiving import Receiving
from bot.commands.alarm_buttons import alarm_buttons
from bot.commands.broadcast_buttons import status_buttons
from bot.settings import Settings
from jobs.clock import Clock
from jobs.compose import compose_new
from jobs.deliver import DeliverCounts, deliver_due
from jobs.extraction import Extraction
from jobs.fan_out import fan_out_ready
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.lease import Lease
from jobs.line import Line
from jobs.poll import poll_sources
from jobs.progress import ProgressCounts, show_progress
from jobs.quiet import QuietHours
from jobs.read_pages import read_pages
from jobs.reading import Reading
from jobs.reread_pages import reread_pages
from jobs.scheduler import Scheduler, Stage, duties
from jobs.summarise import summarise_new
from jobs.takeover import TakeoverCounts, take_over
from jobs.tidy import tidy
from jobs.try_sources import try_sources
from jobs.watch import WatchCounts, watch
from storage.database import Database, open_database
from storage.single import alone
from storage.upgrade import upgrade

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)  # how soon what has become due is seen
WOKEN = timedelta(seconds=10)  # for stages that others wake: only what waited for its time
PROGRESS_EVERY = timedelta(seconds=2)  # edits more often are no easier to read
REREAD_EVERY = timedelta(minutes=1)
TAKE_OVER_EVERY = timedelta(seconds=30)
WATCH_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
DRAIN = timedelta(seconds=10)  # what is being sent at the end may still be answered


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, at the newest version. Raises DatabaseProblem."""
    database = open_database(settings.database_url.get_secret_value())
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


def user_agent() -> str:
    return f"bantin/{version('bantin')}"


async def run(settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None:
    """Until `stop` is set. Raises CannotStart, DatabaseProblem."""
    check_tokens(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        stack.enter_context(alone(database))
        client = await stack.enter_async_context(
            build_client(user_agent(), allowed=settings.allowed_hosts)
        )
        house = House(settings=settings, database=database, clock=clock)
        bots = await stack.enter_async_context(open_bots(house))
        lines = {bot.row.id: bot.line for bot in bots}
        reading = Reading(
            client=client,
            interval=timedelta(seconds=settings.poll_interval_seconds),
            deadline=timedelta(seconds=settings.fetch_deadline_seconds),
            limit_bytes=settings.fetch_limit_bytes,
            hosts=Hosts(clock, gap=timedelta(seconds=settings.fetch_gap_seconds)),
            robots=Robots(clock, user_agent()),
        )
        extraction = await stack.enter_async_context(Extraction())
        lease = Lease(database, clock, name=_process_name())
        stages = _Flow(
            database=database,
            reading=reading,
            extraction=extraction,
            lines=lines,
            lease=lease,
            clock=clock,
            settings=settings,
        ).stages(stop)
        lease.want(*duties(stages), *(bot.duty for bot in bots))
        await lease.renew()
        stack.push_async_callback(lease.end)
        receiving = Receiving(bots=bots, lines=lines, lease=lease, database=database, clock=clock)
        scheduler = Scheduler(stages, clock, lease.holds)
        scheduler.start()
        stack.push_async_callback(scheduler.close, DRAIN)
        stack.callback(stop.set)
        await _until_stopped(
            stop,
            scheduler.broken,
            lease.run(),
            receiving.run(),
        )
    logger.info("stopped", extra={"action": "stopped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """The stages, in their order, with what they need."""

    database: Database
    reading: Reading
    extraction: Extraction
    lines: Mapping[int, Line]
    lease: Lease
    clock: Clock
    settings: Settings

    def stages(self, stop: asyncio.Event) -> list[Stage]:
        database, clock = self.database, self.clock
        read = (database, self.reading, self.extraction, clock)
        return [
            Stage("poll", partial(poll_sources, *read), TICK, wakes=("read", "summarise")),
            Stage("read", partial(read_pages, *read), WOKEN, wakes=("summarise",)),
            Stage("reread", partial(reread_pages, *read), REREAD_EVERY, wakes=("summarise",)),
            Stage("try_sources", partial(try_sources, *read), TICK),
            Stage(
                "summarise",
                lambda: summarise_new(database, self.extraction, clock.now()),
                WOKEN,
                wakes=("compose",),
            ),
            self._at_now("compose", compose_new, WOKEN, "fan_out"),
            self._at_now("fan_out", fan_out_ready, TICK, "deliver"),
            Stage("take_over", self._take_over, TAKE_OVER_EVERY, wakes=("deliver",)),
            Stage("deliver", partial(self._deliver, stop), TICK, is_shared=True),
            Stage("progress", self._show_progress, PROGRESS_EVERY),
            Stage("watch", self._watch, WATCH_EVERY),
            self._at_now("tidy", tidy, TIDY_EVERY),
        ]

    def _at_now(
        self,
        name: str,
        run: Callable[[Database, datetime], Awaitable[Any]],
        every: timedelta,
        *wakes: str,
    ) -> Stage:
        """A stage that takes a moment, not a clock."""
        return Stage(name, lambda: run(self.database, self.clock.now()), every, wakes=wakes)

    @property
    def _quiet(self) -> QuietHours:
        return QuietHours(
            from_hour=self.settings.quiet_from_hour, to_hour=self.settings.quiet_to_hour
        )

    async def _deliver(self, stop: asyncio.Event) -> DeliverCounts:
        return await deliver_due(
            self.database,
            self.lines,
            self.clock,
            lease=self.lease,
            office=self.settings.office,
            quiet=self._quiet,
            stopping=stop,
        )

    async def _take_over(self) -> TakeoverCounts:
        return await take_over(
            self.database,
            tuple(self.lines),
            self.clock.now(),
            after=timedelta(minutes=self.settings.other_platform_after_minutes),
        )

    async def _watch(self) -> WatchCounts:
        return await watch(
            self.database, self.lines, self.clock, quiet=self._quiet, buttons=alarm_buttons
        )

    async def _show_progress(self) -> ProgressCounts:
        return await show_progress(
            self.database,
            self.lines,
            self.clock,
            quiet=self._quiet,
            buttons=status_buttons,
        )


async def _until_stopped(
    stop: asyncio.Event, broken: asyncio.Future[None], *works: Coroutine[Any, Any, None]
) -> None:
    """Raises what ended the program when it was not `stop`."""
    tasks = [asyncio.create_task(each) for each in (_set(stop), *works)]
    try:
        done, _ = await asyncio.wait((*tasks, broken), return_when=asyncio.FIRST_COMPLETED)
        for end in done:
            end.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _set(stop: asyncio.Event) -> None:
    await stop.wait()


def _process_name() -> str:
    """For people who look which machines work."""
    return f"{socket.gethostname()}/{os.getpid()}"

"""One life of the program on a database: stages run until somebody kills it."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from jobs.clock import SystemClock
from jobs.compose import compose_new
from jobs.deliver import deliver_due
from jobs.extraction import Extraction
from jobs.fan_out import fan_out_ready
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.lease import Lease
from jobs.poll import poll_sources
from jobs.quiet import QuietHours
from jobs.read_pages import read_pages
from jobs.reading import Reading
from jobs.summarise import summarise_new
from storage.database import Database, open_database
from storage.records import DeliveryState
from storage.upgrade import upgrade
from tests.flow.town import PATIENCE_SECONDS, Resident, Town
from tests.samples import claimed

CLOCK = SystemClock()
STAGES = ("poll", "summarise", "compose", "fan_out", "deliver")


def opened(folder: Path) -> Database:
    return open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")


async def begun(folder: Path, town: Town, *residents: Resident) -> Database:
    """These receive; the portal was visited once, so what it publishes now is news."""
    database = opened(folder)
    await upgrade(database)
    await town.joined(database, *residents)
    await Life(database, town).poll()
    return database


async def until_all_is_sent(folder: Path) -> None:
    """Till no delivery is open any more."""
    database = opened(folder)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with database.transaction() as tx:
                if set(await tx.outbox.counts()) <= {DeliveryState.SENT}:
                    break
            await CLOCK.sleep_until(CLOCK.monotonic() + 0.1)
    await database.close()


class Life:
    def __init__(self, database: Database, town: Town) -> None:
        self._database = database
        self._town = town

    async def run(self, stages: tuple[str, ...] = STAGES) -> None:
        for name in stages:
            await getattr(self, name)()

    async def poll(self) -> None:
        portal = urlsplit(self._town.server.url)
        allowed = frozenset({(str(portal.hostname), portal.port or 80)})
        async with build_client("bantin/test", allowed=allowed) as client:
            reading = Reading(
                client=client,
                interval=timedelta(0),
                deadline=timedelta(seconds=60),
                limit_bytes=1_000_000,
                hosts=Hosts(CLOCK, gap=timedelta(0)),
                robots=Robots(CLOCK, "bantin/test"),
            )
            async with Extraction() as extraction:
                await poll_sources(self._database, reading, extraction, CLOCK)
                await read_pages(self._database, reading, extraction, CLOCK)

    async def summarise(self) -> None:
        async with Extraction() as extraction:
            await summarise_new(self._database, extraction, CLOCK.now())

    async def compose(self) -> None:
        await compose_new(self._database, CLOCK.now())

    async def fan_out(self) -> None:
        await fan_out_ready(self._database, CLOCK.now())

    async def deliver(self) -> None:
        bots = await self._town.bots(self._database)
        async with AsyncExitStack() as stack:
            lines = {
                bot_id: await stack.enter_async_context(
                    self._town.opened_line(self._database, bot_id, token)
                )
                for token, bot_id in zip(self._town.tokens, bots.values(), strict=True)
            }
            lease = Lease(self._database, CLOCK, name="test")
            await lease.renew()
            await deliver_due(
                self._database,
                lines,
                CLOCK,
                lease=lease,
                office="Đảng ủy xã Tân Lập",
                quiet=QuietHours(from_hour=0, to_hour=0),
                stopping=asyncio.Event(),
            )

    async def begin_a_send(self) -> None:
        """The intention is stored, then the program dies."""
        for bot_id in (await self._town.bots(self._database)).values():
            await claimed(self._database, bot_id, now=CLOCK.now())

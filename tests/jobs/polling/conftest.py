"""Two servers on this machine, a guarded client that may read them, and a desk that polls."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.reading import Reading
from storage.database import Database
from storage.records import SourceKind
from tests.jobs.polling.desk import INTERVAL, OLD, Desk, InThisProcess, MovableClock, a_feed
from tests.samples import a_source
from tests.web import Web, answer, web_server

NOBODYS_PORT = 9


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def server(clock: MovableClock) -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=clock.now) as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with web_server() as web:
        yield web


@pytest.fixture
async def client(web: Web, server: RehearsalServer) -> AsyncIterator[httpx.AsyncClient]:
    ports = {urlsplit(server.url).port or 0, NOBODYS_PORT}
    allowed = web.allowed | {("127.0.0.1", port) for port in ports}
    async with build_client("bantin/test", allowed=allowed) as client:
        yield client


@pytest.fixture
def desk(database: Database, client: httpx.AsyncClient, clock: MovableClock) -> Desk:
    reading = Reading(
        client=client,
        interval=INTERVAL,
        deadline=timedelta(seconds=60),
        limit_bytes=2_000_000,
        hosts=Hosts(clock, gap=timedelta(0)),
        robots=Robots(clock, "bantin/test"),
    )
    return Desk(database=database, reading=reading, extraction=InThisProcess(), clock=clock)


@pytest.fixture
async def feed(desk: Desk, web: Web) -> Web:
    """A feed that was visited once."""
    web.answers["/rss"] = answer("200 OK", a_feed(OLD))
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    return web

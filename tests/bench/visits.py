"""What a visit costs when nothing changed, and how evenly visits are spread."""

import asyncio
import heapq
import multiprocessing
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import httpx

from jobs.extraction import Extraction
from jobs.fetching.guard import Guard
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.poll import poll_sources
from jobs.reading import Reading
from storage.database import Database, open_database
from storage.records import NewSource, SourceKind
from storage.upgrade import upgrade
from tests.jobs.rig import ManualClock
from tests.samples import NOW
from tests.web import answer

SOURCES = 1000
ARTICLES = 30  # as NukeViet's feeds have
ADDED = timedelta(minutes=4)
WATCHED = timedelta(minutes=30)
TICK = timedelta(seconds=1)
HIGHEST_RATIO = 1.5
MOST_TIMES_THE_MEAN = 5
AGENT = "bantin/bench"
_TO_STORE_SECONDS = 0.002  # real ones, for visits whose answer is there

Figure = dict[str, object]


async def visits() -> list[Figure]:
    """1,000 feeds that bring no news: in the same bytes, and in others."""
    with _server() as port:
        return [
            *await _figures(port, "same", "the same bytes"),
            *await _figures(port, "stamped", "another time stamp"),
        ]


async def _figures(port: int, path: str, what: str) -> list[Figure]:
    with TemporaryDirectory() as folder:
        async with _desk(Path(folder), port, path) as desk:
            await desk.watch(ADDED)  # all at once: each one's robots.txt and its first list
            first, desk.requests = desk.requests, Counter()
            cpu_seconds = await desk.watch(WATCHED)
    bare_seconds = await _bare(port, path)
    made = desk.requests.total()
    return [
        {
            "figure": f"CPU of a visit, nothing changed, {what}",
            "value": round(1000 * cpu_seconds / made, 2),
            "unit": "ms",
            "against": round(1000 * bare_seconds, 2),
            "visits": made,
            "goal": f"ratio at most {HIGHEST_RATIO}",
        },
        _spread(f"most requests in a second, all added at once, {what}", first),
        _spread(f"most requests in a second, later, {what}", desk.requests),
    ]


def _spread(figure: str, requests: Counter[int]) -> Figure:
    """Over the time in which there were any: the pauses before and after do not lower the mean."""
    seconds = max(requests) - min(requests) + 1
    return {
        "figure": figure,
        "value": max(requests.values()),
        "unit": "requests",
        "against": round(requests.total() / seconds, 2),
        "goal": f"ratio at most {MOST_TIMES_THE_MEAN}",
    }


class _Clock(ManualClock):
    """Moves to the next sleeper's moment, but only while nobody waits for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()
        self._is_watching = False

    async def sleep_until(self, moment: float) -> None:
        if moment > self.seconds:
            sleeper = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (moment, next(self._number), sleeper))
            self.watch()
            await sleeper

    def watch(self) -> None:
        if self._sleepers and not self._is_watching:
            self._is_watching = True
            asyncio.get_running_loop().call_later(_TO_STORE_SECONDS, self._move)

    def _move(self) -> None:
        self._is_watching = False
        if not self.asking:
            self.seconds, _, sleeper = heapq.heappop(self._sleepers)
            sleeper.set_result(None)
        self.watch()


class _Hosts(Hosts):
    """Tells the clock; without rests, for which it would have to stand still for all others."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__(clock, gap=timedelta(0))
        self._bench_clock = clock

    @asynccontextmanager
    async def turn(self, host: str, *, gap: timedelta = timedelta(0)) -> AsyncIterator[None]:
        clock = self._bench_clock
        clock.asking += 1
        try:
            async with super().turn(host, gap=gap):
                yield
        finally:
            clock.asking -= 1


@dataclass(kw_only=True)
class _Desk:
    database: Database
    reading: Reading
    clock: _Clock
    requests: Counter[int] = field(default_factory=Counter)  # by the second

    async def note(self, _: httpx.Request) -> None:
        self.requests[int(self.clock.monotonic())] += 1

    async def watch(self, lasts: timedelta) -> float:
        """The seconds of CPU that it took, with all that reads pages for us."""
        began, until = _cpu_seconds(), self.clock.now() + lasts
        async with Extraction() as extraction:
            while (now := self.clock.now()) < until:
                await poll_sources(self.database, self.reading, extraction, self.clock)
                if self.clock.now() < now + TICK:
                    self.clock.advance(now + TICK - self.clock.now())
        return _cpu_seconds() - began


def _cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@asynccontextmanager
async def _desk(folder: Path, port: int, path: str) -> AsyncIterator[_Desk]:
    """Each source at a host of its own, all led to one server here."""
    hosts = [f"www.cong{number}.example" for number in range(SOURCES)]
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    await upgrade(database)
    async with database.transaction() as tx:
        for host in hosts:
            url = f"http://{host}:{port}/{path}"
            new = NewSource(name=host, url=url, kind=SourceKind.FEED, topics={"": 1})
            await tx.sources.add(new, NOW)
    clock = _Clock()
    guard = Guard(allowed=frozenset((host, port) for host in hosts), resolve=_here)
    async with build_client(AGENT, guard=guard) as client:
        reading = Reading(
            client=client,
            interval=timedelta(minutes=15),
            deadline=timedelta(seconds=30),
            limit_bytes=8_000_000,
            hosts=_Hosts(clock),
            robots=Robots(clock, AGENT),
        )
        desk = _Desk(database=database, reading=reading, clock=clock)
        client.event_hooks = {"request": [desk.note]}
        yield desk
    await database.close()


async def _here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def _bare(port: int, path: str) -> float:
    """Seconds of CPU of one GET and its parsing, as a plain script would do it."""
    async with httpx.AsyncClient(trust_env=False) as client:
        began = _cpu_seconds()
        for _ in range(SOURCES):
            response = await client.get(f"http://127.0.0.1:{port}/{path}")
            assert len(feedparser.parse(response.content).entries) == ARTICLES
        return (_cpu_seconds() - began) / SOURCES


@contextmanager
def _server() -> Iterator[int]:
    """In a process of its own, whose CPU is not counted."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection) -> None:
    asyncio.run(_answer(told))


async def _answer(told: Connection) -> None:
    stamps = count()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        if path == "/robots.txt":
            writer.write(answer("404 Not Found", connection="close"))
        else:
            feed = _feed(0 if path == "/same" else next(stamps))
            writer.write(answer("200 OK", feed, connection="close", content_type="text/xml"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=256)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _feed(stamp: int) -> bytes:
    """About 30 KB, as a portal's feed is; one article an hour."""
    newest = NOW - timedelta(hours=1)
    words = "Ban Thường vụ Đảng ủy xã họp phiên thường kỳ, bàn việc chăm lo đời sống nhân dân. "
    articles = "".join(
        f"<item><title>Tin số {number} của xã</title><guid>news_{number}</guid>"
        f"<link>https://tanlap.example/vi/news/tin-{number}.html</link>"
        f"<pubDate>{format_datetime(newest - timedelta(hours=number))}</pubDate>"
        f'<description><![CDATA[<img src="/anh/{number}.jpg"/>{words * 6}]]></description></item>'
        for number in range(ARTICLES)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin xã</title>'
        f"<lastBuildDate>{stamp}</lastBuildDate>{articles}</channel></rss>"
    ).encode()

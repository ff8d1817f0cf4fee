"""One look at a source before it is saved: what it is, and what would be read."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.app import user_agent
from bot.cli.problem import Refused
from bot.cli.screen import say
from bot.cli.waiting import waiting
from bot.commands.health import KIND_WORDS
from bot.settings import Settings
from jobs.clock import SystemClock
from jobs.extraction import Extraction
from jobs.fetching.access import USUAL, Access
from jobs.fetching.fetch import Terms, fetch
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.page import Page, PageError
from jobs.reading import Reading
from jobs.scout import Found, Scout, advice_on
from jobs.source_errors import SourceError
from storage.records import Sample, SourceKind

_NO_DAY = "(chưa rõ)  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An address to look at, and what is said of it."""

    url: str
    kind: SourceKind | None = None  # None: to be found out
    config: Mapping[str, Any] = field(default_factory=dict)
    access: Access = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    url: str  # what would be watched: the feed that a page names, or the page
    kind: SourceKind
    config: Mapping[str, Any]
    articles: int
    samples: Sequence[Sample]


async def get(url: str, settings: Settings) -> Page:
    """Raises PageError."""
    terms = Terms(
        limit_bytes=settings.fetch_limit_bytes,
        deadline=timedelta(seconds=settings.fetch_deadline_seconds),
    )
    async with build_client(user_agent(), allowed=settings.allowed_hosts) as client:
        return await fetch(client, url, terms=terms)


def look(url: str, kind: SourceKind | None, settings: Settings) -> Visit:
    """For a person at the terminal. Raises Refused."""
    return look_at(Wish(url=url, kind=kind), settings)


def look_at(wish: Wish, settings: Settings) -> Visit:
    """Raises Refused."""
    say(f"Đang đọc thử {wish.url} …")
    try:
        with waiting("Đang đọc danh sách và vài tin mới nhất …"):
            return asyncio.run(_whole(wish, settings))
    except (PageError, SourceError) as error:
        text = f"Không đọc được nguồn tin này: {error.reason}\n{advice_on(error)}"
        raise Refused(text) from error


async def _whole(wish: Wish, settings: Settings) -> Visit:
    async with open_scout(settings) as scout:
        found = await visit(scout, wish)
        now = SystemClock().now()
        return Visit(
            url=found.url,
            kind=found.kind,
            config=found.config,
            articles=len(found.articles),
            samples=await scout.samples(found, now=now, access=wish.access),
        )


async def visit(scout: Scout, wish: Wish) -> Found:
    """What is listed there. Raises PageError or SourceError."""
    return await scout.look(
        wish.url,
        now=SystemClock().now(),
        kind=wish.kind,
        config=wish.config,
        access=wish.access,
    )


@asynccontextmanager
async def open_scout(settings: Settings) -> AsyncIterator[Scout]:
    """For any number of visits: a server rests between two."""
    clock = SystemClock()
    async with (
        build_client(user_agent(), allowed=settings.allowed_hosts) as client,
        Extraction(workers=1) as extraction,
    ):
        reading = Reading(
            client=client,
            interval=timedelta(0),  # nothing is visited again
            deadline=timedelta(seconds=settings.fetch_deadline_seconds),
            limit_bytes=settings.fetch_limit_bytes,
            hosts=Hosts(clock, gap=timedelta(seconds=settings.fetch_gap_seconds)),
            robots=Robots(clock, user_agent()),
        )
        yield Scout(reading=reading, extraction=extraction)


def show(found: Visit) -> None:
    say(f"Đọc được {found.articles} tin ({KIND_WORDS[found.kind]}): {found.url}")
    say("Những tin mới nhất, như người nhận sẽ đọc:")
    for sample in found.samples:
        say(f"\n  {sample.day or _NO_DAY}  {sample.title}", style="bold")
        say(f"  {sample.words or '(không có câu nào trọn ý, chỉ gửi tiêu đề)'}")
    say()

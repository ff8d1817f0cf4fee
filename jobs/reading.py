"""How pages are fetched, several sources at a time; what the stages that do it share."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from jobs.clock import Clock
from jobs.fetching import robots
from jobs.fetching.access import USUAL, Access
from jobs.fetching.fetch import Enter, Terms, fetch
from jobs.fetching.hosts import Hosts, group_of
from jobs.fetching.robots import Robots
from jobs.page import Page, Unreachable
from storage.records import ArticleContent, Health

Item = TypeVar("Item")

AT_ONCE = 16  # groups of hosts visited at the same time
# what is still due after that is looked at anew, with what became due
RUN_SECONDS = 10.0
# what is wrong with the server, not with one page of it
OF_THE_SERVER = (Health.UNREACHABLE, Health.BLOCKED, Health.CHALLENGE, Health.TLS)
# what a portal shows again from far back is no news, and must not flood anybody
OLDEST_NEWS = timedelta(days=7)
_MOST_CHARS = 200_000  # of an article's text; a longer one is no article


@dataclass(slots=True, kw_only=True)
class Patience:
    """For the further pages of one visit: the first of them is waited for, however slow."""

    clock: Clock
    _asked: list[float] = field(default_factory=list)

    def has_time(self) -> bool:
        """Asked before each page."""
        self._asked.append(self.clock.monotonic())
        return len(self._asked) <= 1 or self._asked[-1] - self._asked[1] <= RUN_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How pages are fetched and how often sources are visited."""

    client: httpx.AsyncClient
    interval: timedelta
    deadline: timedelta
    limit_bytes: int
    hosts: Hosts
    robots: Robots
    patience: Patience | None = None

    async def get(
        self, url: str, *, etag: str = "", last_modified: str = "", access: Access = USUAL
    ) -> Page:
        """Waits for the host's turn. Raises PageError."""
        if self.patience is not None and not self.patience.has_time():
            raise Unreachable("Máy chủ trả lời quá chậm nên chưa đọc hết danh sách.")
        return await fetch(
            self.client,
            url,
            etag=etag,
            last_modified=last_modified,
            terms=self._terms(access, partial(self._as_allowed, access), self.limit_bytes),
        )

    @asynccontextmanager
    async def _as_allowed(self, access: Access, url: httpx.URL) -> AsyncIterator[None]:
        terms = self._terms(access, self._in_turn, robots.LIMIT_BYTES)
        gap = await self.robots.check(url, partial(fetch, self.client, terms=terms))
        async with self.hosts.turn(url.host, gap=gap):
            yield

    def _in_turn(self, url: httpx.URL) -> AbstractAsyncContextManager[None]:
        return self.hosts.turn(url.host)

    def _terms(self, access: Access, enter: Enter, limit_bytes: int) -> Terms:
        return Terms(limit_bytes=limit_bytes, deadline=self.deadline, access=access, enter=enter)


def by_host(items: Iterable[Item], url: Callable[[Item], str]) -> list[list[Item]]:
    """Together what waits for the same host's turn."""
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[group_of(urlsplit(url(item)).hostname or "")].append(item)
    return list(groups.values())


async def in_turn(items: Sequence[Item], work: Callable[[Item], Awaitable[None]]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> None:
        async with slots:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))


def content_hash(content: ArticleContent) -> str:
    """Changes when a reader would read something else."""
    words = "\n".join((content.title, content.lead, *content.paragraphs))
    return hashlib.sha256(words.encode()).hexdigest()


def within_limit(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """As many as an article may have."""
    kept, length = [], 0
    for paragraph in paragraphs:
        length += len(paragraph)
        if length > _MOST_CHARS:
            break
        kept.append(paragraph)
    return tuple(kept)

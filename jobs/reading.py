"""How pages are fetched, several sources at a time; what the stages that do it share."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import httpx

from jobs.page import Page, fetch
from storage.records import ArticleContent

Item = TypeVar("Item")

AT_ONCE = 4  # sources visited at the same time
# what a portal shows again from far back is no news, and must not flood anybody
OLDEST_NEWS = timedelta(days=7)
_MOST_CHARS = 200_000  # of an article's text; a longer one is no article


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How pages are fetched and how often sources are visited."""

    client: httpx.AsyncClient
    interval: timedelta
    deadline: timedelta
    limit_bytes: int

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """Raises PageError."""
        return await fetch(
            self.client,
            url,
            etag=etag,
            last_modified=last_modified,
            limit_bytes=self.limit_bytes,
            deadline=self.deadline,
        )


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

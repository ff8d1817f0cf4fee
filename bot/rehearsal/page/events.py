"""What happens, told to open pages as it happens (Server-Sent Events)."""

import asyncio
import contextlib
import json
from collections.abc import Iterator

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import Gone, while_connected
from bot.rehearsal.page.phones import articles_json, state, told_of
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.world import Event, TelegramWorld

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
]


class Events:
    """An ASGI app: first the whole state, then each change."""

    def __init__(self, world: TelegramWorld, portal: Portal, owner_code: str) -> None:
        self._world = world
        self._portal = portal
        self._owner_code = owner_code
        self._pages: set[asyncio.Queue[Json]] = set()
        world.watchers.append(self._on_event)
        portal.watchers.append(self._on_articles)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        with self._queue() as queue, contextlib.suppress(Gone):
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await while_connected(receive, _tell(queue, send))

    @contextlib.contextmanager
    def _queue(self) -> Iterator[asyncio.Queue[Json]]:
        queue: asyncio.Queue[Json] = asyncio.Queue()
        queue.put_nowait(state(self._world, self._portal, self._owner_code))
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    def _on_event(self, event: Event) -> None:
        if self._pages:
            self._send_all(told_of(self._world, event))

    def _on_articles(self) -> None:
        if self._pages:
            self._send_all([{"kind": "articles", "articles": articles_json(self._portal)}])

    def _send_all(self, told: list[Json]) -> None:
        for queue in self._pages:
            for change in told:
                queue.put_nowait(change)


async def _tell(queue: asyncio.Queue[Json], send: Send) -> None:
    line = "retry: 1000\n\n"  # milliseconds until a page that lost the stream asks again
    while True:
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
        line = f"data: {json.dumps(await queue.get())}\n\n"

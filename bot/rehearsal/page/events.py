"""What happens, told to open pages as it happens (Server-Sent Events)."""

import asyncio
import contextlib
import json
from collections.abc import Iterator

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import Gone, while_connected
from bot.rehearsal.page.phones import event_json, state
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.world import Event, TelegramWorld

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
]


class Events:
    """An ASGI app: first the whole state, then each change."""

    def __init__(self, world: TelegramWorld, portal: Portal) -> None:
        self._world = world
        self._portal = portal
        self._pages: set[asyncio.Queue[Json]] = set()
        world.watchers.append(self._on_event)
        portal.watchers.append(self._on_state)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        with self._queue() as queue, contextlib.suppress(Gone):
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await while_connected(receive, _tell(queue, send))

    @contextlib.contextmanager
    def _queue(self) -> Iterator[asyncio.Queue[Json]]:
        queue: asyncio.Queue[Json] = asyncio.Queue()
        queue.put_nowait(state(self._world, self._portal))
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    def _on_event(self, event: Event) -> None:
        if not self._pages:
            return
        if event.kind in {"chat", "menu"}:
            self._on_state()
        elif told := event_json(self._world, event):
            self._send_all(told)

    def _on_state(self) -> None:
        if self._pages:
            self._send_all(state(self._world, self._portal))

    def _send_all(self, told: Json) -> None:
        for queue in self._pages:
            queue.put_nowait(told)


async def _tell(queue: asyncio.Queue[Json], send: Send) -> None:
    while True:
        line = f"data: {json.dumps(await queue.get())}\n\n".encode()
        await send({"type": "http.response.body", "body": line, "more_body": True})

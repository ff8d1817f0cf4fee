"""What happens, told to open pages as it happens (Server-Sent Events)."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import Gone, while_connected
from bot.rehearsal.page.stage import Stage
from bot.rehearsal.telegram.records import Json

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
]


class Events:
    """An ASGI app: first the whole state, then each change."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pages: set[asyncio.Queue[Json]] = set()
        stage.telegram.watchers.append(lambda event: self._tell_all(lambda: stage.told_of(event)))
        stage.zalo.watchers.append(lambda event: self._tell_all(lambda: stage.told_of_zalo(event)))
        stage.portal.watchers.append(lambda: self._tell_all(stage.told_of_articles))

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        with self._queue() as queue, contextlib.suppress(Gone):
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await while_connected(receive, _tell(queue, send))

    @contextlib.contextmanager
    def _queue(self) -> Iterator[asyncio.Queue[Json]]:
        queue: asyncio.Queue[Json] = asyncio.Queue()
        queue.put_nowait(self._stage.state())
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    def _tell_all(self, told: Callable[[], list[Json]]) -> None:
        if not self._pages:
            return
        for change in told():
            for queue in self._pages:
                queue.put_nowait(change)


async def _tell(queue: asyncio.Queue[Json], send: Send) -> None:
    line = "retry: 1000\n\n"  # milliseconds until a page that lost the stream asks again
    while True:
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
        line = f"data: {json.dumps(await queue.get())}\n\n"

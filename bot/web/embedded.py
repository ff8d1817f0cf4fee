"""An HTTP server that lives in a program of its own, and leaves the signals to it."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

_KEPT_OPEN_SECONDS = 75  # a client's idle connection is not cut under its hands
_LAST_ANSWERS_SECONDS = 2


class EmbeddedServer(uvicorn.Server):
    """`up` is set once it listens; it stops when `down` is. Over `most_at_once`: 503."""

    def __init__(self, app: ASGIApp, *, most_at_once: int | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=most_at_once,
                timeout_keep_alive=_KEPT_OPEN_SECONDS,
                timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
            )
        )
        self.up = asyncio.Event()
        self.down = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.down.wait()

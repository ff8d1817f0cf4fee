"""Serves an app on one address of this machine, as long as it is asked to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.types import ASGIApp

_KEPT_OPEN_SECONDS = 75
_LAST_ANSWERS_SECONDS = 2
_MOST_AT_ONCE = 1000  # connections, idle ones too; the requests of more are answered 503


class AddressTaken(Exception):
    """Nobody can listen there: another program does, or the address is not this machine's."""


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[int]:
    """The port: 0 takes a free one. Raises AddressTaken."""
    listener = _listen(host, port)
    server = _Server(
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
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=_KEPT_OPEN_SECONDS,
            timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await server.up.wait()
    try:
        yield listener.getsockname()[1]
    finally:
        server.down.set()
        await running


class _Server(uvicorn.Server):
    """Leaves the signals to the program it runs in, and stops when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, asyncio switches Nagle's delay off: 40 ms an answer otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressTaken(f"{host}:{port}") from error
    return listener

"""Serves the rehearsal on this machine: the Bot API, the sample portal, the chat page."""

import asyncio
import contextlib
import errno
import socket
import time
from collections.abc import Callable, Generator
from datetime import datetime
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.rehearsal.portal.pages import FEED, LIST
from bot.rehearsal.portal.portal import Portal
from bot.rehearsal.site import Site
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN
from bot.rehearsal.telegram.delivery import WebhookDelivery
from bot.rehearsal.telegram.limits import Limits
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.world import DOCUMENTED_LIMITS, TelegramWorld

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} on {HOST} is taken by another program")
        self.port = port


class RehearsalServer:
    """`async with RehearsalServer(now=clock.now) as server:` serves in the current event loop.

    Port 0 takes a free one. `limits=None` lets the bot write as fast as it can; the limits
    are measured by `monotonic` (seconds). The admin's phone offers to send `owner_code`, if
    there is one.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        port: int = 0,
        token: str = REHEARSAL_TOKEN,
        limits: Limits | None = DOCUMENTED_LIMITS,
        monotonic: Callable[[], float] = time.monotonic,
        owner_code: str = "",
    ) -> None:
        self.telegram = TelegramWorld(token=token, now=now, limits=limits, monotonic=monotonic)
        self.telegram.add_cast()
        self.people = People(self.telegram)
        self.portal = Portal(now=now)
        self._webhook = WebhookDelivery(self.telegram)
        self.port = port
        site = Site(
            self.telegram, self.people, self.portal, owner_code=owner_code, drop=self._drop
        )
        self._uvicorn = _Server(
            uvicorn.Config(
                site,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=75,  # a client's idle connection is not cut under its hands
                timeout_graceful_shutdown=2,
            )
        )
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What a client puts before the token: python-telegram-bot's `base_url`."""
        return f"{self.url}/bot"

    @property
    def file_url(self) -> str:
        """The same for files: python-telegram-bot's `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def portal_url(self) -> str:
        """The portal's list page."""
        return f"{self.url}{LIST}"

    @property
    def feed_url(self) -> str:
        return f"{self.url}{FEED}"

    async def __aenter__(self) -> Self:
        listener = _listen(self.port)
        self.port = listener.getsockname()[1]
        self._tasks = [
            asyncio.create_task(self._uvicorn.serve(sockets=[listener])),
            asyncio.create_task(self._webhook.run()),
        ]
        await self._uvicorn.up.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Long polls and open event streams are cut, not waited for."""
        self._uvicorn.down.set()
        for connection in tuple(self._uvicorn.server_state.connections):
            connection.transport.close()
        serving, posting = self._tasks
        posting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await posting
        await serving

    def _drop(self, scope: Scope) -> None:
        for connection in tuple(self._uvicorn.server_state.connections):
            if not isinstance(connection, H11Protocol):  # for mypy: http="h11" makes no other
                continue
            if connection.client == tuple(scope["client"]):
                connection.transport.close()


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


def _listen(port: int) -> socket.socket:
    # Named TCP, asyncio switches Nagle's delay off: 40 ms an answer otherwise.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return listener

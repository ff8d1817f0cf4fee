"""Serves an app on one address of this machine, as long as it is asked to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from starlette.types import ASGIApp

from bot.web.embedded import EmbeddedServer

_MOST_AT_ONCE = 1000  # connections, idle ones too


class AddressTaken(Exception):
    """Nobody can listen there: another program does, or the address is not this machine's."""


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[int]:
    """The port: 0 takes a free one. Raises AddressTaken."""
    listener = _listen(host, port)
    server = EmbeddedServer(app, most_at_once=_MOST_AT_ONCE)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await server.up.wait()
    try:
        yield listener.getsockname()[1]
    finally:
        server.down.set()
        await running


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

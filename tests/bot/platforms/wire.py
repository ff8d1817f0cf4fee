"""A server on this machine that does with each request what a test tells it, byte by byte."""

import asyncio
import json
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

_LENGTH = re.compile(r"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LINGER_ZERO = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    head: str
    body: bytes

    @property
    def path(self) -> str:
        return self.head.split()[1]


Act = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class Wire:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def wire(*acts: Act, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """One act a request, the last again and again; a connection stays until an act closes it."""
    told = Wire()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                asked = await _read(reader)
                told.asked.append(asked)
                await acts[min(len(told.asked), len(acts)) - 1](asked, writer)
        writer.close()

    async with serving(serve, tls=tls) as port:
        told.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/bot"
        yield told


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Its port; at the end whoever is still connected is cut off."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the end of the test
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        waiting = list(tasks)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = _LENGTH.search(head)
    return Asked(head=head, body=await reader.readexactly(int(length[1]) if length else 0))


def shows(status: int, body: str | bytes = "", **headers: str) -> Act:
    content = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [
        f"{name}: {value}" for name, value in {"content-length": len(content), **named}.items()
    ]
    phrase = HTTPStatus(status).phrase
    said = f"HTTP/1.1 {status} {phrase}\r\n".encode() + "\r\n".join([*lines, "", ""]).encode()

    async def act(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(said + content)
        await writer.drain()

    return act


def says(status: int, description: str, **parameters: int) -> Act:
    answer: dict[str, object] = {
        "ok": False,
        "error_code": status,
        "description": description,
    }
    if parameters:
        answer["parameters"] = parameters
    return shows(status, json.dumps(answer))


def accepts(message_id: int = 5) -> Act:
    return shows(200, json.dumps({"ok": True, "result": {"message_id": message_id}}))


def echoes(status: int) -> Act:
    """A proxy's error page that repeats what it was asked."""

    async def act(asked: Asked, writer: asyncio.StreamWriter) -> None:
        page = f"<p>{asked.head} {asked.body!r} {asked.body.decode(errors='replace')}</p>"
        await shows(status, page)(asked, writer)

    return act


def raw(said: bytes, *, then: Act) -> Act:
    async def act(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        await then(asked, writer)

    return act


async def closes(_asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(_asked: Asked, writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    writer.transport.abort()


async def hangs(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def trickles(_asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Never silent for long, never at an end."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def floods(_asked: Asked, writer: asyncio.StreamWriter) -> None:
    """More than anybody may ask him to keep."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
        await writer.drain()

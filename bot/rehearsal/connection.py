"""One HTTP connection: its body, its answer, whether the client is still there. Plain ASGI."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

T = TypeVar("T")
Outcome = tuple[int, bytes, str]  # status, body and its type


class Gone(Exception):
    """The client left, or the server is closing, before the answer was ready."""


class TooLarge(Exception):
    """The body was longer than it may be; it was read to its end and thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request, and the way to answer it."""

    scope: Scope
    receive: Receive
    send: Send

    async def say(self, status: int, body: bytes, content_type: str) -> None:
        await answer(self.send, status, body, content_type)


async def read_body(receive: Receive, most_bytes: int) -> bytes:
    """Raises Gone, TooLarge."""
    body = bytearray()
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= most_bytes:
            body += chunk
        else:
            body.clear()
        if message.get("more_body", False):
            continue
        if length > most_bytes:
            raise TooLarge
        return bytes(body)


async def answer(send: Send, status: int, body: bytes, content_type: str) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_in_chunks(
    send: Send, chunks: Iterable[bytes], length: int, content_type: str
) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(length).encode()),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
    for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The work's result. Raises Gone when the client leaves first."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(until_gone(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Gone
    finally:
        for waiting in (task, gone):
            waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def header(scope: Scope, name: bytes) -> str:
    values = (value for key, value in scope["headers"] if key == name)
    return next(values, b"").decode("latin-1")

"""A bot's own server, to which webhooks are posted."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Hook:
    """A bot's server: remembers what it was sent and answers the statuses in turn, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    taken: asyncio.Queue[tuple[dict[str, str], dict[str, Any]]] = field(
        default_factory=asyncio.Queue
    )

    async def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Headers (in small letters) and body; an empty body is {}."""
        async with asyncio.timeout(60):
            return await self.taken.get()

    async def next_text(self) -> str:
        _, update = await self.next()
        return str(update["message"]["text"])


@asynccontextmanager
async def serving() -> AsyncIterator[Hook]:
    hook = Hook()
    listener = await asyncio.start_server(_handler(hook), "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/hook"
    async with listener:
        yield hook


def _handler(
    hook: Hook,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        status = hook.statuses.pop(0) if hook.statuses else 200
        hook.taken.put_nowait((headers, json.loads(body or b"{}")))
        writer.write(
            f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        writer.close()

    return handle

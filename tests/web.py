"""A web server on this machine that answers exactly what a test tells it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Write = Callable[[bytes], Awaitable[None]]


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in {"content-length": len(body), **named}.items()]
    return f"HTTP/1.1 {status}\r\n".encode() + "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Web:
    """Answers each path with bytes, or by a coroutine that writes."""

    url: str
    answers: dict[str, bytes | Callable[[Write], Awaitable[None]]] = field(
        default_factory=lambda: {"/robots.txt": answer("404 Not Found")}
    )
    requests: list[str] = field(default_factory=list)
    sent_bytes: int = 0

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """What `build_client` must be told to come here."""
        return frozenset({("127.0.0.1", self.port)})

    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(piece: bytes) -> None:
            writer.write(piece)
            await writer.drain()
            self.sent_bytes += len(piece)

        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            found = self.answers[head.split()[1]]
            await (write(found) if isinstance(found, bytes) else found(write))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client left, as it should
        finally:
            writer.close()


@asynccontextmanager
async def web_server(context: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """`context`: its certificate, when it speaks TLS."""
    web = Web(url="")
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=context)
    scheme = "https" if context else "http"
    web.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield web
    server.close()

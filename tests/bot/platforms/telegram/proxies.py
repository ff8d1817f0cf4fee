"""Proxies on this machine: HTTP and SOCKS5, with a password or without.

Only they know which port a name stands for, so what arrives has come through them.
"""

import asyncio
import base64
import re
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.bot.platforms.wire import serving

USER, PASSWORD = "van-phong", "mat/khau@xa:1 %"
USER_INFO = "van-phong:mat%2Fkhau%40xa%3A1%20%25@"

Ports = Mapping[str, int]  # of each name


@dataclass(kw_only=True)
class Proxy:
    url: str = ""
    asked: list[str] = field(default_factory=list)  # names as the client gave them


@asynccontextmanager
async def http_proxy(
    ports: Ports, *, password: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Proxy]:
    proxy = Proxy()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        if password and _credentials() not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n")
            return
        host = target.partition(":")[0] if method == "CONNECT" else urlsplit(target).hostname or ""
        proxy.asked.append(host)
        there = await asyncio.open_connection("127.0.0.1", ports[host])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n")
            await writer.drain()  # in two pieces, as some do
            writer.write(b"X-Proxy: bantin\r\n\r\n")
        else:
            there[1].write(_as_for_a_server(head))
        await _relay((reader, writer), there)

    async with serving(serve, tls=tls) as port:
        scheme = "https" if tls else "http"
        proxy.url = f"{scheme}://{USER_INFO if password else ''}127.0.0.1:{port}"
        yield proxy


def _as_for_a_server(request: bytes) -> bytes:
    return re.sub(rb"\A(POST|GET) http://[^/]+/", rb"\1 /", request)


def _credentials() -> bytes:
    told = base64.b64encode(f"{USER}:{PASSWORD}".encode())
    return b"Proxy-Authorization: Basic " + told


@asynccontextmanager
async def socks_proxy(
    ports: Ports, *, password: bool = False, scheme: str = "socks5"
) -> AsyncIterator[Proxy]:
    """datatracker.ietf.org/doc/html/rfc1928 and rfc1929"""
    proxy = Proxy()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        ways = await reader.readexactly(count)
        way = 2 if password else 0
        writer.write(bytes([5, way if way in ways else 255]))
        if way not in ways or (password and not await _knows_password(reader, writer)):
            return
        *_, kind = await reader.readexactly(4)
        assert kind == 3, "a name was asked for elsewhere"
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        await reader.readexactly(2)
        proxy.asked.append(host)
        there = await asyncio.open_connection("127.0.0.1", ports[host])
        writer.write(bytes([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        await _relay((reader, writer), there)

    async with serving(serve) as port:
        proxy.url = f"{scheme}://{USER_INFO if password else ''}127.0.0.1:{port}"
        yield proxy


async def _knows_password(reader: StreamReader, writer: StreamWriter) -> bool:
    _, length = await reader.readexactly(2)
    user = await reader.readexactly(length)
    given = await reader.readexactly((await reader.readexactly(1))[0])
    knows = (user.decode(), given.decode()) == (USER, PASSWORD)
    writer.write(bytes([1, 0 if knows else 1]))
    return knows


@asynccontextmanager
async def tls_front(port: int, tls: ssl.SSLContext) -> AsyncIterator[int]:
    """TLS before a server that has none; its own port."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await _relay((reader, writer), await asyncio.open_connection("127.0.0.1", port))

    async with serving(serve, tls=tls) as front:
        yield front


Streams = tuple[StreamReader, StreamWriter]


async def _relay(here: Streams, there: Streams) -> None:
    try:
        await asyncio.gather(_pour(here[0], there[1]), _pour(there[0], here[1]))
    finally:
        there[1].transport.abort()


async def _pour(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            writer.write(_as_for_a_server(piece))
            await writer.drain()
    writer.close()

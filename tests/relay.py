"""A line to PostgreSQL that can be cut, as a network's: what was sent then arrives nowhere."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"  # in a folder that is the server's address


class Relay:
    def __init__(self, server: Path, address: Path) -> None:
        self.address = address
        self.swallows = False  # accepts everything, delivers nothing, says nothing
        self.swallowed = asyncio.Event()  # something
        self._server = server
        self._lines: set[StreamWriter] = set()

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server / _SOCKET)
        self._lines |= {writer, back}
        with suppress(OSError):
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))

    def cut(self) -> None:
        """Both sides hear of it."""
        for line in self._lines:
            line.close()
        self._lines.clear()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        while some := await reader.read(65536):
            if self.swallows:
                self.swallowed.set()
            else:
                writer.write(some)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def relayed(server: Path, folder: Path) -> AsyncIterator[Relay]:
    """`folder` is then an address of the same server."""
    relay = Relay(server, folder)
    listener = await asyncio.start_unix_server(relay.take, folder / _SOCKET)
    try:
        yield relay
    finally:
        listener.close()
        relay.cut()

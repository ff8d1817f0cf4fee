"""One platform's own port, which can be shut as when a network blocks the platform."""

import asyncio
import errno
import socket
from collections.abc import Callable

HOST = "127.0.0.1"
MOST_WAITING = 100  # connections that nobody has accepted yet


class PortTaken(Exception):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} on {HOST} is taken by another program")
        self.port = port


def listen(port: int) -> socket.socket:
    """Port 0 takes a free one. Raises PortTaken."""
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


class Door:
    """Shut, it refuses to connect; opened again, it has the same port.

    `protocol` makes what speaks to one client, `hang_up` ends all that came in by a port.
    """

    def __init__(
        self, protocol: Callable[[], asyncio.Protocol], hang_up: Callable[[int], None]
    ) -> None:
        self._protocol = protocol
        self._hang_up = hang_up
        self.port = 0
        self._listener: socket.socket | None = None  # None while it is shut
        self._accepting: asyncio.Task[asyncio.Server] | None = None
        self._is_in_use = False

    async def start(self, *, is_open: bool) -> None:
        self._is_in_use = True
        await self._open()
        self.stay_open(is_open)

    def stay_open(self, wanted: bool) -> None:
        """Takes effect at once: who connects after this is let in, or refused."""
        if not self._is_in_use:
            return
        if wanted and self._listener is None:
            self._open()
        elif not wanted and self._listener is not None:
            self._shut()

    def stop(self) -> None:
        self._is_in_use = False
        self._shut()

    def _shut(self) -> None:
        if self._accepting is not None and self._accepting.done():
            self._accepting.result().close()
        elif self._accepting is not None:
            self._accepting.cancel()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._hang_up(self.port)

    def _open(self) -> asyncio.Task[asyncio.Server]:
        self._listener = listen(self.port)
        self._listener.listen(MOST_WAITING)
        self.port = self._listener.getsockname()[1]
        serving = asyncio.get_running_loop().create_server(self._protocol, sock=self._listener)
        self._accepting = asyncio.create_task(serving)
        return self._accepting

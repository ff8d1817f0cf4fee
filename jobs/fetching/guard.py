"""Where we may connect: public addresses, the web's ports; checked where a connection is made."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore

from jobs.page import BadAddress, Unreachable

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]  # host, port -> addresses

PORTS = frozenset({80, 443})
_MOST_TRIED = 4  # addresses of one name
_NAMES_AT_ONCE = 16

_NO_SUCH_NAME = "Không tìm thấy máy chủ có tên này."
_NOT_PUBLIC = "Địa chỉ này thuộc mạng nội bộ nên không được đọc."
_BAD_PORT = "Chỉ đọc trang ở cổng 80 và 443."

# addresses inside which an IPv4 address is reached: the network, and how far right it stands.
_WRAPPED = (
    (IPv6Network("::ffff:0:0/96"), 0),  # RFC 4291, 2.5.5.2
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64; RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4; RFC 3056
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4; all that has been given out
# what older Pythons call global; iana.org/assignments/iana-ipv4-special-registry, 2026-11
_SPECIAL = (
    ip_network("192.0.0.0/24"),  # holds a cloud's metadata server
    ip_network("192.88.99.0/24"),
    ip_network("168.63.129.16/32"),  # Azure's own; learn.microsoft.com, 2026-11
    ip_network("2001::/23"),
    ip_network("3fff::/20"),
)


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach it, also when it hides in another form."""
    found = _unwrapped(ip_address(address))
    if isinstance(found, IPv6Address) and found not in _GLOBAL_UNICAST:
        return False
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found in network for network in _SPECIAL)
    )


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        for network, shift in _WRAPPED:
            if address in network:
                return IPv4Address((int(address) >> shift) & 0xFFFF_FFFF)
    return address


class SystemNames:
    """The machine's resolver. A name server that hangs keeps only other names waiting."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_NAMES_AT_ONCE, thread_name_prefix="names")

    async def addresses(self, host: str, port: int) -> list[str]:
        """Best first; RFC 6724. Raises OSError."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(each[4][0]) for each in found))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked: no second look-up can put another in its place."""

    def __init__(
        self,
        *,
        allowed: frozenset[tuple[str, int]],
        resolve: Resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """`allowed`: what an office reads on its own network, exact host and port."""
        self._allowed = allowed
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises BadAddress, Unreachable and what httpcore raises."""
        addresses = await self._checked(host, port)
        share = timeout / len(addresses) if timeout else timeout
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next may be reached: one of IPv6 and IPv4 is often missing
        return await self._network.connect_tcp(
            addresses[-1], port, share, local_address, socket_options
        )

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        is_allowed = (host.lower(), port) in self._allowed
        if not is_allowed and port not in PORTS:
            raise BadAddress(_BAD_PORT)
        try:
            addresses = await self._resolve(host, port)
            is_safe = all(map(is_public, addresses))
        except (OSError, ValueError) as error:  # UnicodeError is a ValueError
            raise Unreachable(_NO_SUCH_NAME) from error
        if not addresses:
            raise Unreachable(_NO_SUCH_NAME)
        if not (is_allowed or is_safe):
            raise BadAddress(_NOT_PUBLIC)
        return addresses[:_MOST_TRIED]

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - httpcore's
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise BadAddress(_NOT_PUBLIC)

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

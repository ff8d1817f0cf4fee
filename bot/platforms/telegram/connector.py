"""Opens connections, through a proxy too; what fails until one stands is NeverLeft."""

import errno
import ssl
from typing import Final
from urllib.parse import unquote, urlsplit

from aiohttp import ClientRequest, ClientSSLError, ClientTimeout, TCPConnector
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from aiohttp_socks import ProxyConnector, ProxyTimeoutError, ProxyType

PROXY_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}  # if not named
_SOCKS: Final = ("socks5", "socks5h")


class NeverLeft(Exception):
    """No byte of the request left this machine. Says what failed, but no address."""

    def __init__(self, what: str, *, is_late: bool = False) -> None:
        super().__init__(what)
        self.is_late = is_late


def open_connector(
    proxy: str | None, *, limit: int, tls: ssl.SSLContext | None
) -> tuple[TCPConnector, str | None]:
    """And the proxy that each request must name: aiohttp speaks to one of HTTP by itself.

    `tls`: whom to trust; None: whom the machine trusts.
    """
    address = urlsplit(proxy or "")
    if address.scheme not in _SOCKS:
        return _Direct(limit=limit, ssl=tls or True), proxy
    socks = _ThroughSocks(
        host=address.hostname or "",
        port=address.port or PROXY_PORTS[address.scheme],
        proxy_type=ProxyType.SOCKS5,
        username=unquote(address.username or "") or None,
        password=unquote(address.password or ""),
        rdns=True,  # where Telegram is blocked, so is its name
        limit=limit,
        ssl=tls or True,
    )
    return socks, None


class _Direct(TCPConnector):
    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - as aiohttp calls it
    ) -> Connection:
        """With all that comes before the request: name, proxy, TLS."""
        try:
            return await super().connect(req, traces, timeout)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was sent
            is_late = isinstance(error, TimeoutError | ProxyTimeoutError)
            failure = NeverLeft(name_of(error), is_late=is_late)
        raise failure  # out here it has no context, which would be aiohttp's error


class _ThroughSocks(_Direct, ProxyConnector):
    pass


def name_of(error: BaseException) -> str:
    """Without the error's text, which may hold the token, an address or a password."""
    name = type(error).__name__
    if isinstance(error, ClientSSLError):
        return name  # its number is none of the system's
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} {errno.errorcode.get(error.errno, error.errno)}"
    code = getattr(error, "status", None) or getattr(error, "error_code", None)
    return f"{name} {code}" if isinstance(code, int) else name

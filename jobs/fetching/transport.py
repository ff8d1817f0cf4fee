"""Carries requests over guarded connections; the one place that builds the client for pages."""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from jobs.fetching.access import STRICT, Tls, adapted, strict_context
from jobs.fetching.guard import Guard, SystemNames
from jobs.page import CUT_OFF, Broken, PageError, Unreachable, Untrusted

MOST_CONNECTIONS = 16
_CONNECT_SECONDS = 10.0
_KEPT_SECONDS = 10.0  # longer than the gap between two requests to one host

# verification results; docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error, 2026-11
_TLS_REASONS = {
    10: "Chứng thư bảo mật (TLS) của máy chủ đã hết hạn.",
    9: "Chứng thư bảo mật (TLS) của máy chủ chưa có hiệu lực.",
    18: "Máy chủ dùng chứng thư bảo mật (TLS) tự cấp.",
    19: "Chứng thư bảo mật (TLS) của máy chủ do nơi không được công nhận cấp.",
    20: "Chứng thư bảo mật (TLS) của máy chủ thiếu chứng thư trung gian, "
    "hoặc do nơi không được công nhận cấp.",
    62: "Chứng thư bảo mật (TLS) của máy chủ được cấp cho tên khác.",
    64: "Chứng thư bảo mật (TLS) của máy chủ được cấp cho địa chỉ khác.",
}
_TLS_LEGACY = "Máy chủ dùng kiểu kết nối bảo mật (TLS) cũ, cần được quản trị viên cho phép."
_TLS_FAILED = "Không lập được kết nối bảo mật (TLS) với máy chủ."


def build_client(
    user_agent: str,
    *,
    allowed: frozenset[tuple[str, int]] = frozenset(),
    guard: Guard | None = None,
    new_context: Callable[[], ssl.SSLContext] = strict_context,
) -> httpx.AsyncClient:
    """The client that `fetch` takes; close it. `user_agent` names us and how to reach us.

    `allowed`: pairs of host and port on the office's own network. A `guard` of one's own
    brings its own `allowed`.
    """
    names = SystemNames()
    transport = GuardedTransport(
        guard or Guard(allowed=allowed, resolve=names.addresses), new_context, names.close
    )
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),  # `fetch` has a deadline for all
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # each visit has its own
        headers={
            "User-Agent": user_agent,
            "Accept": "text/html, application/xhtml+xml, application/xml, text/xml, */*;q=0.5",
            "Accept-Language": "vi, en;q=0.3",
            "Accept-Encoding": "gzip",  # what Body unpacks within a limit
        },
    )


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's own takes no network backend. Raises PageError, not httpx's errors."""

    def __init__(
        self,
        guard: Guard,
        new_context: Callable[[], ssl.SSLContext],
        when_closed: Callable[[], None],
    ) -> None:
        self._guard = guard
        self._new_context = new_context
        self._when_closed = when_closed
        self._pools: dict[Tls, httpcore.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """`tls` among the request's extensions says how the server is trusted."""
        pool = self._pool(request.extensions.get("tls", STRICT))
        url = request.url
        with _translated(has_answered=False):
            response = await pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme,
                        host=url.raw_host,
                        port=url.port,
                        target=url.raw_path,
                    ),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    def _pool(self, tls: Tls) -> httpcore.AsyncConnectionPool:
        if tls not in self._pools:
            self._pools[tls] = httpcore.AsyncConnectionPool(
                ssl_context=adapted(self._new_context(), tls),
                max_connections=MOST_CONNECTIONS,
                keepalive_expiry=_KEPT_SECONDS,
                network_backend=self._guard,
            )
        return self._pools[tls]

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()
        self._when_closed()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated(has_answered=True):
            async for piece in self._response.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


@contextmanager
def _translated(*, has_answered: bool) -> Iterator[None]:
    """What httpcore raises, in our words."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Unreachable("Máy chủ không trả lời.") from error
    except httpcore.ConnectError as error:
        raise _no_connection(error) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if has_answered:
            raise Broken(CUT_OFF) from error
        raise Unreachable("Máy chủ ngắt kết nối hoặc trả lời sai quy cách.") from error


def _no_connection(error: BaseException) -> PageError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Untrusted(_tls_reason(cause))
        cause = cause.__cause__ or cause.__context__
    return Unreachable("Không kết nối được tới máy chủ.")


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _TLS_REASONS.get(
            error.verify_code, "Chứng thư bảo mật (TLS) của máy chủ không hợp lệ."
        )
    if error.reason == "UNSAFE_LEGACY_RENEGOTIATION_DISABLED":
        return _TLS_LEGACY
    return _TLS_FAILED

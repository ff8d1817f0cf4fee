"""Fetches a page: limited in time and size, conditional, never following where it must not.

PageError                 `reason` for a clerk, `health` of the source, `retry_after` if told
├── Unreachable           no connection, no answer in time, a server error: later it may work
├── Broken                the answer is cut off or makes no sense
├── Refused               401, 403, 429: the server does not want us
├── NotThere              404, 410
├── TooLarge
└── BadAddress            not a web address, or with a password in it
"""

import asyncio
import re
import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from storage.records import Health

LIMIT_BYTES = 8 * 1024 * 1024
DEADLINE = timedelta(seconds=20)
_MOST_HOPS = 4
_CONNECT_SECONDS = 10.0
_MOST_CONNECTIONS = 16

_CUT_OFF = "Trang bị cắt ngang giữa chừng."
_BAD_ADDRESS = "Địa chỉ trang không hợp lệ."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one fetch brought. Relative links in it start from `final_url`."""

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str  # with its charset, as sent
    etag: str
    last_modified: str
    not_modified: bool = False


class PageError(Exception):
    """A page that was not fetched. Its text holds no address."""

    health: Health

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Unreachable(PageError):
    health = Health.UNREACHABLE


class Broken(PageError):
    health = Health.BROKEN


class Refused(PageError):
    health = Health.BLOCKED


class NotThere(PageError):
    health = Health.GONE


class TooLarge(PageError):
    health = Health.TOO_LARGE


class BadAddress(PageError):
    health = Health.UNSAFE


def build_client(user_agent: str, *, verify: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    """The client that `fetch` takes; close it. `user_agent` names us and how to reach us."""
    return httpx.AsyncClient(
        verify=verify,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),  # `fetch` has a deadline for all
        limits=httpx.Limits(max_connections=_MOST_CONNECTIONS),
        headers={
            "User-Agent": user_agent,
            "Accept": "text/html, application/xhtml+xml, application/xml, text/xml, */*;q=0.5",
            "Accept-Language": "vi, en;q=0.3",
            "Accept-Encoding": "gzip",  # what _Body unpacks within a limit
        },
    )


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    limit_bytes: int = LIMIT_BYTES,
    deadline: timedelta = DEADLINE,
) -> Page:
    """Raises PageError. `etag` and `last_modified` are sent as they came with the last page."""
    validators = {b"If-None-Match": etag, b"If-Modified-Since": last_modified}
    headers = [(name, value.encode("latin-1")) for name, value in validators.items() if value]
    visit = _Visit(client, headers, limit_bytes)
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            return await visit.run(url)
    except TimeoutError as error:
        seconds = f"{deadline.total_seconds():g}"
        raise Unreachable(f"Máy chủ không trả lời trong {seconds} giây.") from error


class _Visit:
    """One fetch with its hops."""

    def __init__(
        self, client: httpx.AsyncClient, headers: list[tuple[bytes, bytes]], limit_bytes: int
    ) -> None:
        self._client = client
        self._headers = headers
        self._limit_bytes = limit_bytes

    async def run(self, url: str) -> Page:
        here = _checked(url)
        for _ in range(_MOST_HOPS + 1):
            page = await self._hop(url, here)
            if isinstance(page, Page):
                return page
            here = page
        raise Unreachable("Trang chuyển hướng quá nhiều lần.")

    async def _hop(self, url: str, here: httpx.URL) -> Page | httpx.URL:
        """The page, or where it says the page is."""
        with _translated():
            request = self._client.build_request("GET", here, headers=self._headers)
            response = await self._client.send(request, stream=True)
        try:
            if response.has_redirect_location:
                return _checked(response.headers["location"], base=here)
            not_modified = self._is_not_modified(response)
            if not not_modified:
                _check_status(response)
            return Page(
                url=url,
                final_url=str(here),
                status=response.status_code,
                body=b"" if not_modified else await self._body(response),
                content_type=_header(response, b"content-type"),
                etag=_header(response, b"etag"),
                last_modified=_header(response, b"last-modified"),
                not_modified=not_modified,
            )
        finally:
            await response.aclose()

    def _is_not_modified(self, response: httpx.Response) -> bool:
        return response.status_code == httpx.codes.NOT_MODIFIED and bool(self._headers)

    async def _body(self, response: httpx.Response) -> bytes:
        body = _Body(_header(response, b"content-encoding"), self._limit_bytes)
        announced = _header(response, b"content-length")
        if announced.isdecimal():
            body.check_size(int(announced[:20]))
        with _translated(has_answered=True):
            async for chunk in response.aiter_raw():
                body.add(chunk)
        return body.whole()


class _Body:
    """Unpacks while it arrives, so that neither an endless stream nor a gzip bomb fills memory."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._raw_bytes = 0
        self._unpacked = bytearray()
        self._unpacker = _unpacker(encoding)

    def add(self, chunk: bytes) -> None:
        self._raw_bytes += len(chunk)
        self.check_size(self._raw_bytes)
        self._unpacked += self._unpack(chunk)
        self.check_size(len(self._unpacked))

    def check_size(self, size_bytes: int) -> None:
        if size_bytes > self._limit_bytes:
            raise TooLarge(f"Trang lớn hơn {_size(self._limit_bytes)}.")

    def _unpack(self, chunk: bytes) -> bytes:
        if self._unpacker is None:
            return chunk
        room = self._limit_bytes + 1 - len(self._unpacked)
        try:
            return self._unpacker.decompress(chunk, room)
        except zlib.error as error:
            raise Broken("Trang nén bị hỏng.") from error

    def whole(self) -> bytes:
        if self._unpacker is not None and self._raw_bytes and not self._unpacker.eof:
            raise Broken(_CUT_OFF)
        return bytes(self._unpacked)


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)  # 16: with gzip's own header
        case _:
            raise Broken("Máy chủ nén trang theo kiểu không đọc được.")


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / (1024 * 1024)
    return f"{megabytes:.1f} MB".replace(".0 ", " ").replace(".", ",")


def _header(response: httpx.Response, name: bytes) -> str:
    """As it was sent, byte for byte: a validator must go back unchanged."""
    values = (value for key, value in response.headers.raw if key.lower() == name)
    return next(values, b"").decode("latin-1")


def _checked(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """A guard against private addresses belongs here, for each hop, and where one connects."""
    try:
        url = base.join(address) if base else httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unreachable(_BAD_ADDRESS) from error
    if url.scheme not in ("http", "https"):
        raise BadAddress("Địa chỉ phải bắt đầu bằng http:// hoặc https://.")
    if not url.host:
        raise Unreachable(_BAD_ADDRESS)
    if url.userinfo:
        raise BadAddress("Địa chỉ không được chứa tên đăng nhập hay mật khẩu.")
    return url


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    wait = _retry_after(response)
    match status:
        case 429:
            raise Refused(f"Máy chủ báo truy cập quá nhiều ({status}).", retry_after=wait)
        case 401 | 403 | 451:
            raise Refused(f"Máy chủ từ chối ({status}).", retry_after=wait)
        case 404 | 410:
            raise NotThere(f"Trang không còn ở địa chỉ này ({status}).", retry_after=wait)
        case _ if response.is_server_error:
            raise Unreachable(f"Máy chủ đang gặp lỗi ({status}).", retry_after=wait)
        case _:
            raise Unreachable(f"Máy chủ trả lời khác thường ({status}).", retry_after=wait)


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Seconds or a date, which is read by the server's own clock; RFC 9110, 10.2.3."""
    told = _header(response, b"retry-after").strip()
    if re.fullmatch(r"[0-9]{1,9}", told):
        return timedelta(seconds=int(told))
    try:
        until = parsedate_to_datetime(told)
        wait = until - parsedate_to_datetime(_header(response, b"date"))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(wait, timedelta(0))


@contextmanager
def _translated(*, has_answered: bool = False) -> Iterator[None]:
    """What httpx raises, in our words. TransportError is last: the other two are kinds of it."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise Unreachable("Máy chủ không trả lời.") from error
    except httpx.ConnectError as error:
        raise Unreachable(_why_no_connection(error)) from error
    except httpx.TransportError as error:
        if has_answered:
            raise Broken(_CUT_OFF) from error
        raise Unreachable("Máy chủ ngắt kết nối hoặc trả lời sai quy cách.") from error
    except (httpx.InvalidURL, UnicodeError) as error:  # a bad redirect, an impossible host
        raise Unreachable(_BAD_ADDRESS) from error


def _why_no_connection(error: httpx.ConnectError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return "Không tìm thấy máy chủ có tên này."
        if isinstance(cause, ssl.SSLError):
            return "Chứng thư bảo mật (TLS) của máy chủ không hợp lệ."
        cause = cause.__cause__ or cause.__context__
    return "Không kết nối được tới máy chủ."

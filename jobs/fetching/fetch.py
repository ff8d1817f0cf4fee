"""Fetches a page: limited in time and size, conditional, each hop on its way looked at anew."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx

from jobs.fetching.access import STRICT, USUAL, Access
from jobs.fetching.answer import check_body, error_of, fresh_for, header
from jobs.fetching.body import Body
from jobs.page import DEADLINE, LIMIT_BYTES, BadAddress, LedAround, Page, PageError, Unreachable

Enter = Callable[[httpx.URL], AbstractAsyncContextManager[object]]

MOST_HOPS = 5  # RFC 9309, 2.3.1.2, asks for so many on the way to a robots.txt
_KEPT_BYTES = 256 * 1024  # of what came with an error

_BAD_ADDRESS = "Địa chỉ trang không hợp lệ."
# start pages by their paths, as the engines name theirs
_HOME = re.compile(
    r"(?:vi(?:-vn)?)?/?(?:portal|web/guest)?/?(?:pages)?/?(?:home|trang-?chu|index|default|main)?"
    r"(?:\.(?:html?|aspx?|php|jsp))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms one page is fetched."""

    limit_bytes: int = LIMIT_BYTES  # as sent, and as unpacked
    deadline: timedelta = DEADLINE  # for all hops, without the waits of `enter`
    access: Access = USUAL
    enter: Enter = lambda _: nullcontext()  # around each hop: it may wait, or refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    target: httpx.URL
    is_permanent: bool


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    terms: Terms | None = None,
) -> Page:
    """Raises PageError. `etag` and `last_modified` are sent as they came with the last page."""
    validators = {b"If-None-Match": etag, b"If-Modified-Since": last_modified}
    headers = [(name, value.encode("latin-1")) for name, value in validators.items() if value]
    return await _Visit(client, headers, terms or Terms()).run(url)


class _Visit:
    """One fetch with its hops."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        validators: Sequence[tuple[bytes, bytes]],
        terms: Terms,
    ) -> None:
        self._client = client
        self._validators = validators
        self._terms = terms
        self._seconds_left = terms.deadline.total_seconds()
        self._cookies = httpx.Cookies()

    async def run(self, url: str) -> Page:
        start = here = _checked(url)
        moved_to, is_moving = "", True
        for _ in range(MOST_HOPS + 1):
            found = await self._hop(here)
            if isinstance(found, Page):
                is_home = here != start and _is_home(here) and not _is_home(start)
                return replace(found, url=url, moved_to=moved_to, leads_home=is_home)
            here = found.target
            is_moving = is_moving and found.is_permanent
            moved_to = str(here) if is_moving else moved_to
        raise LedAround

    async def _hop(self, here: httpx.URL) -> Page | _Redirect:
        async with self._terms.enter(here):
            loop = asyncio.get_running_loop()
            started = loop.time()
            try:
                async with asyncio.timeout(self._seconds_left):
                    return await self._ask(here)
            except TimeoutError as error:
                seconds = f"{self._terms.deadline.total_seconds():g}".replace(".", ",")
                raise Unreachable(f"Máy chủ không trả lời trong {seconds} giây.") from error
            finally:
                self._seconds_left -= loop.time() - started

    async def _ask(self, here: httpx.URL) -> Page | _Redirect:
        request = self._request(here)
        try:
            response = await self._client.send(request, stream=True)
        except (httpx.RemoteProtocolError, httpx.InvalidURL, ValueError) as error:
            raise Unreachable(_BAD_ADDRESS) from error  # where it redirects to can be nowhere
        try:
            self._cookies.extract_cookies(response)
            if response.has_redirect_location:
                return self._redirect(here, response)
            return await self._page(here, response)
        finally:
            await response.aclose()

    def _request(self, here: httpx.URL) -> httpx.Request:
        access = self._terms.access
        is_own = here.host == access.host  # what a source may do ends at its own server
        headers = list(self._validators)
        if is_own and access.user_agent:
            headers.append((b"User-Agent", access.user_agent.encode("ascii", "replace")))
        extensions = {"tls": access.tls if is_own else STRICT}
        try:
            request = self._client.build_request(
                "GET", here, headers=headers, extensions=extensions
            )
        except (httpx.InvalidURL, ValueError) as error:  # a host that cannot be
            raise Unreachable(_BAD_ADDRESS) from error
        self._cookies.set_cookie_header(request)
        return request

    def _redirect(self, here: httpx.URL, response: httpx.Response) -> _Redirect:
        target = _checked(response.headers["location"], base=here)
        if here.scheme == "https" and target.scheme == "http" and not self._terms.access.to_http:
            raise BadAddress("Trang chuyển hướng từ https sang http, không còn được bảo mật.")
        permanent = (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT)
        return _Redirect(target=target, is_permanent=response.status_code in permanent)

    async def _page(self, here: httpx.URL, response: httpx.Response) -> Page:
        is_known = response.status_code == httpx.codes.NOT_MODIFIED and bool(self._validators)
        if not (is_known or response.is_success):
            raise error_of(response, await _beginning(response))
        body = b"" if is_known else await self._body(response)
        return Page(
            url="",
            final_url=str(here),
            status=response.status_code,
            body=body,
            content_type=header(response, b"content-type"),
            etag=header(response, b"etag"),
            last_modified=header(response, b"last-modified"),
            not_modified=is_known,
            fresh_for=fresh_for(response),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        body = Body(header(response, b"content-encoding"), self._terms.limit_bytes)
        announced = header(response, b"content-length")
        if announced.isdecimal():
            body.check_size(int(announced[:20]))
        async for chunk in response.aiter_raw():
            body.add(chunk)
        whole = body.whole()
        check_body(whole)
        return whole


async def _beginning(response: httpx.Response) -> bytes:
    """Of what came with an error; whatever is wrong with it does not matter."""
    body = Body("", _KEPT_BYTES)
    with suppress(PageError):
        body = Body(header(response, b"content-encoding"), _KEPT_BYTES)
        async for chunk in response.aiter_raw():
            body.add(chunk)
    return body.so_far()[:_KEPT_BYTES]


def _checked(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """By its form; where it leads is looked at where a connection is made."""
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


def _is_home(url: httpx.URL) -> bool:
    return not url.query and bool(_HOME.fullmatch(url.path.strip("/").lower()))

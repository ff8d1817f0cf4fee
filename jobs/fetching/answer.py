"""What a server's answer says beside the page: its status, and when to come again."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from jobs.fetching.wall import is_wall
from jobs.page import Challenged, GoneForGood, NotThere, PageError, Refused, Unreachable

_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,9})', re.IGNORECASE)


def header(response: httpx.Response, name: bytes) -> str:
    """As it was sent, byte for byte: a validator must go back unchanged."""
    values = (value for key, value in response.headers.raw if key.lower() == name)
    return next(values, b"").decode("latin-1")


def check_body(body: bytes) -> None:
    """Raises Challenged when this is no page of the site's."""
    if is_wall(body):
        raise Challenged(body=body)


def error_of(response: httpx.Response, body: bytes) -> PageError:
    """Of an answer that brought no page; `body` is what came with it."""
    if _is_challenge(response, body):
        return Challenged(status=response.status_code, body=body)
    kind, reason = _meaning(response)
    return kind(
        f"{reason} ({response.status_code}).",
        status=response.status_code,
        retry_after=_retry_after(response),
        body=body,
    )


def _is_challenge(response: httpx.Response, body: bytes) -> bool:
    # developers.cloudflare.com: Detect a Challenge Page response, 2026-11
    if header(response, b"cf-mitigated").strip().lower() == "challenge":
        return True
    return response.status_code in (401, 403, 503) and is_wall(body, refused=True)


def _meaning(response: httpx.Response) -> tuple[type[PageError], str]:
    match response.status_code:
        case 429:
            return Refused, "Máy chủ báo truy cập quá nhiều"
        case 401 | 403 | 451:
            return Refused, "Máy chủ từ chối"
        case 404:
            return NotThere, "Trang không còn ở địa chỉ này"
        case 410:
            return GoneForGood, "Trang đã được gỡ bỏ hẳn"
        case _ if response.is_server_error:
            return Unreachable, "Máy chủ đang gặp lỗi"
        case _:
            return Unreachable, "Máy chủ trả lời khác thường"


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Seconds or a date, which is read by the server's own clock; RFC 9110, 10.2.3."""
    told = header(response, b"retry-after").strip()
    if re.fullmatch(r"[0-9]{1,9}", told):
        return timedelta(seconds=int(told))
    try:
        until = parsedate_to_datetime(told)
        wait = until - parsedate_to_datetime(header(response, b"date"))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(wait, timedelta(0))


def fresh_for(response: httpx.Response) -> timedelta | None:
    """How long the server says that nothing changes; RFC 9111, 5.2.2.1."""
    told = header(response, b"cache-control")
    if "no-cache" in told.lower() or "no-store" in told.lower():
        return None
    found = _MAX_AGE.search(told)
    return timedelta(seconds=int(found[1])) if found else None

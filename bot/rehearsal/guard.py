"""Keeps other web pages out: only this machine's names as Host, only our own pages as origin."""

from http import HTTPStatus

import httpx
from starlette.types import Scope, Send

from bot.rehearsal.connection import answer, header

OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PORTS = range(1 << 16)
PAGE_API = "/rehearsal/"


def is_own(url: str) -> bool:
    """An address on this machine, as our own client would read it."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return False
    is_here = parts.scheme in {"http", "https"} and parts.host in OWN_HOSTS
    return is_here and (parts.port or 0) in PORTS


def refusal(scope: Scope) -> str:
    """Why a request is not let in; empty when it is."""
    host = header(scope, b"host")
    if not is_own(f"http://{host}"):
        # A foreign name that resolves to this machine: DNS rebinding.
        return "the rehearsal answers to 127.0.0.1 and localhost only"
    origin = header(scope, b"origin")
    if origin and origin != f"http://{host}":
        return "the rehearsal answers to its own pages only"
    is_api = scope["path"].startswith((PAGE_API, "/bot", "/file/bot", "/zalo/bot"))
    if is_api and header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}:
        return "the rehearsal answers to its own pages only"
    is_act = scope["method"] in WRITES and scope["path"].startswith(PAGE_API)
    if is_act and not header(scope, b"content-type").startswith("application/json"):
        return "acts are sent as application/json"
    return ""


async def refuse(send: Send, reason: str) -> None:
    await answer(send, HTTPStatus.FORBIDDEN, reason.encode(), "text/plain; charset=utf-8")

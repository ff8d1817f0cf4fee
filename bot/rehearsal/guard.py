"""Keeps other web pages out: only this machine's names as Host, only our own pages as origin."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import Scope, Send

from bot.rehearsal.connection import answer, header

OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PAGE_API = "/rehearsal/"


def refusal(scope: Scope) -> str:
    """Why a request is not let in; empty when it is."""
    host = header(scope, b"host")
    if not _is_own(host):
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


def _is_own(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in OWN_HOSTS
    except ValueError:
        return False

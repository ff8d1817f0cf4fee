"""Takes what platforms post: the secret is looked at before a byte of the body is."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

logger = logging.getLogger(__name__)

MOST_BODY_BYTES: Final = 1 << 18
_BODY_SECONDS: Final = 10

Take = Callable[[bytes], Awaitable[None]]


class _TooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hook:
    secret: str
    take: Take


class Hooks:
    """An ASGI app. A path counts by its end: a proxy may have put something before it.

    One that nobody works at in this process answers 503, so that a proxy asks the next one.
    """

    def __init__(self, paths: Collection[str], *, header: str) -> None:
        self._paths = tuple(paths)
        self._header = header
        self._open: dict[str, _Hook] = {}

    @contextmanager
    def open(self, path: str, secret: str, take: Take) -> Iterator[None]:
        """`take` gets each body; the poster is answered when it returns."""
        self._open[path] = _Hook(secret=secret, take=take)
        try:
            yield
        finally:
            del self._open[path]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        status = await self._status(request)
        await Response(status_code=status)(scope, receive, send)

    async def _status(self, request: Request) -> HTTPStatus:
        path = next((each for each in self._paths if request.url.path.endswith(each)), None)
        if path is None:
            return HTTPStatus.NOT_FOUND
        if request.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        hook = self._open.get(path)
        if hook is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        told = request.headers.get(self._header, "")
        if not hmac.compare_digest(told.encode("latin-1"), hook.secret.encode("latin-1")):
            return HTTPStatus.FORBIDDEN
        return await self._take(request, hook)

    async def _take(self, request: Request, hook: _Hook) -> HTTPStatus:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request)
        except _TooLarge:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        except (TimeoutError, ClientDisconnect):
            return HTTPStatus.REQUEST_TIMEOUT
        try:
            await hook.take(body)
        except Exception as error:  # noqa: BLE001 - the poster may try again, others go on
            logger.error(  # noqa: TRY400 - its text may repeat what a person wrote
                "what was posted could not be taken: %s",
                type(error).__name__,
                extra={"action": "hook_failed"},
            )
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY_BYTES:
            raise _TooLarge
    return bytes(body)

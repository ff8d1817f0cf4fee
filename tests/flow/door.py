"""Stands between Zalo and the program's webhook, and may kill the program around one post."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.rehearsal.zalo.probe import SECRET_HEADER
from bot.web.server import serving
from tests.flow.zalo_town import CallingZaloTown


class Moment(StrEnum):
    BEFORE = "before it is posted"
    WITHIN = "while it is taken"
    UNHEARD = "when it is taken, but Zalo does not hear so"
    TAKEN = "when it is taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    word: str
    moment: Moment
    kill: Callable[[], None]


class Door:
    """An ASGI app. `taken` is what the program answered 2xx, as often as it did."""

    def __init__(self, port: int) -> None:
        self.taken: list[str] = []
        self.trap: Trap | None = None
        self._program = f"http://127.0.0.1:{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        status = await self._let_through(request, body, _words(body))
        await Response(status_code=status)(scope, receive, send)

    async def _let_through(self, request: Request, body: bytes, word: str) -> int:
        trap = self.trap if self.trap is not None and self.trap.word == word else None
        if trap is None:
            return await self._post(request, body, word)
        self.trap = None
        if trap.moment is Moment.BEFORE:
            trap.kill()
            return HTTPStatus.BAD_GATEWAY
        if trap.moment is Moment.WITHIN:
            return await self._post(request, _then(body, trap.kill), word)
        status = await self._post(request, body, word)
        if not httpx.codes.is_success(status):
            self.trap = trap  # it was too busy to take it: Zalo comes again
            return status
        trap.kill()
        return HTTPStatus.BAD_GATEWAY if trap.moment is Moment.UNHEARD else status

    async def _post(
        self, request: Request, content: bytes | AsyncIterator[bytes], word: str
    ) -> int:
        kept = ("content-type", "content-length", SECRET_HEADER.lower())
        headers = {name: request.headers[name] for name in kept}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            try:
                answer = await http.post(
                    f"{self._program}{request.url.path}", content=content, headers=headers
                )
            except httpx.TransportError:
                return HTTPStatus.BAD_GATEWAY
        if answer.is_success:
            self.taken.append(word)
        return answer.status_code


async def _then(body: bytes, act: Callable[[], None]) -> AsyncIterator[bytes]:
    """Acts as soon as the body is sent."""
    yield body
    act()


def _words(body: bytes) -> str:
    """What somebody wrote; nothing in what Zalo posts to try the address."""
    told = json.loads(body or b"{}")
    return str(told.get("result", {}).get("message", {}).get("text", ""))


@asynccontextmanager
async def a_door(town: CallingZaloTown) -> AsyncIterator[Door]:
    """Zalo posts to it from now on."""
    door = Door(town.port)
    async with serving(door, host="127.0.0.1", port=0) as port:
        town.called_at = port
        yield door

"""The Bot API over HTTP: /bot<token>/<method>, with whatever fault is set for the call."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import (
    Gone,
    TooLarge,
    answer,
    header,
    read_body,
    until_gone,
    while_connected,
)
from bot.rehearsal.telegram.errors import TOO_LARGE, ApiError, too_many_requests
from bot.rehearsal.telegram.faults import DESCRIPTIONS, Fault, FaultKind
from bot.rehearsal.telegram.methods.table import METHODS, NAMES
from bot.rehearsal.telegram.params import Params, read_params
from bot.rehearsal.telegram.records import Done, Json
from bot.rehearsal.telegram.world import TelegramWorld

PATH = re.compile(r"/bot(?P<token>[^/]*)/(?P<method>[^/]*)/?")
TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
BAD_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>"
)
MOST_UPLOAD_BYTES = 50 << 20  # core.telegram.org/bots/api#sending-files
MOST_BESIDE_BYTES = 1 << 16  # the other parameters of an upload
GARBAGE = b"<!DOCTYPE html><p>It works!</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    method: str
    params: Params
    scope: Scope
    receive: Receive
    send: Send

    async def say(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        await answer(self.send, status, body, content_type)


class BotApi:
    """An ASGI app. `drop` closes the connection that a scope belongs to."""

    def __init__(self, world: TelegramWorld, drop: Callable[[Scope], None]) -> None:
        self._world = world
        self._drop = drop
        self._polls: list[Scope] = []  # that wait
        world.faults.watchers.append(self._cut_polls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(Gone):
            try:
                body = await read_body(receive, MOST_UPLOAD_BYTES + MOST_BESIDE_BYTES)
                method = self._method(scope["path"])
                params = read_params(scope["query_string"], header(scope, b"content-type"), body)
            except TooLarge:
                too_large = ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
                await answer(send, *self._refusal(too_large), "application/json")
                return
            except ApiError as error:
                await answer(send, *self._refusal(error), "application/json")
                return
            call = Call(method=method, params=params, scope=scope, receive=receive, send=send)
            self._world.traffic.methods[method].note(self._world.monotonic())
            fault = self._world.faults.take(method, params.integer("chat_id") or None)
            if fault is None:
                await call.say(*await self._outcome(call))
            else:
                await self._fail(call, fault)

    def _method(self, path: str) -> str:
        match = PATH.fullmatch(path)
        if match is None or not TOKEN.fullmatch(match["token"]):
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
        if match["token"] != self._world.token:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")
        name = NAMES.get(match["method"].lower())
        if name is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
        return name

    async def _outcome(self, call: Call) -> tuple[int, bytes]:
        work = METHODS[call.method](self._world, call.params)
        try:
            result = await (self._poll(call, work) if call.method == "getUpdates" else work)
        except ApiError as error:
            return self._refusal(error)
        return HTTPStatus.OK, _encoded(_acceptance(result))

    async def _poll(self, call: Call, work: Coroutine[Any, Any, object]) -> object:
        self._polls.append(call.scope)
        try:
            return await while_connected(call.receive, work)
        finally:
            self._polls.remove(call.scope)

    def _cut_polls(self) -> None:
        """A Telegram that is down leaves nobody waiting."""
        if self._world.faults.is_down:
            for scope in self._polls:
                self._drop(scope)

    async def _fail(self, call: Call, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.DOWN | FaultKind.UNREACHABLE:
                self._drop(call.scope)
                await until_gone(call.receive)
            case FaultKind.SILENCE_BEFORE:
                await until_gone(call.receive)
            case FaultKind.SILENCE_AFTER:
                await self._outcome(call)
                await until_gone(call.receive)
            case FaultKind.SLOW:
                outcome = await self._outcome(call)
                await while_connected(call.receive, asyncio.sleep(fault.seconds))
                await call.say(*outcome)
            case FaultKind.GARBAGE:
                await self._outcome(call)
                await call.say(HTTPStatus.OK, GARBAGE, "text/html")
            case FaultKind.BAD_GATEWAY:
                await call.say(HTTPStatus.BAD_GATEWAY, BAD_GATEWAY_PAGE, "text/html")
            case _:
                await call.say(*self._refusal(_error_of(fault)))

    def _refusal(self, error: ApiError) -> tuple[int, bytes]:
        self._world.traffic.refused[error.code] += 1
        refusal: Json = {
            "ok": False,
            "error_code": int(error.code),
            "description": error.description,
        }
        if error.parameters is not None:
            refusal["parameters"] = error.parameters
        return error.code, _encoded(refusal)


def _acceptance(result: object) -> Json:
    if isinstance(result, Done):
        return {"ok": True, "result": True, "description": result.description}
    return {"ok": True, "result": result}


def _error_of(fault: Fault) -> ApiError:
    if fault.kind is FaultKind.TOO_MANY:
        return too_many_requests(max(1, round(fault.seconds)))
    return ApiError(int(fault.kind.value), fault.description or DESCRIPTIONS[fault.kind])


def _encoded(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()

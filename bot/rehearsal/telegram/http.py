"""The Bot API over HTTP: /bot<token>/<method>, with whatever fault is set for the call."""

import contextlib
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from bot.rehearsal.connection import (
    Exchange,
    Gone,
    Outcome,
    TooLarge,
    answer,
    header,
    read_body,
    while_connected,
)
from bot.rehearsal.failing import fail
from bot.rehearsal.telegram.errors import TOO_LARGE, ApiError, too_many_requests
from bot.rehearsal.telegram.faults import DESCRIPTIONS, Fault
from bot.rehearsal.telegram.methods.table import METHODS, NAMES
from bot.rehearsal.telegram.params import Params, read_params
from bot.rehearsal.telegram.records import Done, Json
from bot.rehearsal.telegram.world import TelegramWorld

PATH = re.compile(r"/bot(?P<token>[^/]*)/(?P<method>[^/]*)/?")
TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
MOST_UPLOAD_BYTES = 50 << 20  # core.telegram.org/bots/api#sending-files
MOST_BESIDE_BYTES = 1 << 16  # the other parameters of an upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Exchange):
    method: str
    params: Params

    @property
    def chat(self) -> int | None:
        return self.params.integer("chat_id") or None

    def meets(self, fault: Fault) -> bool:
        return fault.concerns(self.method, self.chat)


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
                await answer(send, *self._refusal(too_large))
                return
            except ApiError as error:
                await answer(send, *self._refusal(error))
                return
            call = Call(method=method, params=params, scope=scope, receive=receive, send=send)
            self._world.traffic.methods[method].note(self._world.monotonic())
            fault = self._world.faults.take(call.meets)
            if fault is None:
                await call.say(*await self._outcome(call))
            else:
                await fail(
                    call,
                    fault,
                    work=lambda: self._outcome(call),
                    refusal=lambda: self._refusal(_error_of(fault)),
                    drop=self._drop,
                )

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

    async def _outcome(self, call: Call) -> Outcome:
        work = METHODS[call.method](self._world, call.params)
        try:
            result = await (self._poll(call, work) if call.method == "getUpdates" else work)
        except ApiError as error:
            return self._refusal(error)
        return _json(HTTPStatus.OK, _acceptance(result))

    async def _poll(self, call: Call, work: Coroutine[Any, Any, object]) -> object:
        self._polls.append(call.scope)
        try:
            return await while_connected(call.receive, work)
        finally:
            self._polls.remove(call.scope)

    def _cut_polls(self) -> None:
        """A Telegram that is down leaves nobody waiting."""
        if self._world.faults.is_down(lambda fault: fault.concerns("getUpdates", None)):
            for scope in self._polls:
                self._drop(scope)

    def _refusal(self, error: ApiError) -> Outcome:
        self._world.traffic.refused[error.code] += 1
        refusal: Json = {
            "ok": False,
            "error_code": int(error.code),
            "description": error.description,
        }
        if error.parameters is not None:
            refusal["parameters"] = error.parameters
        return _json(error.code, refusal)


def _acceptance(result: object) -> Json:
    if isinstance(result, Done):
        return {"ok": True, "result": True, "description": result.description}
    return {"ok": True, "result": result}


def _error_of(fault: Fault) -> ApiError:
    if fault.code == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many_requests(max(1, round(fault.seconds)))
    status = HTTPStatus(fault.code)
    return ApiError(status, fault.description or DESCRIPTIONS.get(status, status.phrase))


def _json(status: int, said: Json) -> Outcome:
    return status, json.dumps(said, separators=(",", ":")).encode(), "application/json"

"""The Bot Platform over HTTP: /zalo/bot<token>/<method>, with whatever is set for the call."""

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
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.errors import (
    INTERNAL_ERROR,
    TOO_MANY_TESTS,
    UNAUTHORIZED,
    ApiError,
    bad_request,
    not_found,
)
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import ErrorStatus, Idle, WrongToken
from bot.rehearsal.zalo.methods.table import METHODS
from bot.rehearsal.zalo.params import Params, read_params
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.world import ZaloWorld

PREFIX = "/zalo/bot"
PATH = re.compile(r"/zalo/bot(?P<token>[^/]*)/(?P<method>[^/]*)/?")
MOST_BODY_BYTES = 1 << 20
WRONG_TOKEN_PAGE = b"<!DOCTYPE html><title>401</title><p>Unauthorized</p>"


class NotJson(Exception):
    """The answer to a wrong token, where that is a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Exchange):
    bot: Account
    method: str
    params: Params

    @property
    def chat(self) -> str:
        return str(self.params.raw.get("chat_id") or "")

    def meets(self, fault: Fault) -> bool:
        return fault.concerns(self.bot.id, self.method, self.chat)


class ZaloApi:
    """An ASGI app. `drop` closes the connection that a scope belongs to."""

    def __init__(self, world: ZaloWorld, drop: Callable[[Scope], None]) -> None:
        self._world = world
        self._drop = drop
        self._polls: list[Call] = []  # that wait
        world.faults.watchers.append(self._cut_polls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(Gone):
            try:
                call = await self._call(scope, receive, send)
            except ApiError as error:
                await answer(send, *self._refusal(error))
                return
            except NotJson:
                await answer(send, HTTPStatus.UNAUTHORIZED, WRONG_TOKEN_PAGE, "text/html")
                return
            self._world.calls[call.method] += 1
            if self._world.knobs.latency_seconds:
                await while_connected(receive, asyncio.sleep(self._world.knobs.latency_seconds))
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

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> Call:
        """Raises ApiError, Gone, NotJson."""
        try:
            body = await read_body(receive, MOST_BODY_BYTES)
        except TooLarge:
            raise bad_request("Bad request: the body is too large") from None
        match = PATH.fullmatch(scope["path"])
        if match is None or scope["method"] not in {"GET", "POST"}:
            raise not_found()
        bot = self._world.bots.get(match["token"])
        if bot is None:
            if self._world.knobs.wrong_token is WrongToken.HTML:
                raise NotJson
            raise ApiError(HTTPStatus.UNAUTHORIZED, UNAUTHORIZED)
        if match["method"] not in METHODS:
            raise not_found()
        params = read_params(scope["query_string"], header(scope, b"content-type"), body)
        return Call(
            bot=bot,
            method=match["method"],
            params=params,
            scope=scope,
            receive=receive,
            send=send,
        )

    async def _outcome(self, call: Call) -> Outcome:
        work = METHODS[call.method](self._world, call.bot, call.params)
        try:
            result = await (self._poll(call, work) if call.method == "getUpdates" else work)
        except ApiError as error:
            return self._refusal(error, is_idle=call.method == "getUpdates")
        said: Json = {"ok": True} if result is None else {"ok": True, "result": result}
        return _json(HTTPStatus.OK, said | {"error_code": 0})

    async def _poll(self, call: Call, work: Coroutine[Any, Any, object]) -> object:
        self._polls.append(call)
        try:
            return await while_connected(call.receive, work)
        finally:
            self._polls.remove(call)

    def _cut_polls(self) -> None:
        """A Zalo that is down leaves nobody waiting."""
        for call in self._polls:
            if self._world.faults.is_down(call.meets):
                self._drop(call.scope)

    def _refusal(self, error: ApiError, *, is_idle: bool = False) -> Outcome:
        knobs = self._world.knobs
        if is_idle and error.code == HTTPStatus.REQUEST_TIMEOUT:
            is_mirrored = knobs.idle is Idle.STATUS_408
        else:
            is_mirrored = knobs.errors is ErrorStatus.MIRRORED
            self._world.refused[error.code] += 1
        code = "errorCode" if error.code == TOO_MANY_TESTS else "error_code"  # so documented
        said = {"ok": False, "description": error.description, code: error.code}
        return _json(error.code if is_mirrored else HTTPStatus.OK, said)


def _error_of(fault: Fault) -> ApiError:
    return ApiError(fault.code, fault.description or INTERNAL_ERROR)


def _json(status: int, said: Json) -> Outcome:
    return status, json.dumps(said, separators=(",", ":")).encode(), "application/json"

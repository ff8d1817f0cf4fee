"""Calls methods of the Bot Platform. The token stands in the address, so nothing shows one."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.events import Json
from bot.platforms.zalo.answer import Answer, read_answer
from bot.platforms.zalo.errors import (
    NotFound,
    NothingNew,
    lost,
    safe,
    speaks_of_webhook,
    translate,
)
from jobs.messenger import SendError, TokenRefused, Unreachable

_CONNECT: Final = timedelta(seconds=10)
_CONNECTIONS: Final = 16
_IDLE_SECONDS: Final = 20.0
_MOST_ANSWER_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot as Zalo knows it."""

    id: str
    name: str  # as people mention it; the account's name where Zalo tells no other
    account_name: str
    can_join_groups: bool


class ZaloClient:
    """Speaks through httpx's transport: its client would log every address, and so the token."""

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        transport: httpx.AsyncBaseTransport,
        answer_within: timedelta,
    ) -> None:
        self._base = f"{api_url}{token}"
        self._transport = transport
        self._answer_within = answer_within

    def __repr__(self) -> str:
        return "ZaloClient()"

    async def call(self, method: str, wait: timedelta = timedelta(0), **parameters: object) -> Any:  # noqa: ANN401 - each method's own result
        """`wait`: so much longer than usual the answer may take. Raises SendError."""
        answer = await self.ask(method, wait, **parameters)
        if answer.is_success:
            return answer.result
        raise translate(answer)

    async def ask(
        self, method: str, wait: timedelta = timedelta(0), **parameters: object
    ) -> Answer:
        """What came back, whatever it says. Raises SendError when nothing did."""
        try:
            return await self._exchange(method, parameters, self._answer_within + wait)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is not kept
            failure = lost(error)
        raise failure  # out here it has no context, which could show the address

    async def who_am_i(self) -> Me:
        """Raises SendError; TokenRefused when the token is wrong."""
        try:
            told = await self.call("getMe")
        except NotFound:  # there is no such path
            raise TokenRefused("Zalo knows no bot of this token") from None
        if not isinstance(told, dict):
            raise Unreachable("the answer names no bot")
        account_name = str(told.get("account_name") or "")
        return Me(
            id=str(told.get("id") or ""),
            name=str(told.get("display_name") or account_name),
            account_name=account_name,
            can_join_groups=told.get("can_join_groups") is True,
        )

    async def updates(self, wait: timedelta) -> list[Json]:
        """None or one, as documented; a list is taken too. Raises SendError."""
        try:
            found = await self.call("getUpdates", wait, timeout=int(wait.total_seconds()))
        except NothingNew:
            return []
        except SendError as error:
            if speaks_of_webhook(error):
                raise ReceivedElsewhere("a webhook receives the updates") from None
            raise
        updates = found if isinstance(found, list) else [found]
        return [each for each in updates if isinstance(each, dict) and each]

    async def webhook_url(self) -> str:
        """Where updates are posted to; empty: nowhere. Raises SendError."""
        try:
            told = await self.call("getWebhookInfo")
        except NotFound:
            return ""
        return str(told.get("url") or "") if isinstance(told, dict) else ""

    async def set_webhook(self, url: str, secret: str) -> str:
        """What Zalo found there at once, in its words; empty: all is well. Raises SendError."""
        told = await self.call("setWebhook", url=url, secret_token=secret)
        return _trouble(told.get("verification") if isinstance(told, dict) else None)

    async def delete_webhook(self) -> None:
        """Raises SendError."""
        await self.call("deleteWebhook")

    async def try_webhook(self) -> str:
        """As `set_webhook` tells it. Raises SendError: some times a day, or never, it is tried."""
        told = await self.call("testWebhook")
        if not isinstance(told, dict) or "ok" not in told:
            raise Unreachable("the answer does not tell what was found at the webhook")
        return _trouble(told)

    async def _exchange(
        self, method: str, parameters: Mapping[str, object], within: timedelta
    ) -> Answer:
        """Raises TimeoutError, UnicodeError, httpx.TransportError."""
        seconds = within.total_seconds()
        connect = min(_CONNECT.total_seconds(), seconds)
        request = httpx.Request(
            "POST",
            f"{self._base}/{method}",
            content=json.dumps(parameters, ensure_ascii=False).encode(),
            headers={"content-type": "application/json", "accept": "application/json"},
            extensions={
                "timeout": {
                    "connect": connect,
                    "pool": connect,
                    "write": seconds,
                    "read": seconds,
                }
            },
        )
        async with asyncio.timeout(seconds + 2 * connect):  # an answer that trickles ends too
            answer = await self._transport.handle_async_request(request)
            try:
                return read_answer(answer.status_code, await _content(answer))
            finally:
                await answer.aclose()


def _trouble(found: object) -> str:
    if not isinstance(found, dict) or found.get("ok") is not False:
        return ""
    return safe(str(found.get("outcome") or "webhook.err.other"))


async def _content(answer: httpx.Response) -> bytes:
    """Nothing when it is larger than any of Zalo's."""
    content = bytearray()
    async for piece in answer.aiter_bytes():
        content += piece
        if len(content) > _MOST_ANSWER_BYTES:
            return b""
    return bytes(content)


@asynccontextmanager
async def open_client(
    token: str,
    *,
    api_url: str,  # the token follows
    answer_within: timedelta = timedelta(seconds=20),
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[ZaloClient]:
    """Says nothing to Zalo yet. `tls`: whom to trust; None: whom the machine trusts."""
    transport = httpx.AsyncHTTPTransport(
        verify=tls or ssl.create_default_context(),
        trust_env=False,
        limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS),
    )
    async with transport:
        yield ZaloClient(token, api_url=api_url, transport=transport, answer_within=answer_within)

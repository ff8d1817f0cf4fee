"""Opens PTB's Bot: base URL, proxy, timeouts; the server's answers never reach the log."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.platforms.telegram.errors import translate
from jobs.messenger import Unreachable

OFFICIAL_API_URL: Final = "https://api.telegram.org/bot"  # the token follows
UPDATES: Final = ("message", "callback_query", "my_chat_member")

_CONNECTIONS: Final = 32  # 30 a second, each answered within a second
_CONNECT_SECONDS: Final = 10.0
_WRITE_SECONDS: Final = 10.0
_POOL_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot as Telegram knows it."""

    id: int
    username: str
    name: str


class TelegramBot(Bot):
    """PTB's Bot, which also hands out updates as they came."""

    def __repr__(self) -> str:
        return "TelegramBot()"  # PTB's own shows the token

    async def raw_updates(self, offset: int, wait: timedelta) -> list[dict[str, Any]]:
        """At most 100. Raises SendError.

        `get_updates` would fail as a whole, and log all it got, when one of them is odd.
        """
        try:
            answer = await self._post(
                "getUpdates",
                {
                    "offset": offset,
                    "timeout": int(wait.total_seconds()),
                    "allowed_updates": UPDATES,
                },
                read_timeout=wait.total_seconds() + (self._request[0].read_timeout or 0),
            )
        except TelegramError as error:
            raise translate(error) from None
        except LookupError:
            answer = None
        if not isinstance(answer, list):
            raise Unreachable("the answer holds no updates")
        return answer


class QuietRequest(HTTPXRequest):
    """PTB's request, which logs nothing of an answer that is not Telegram's.

    A proxy's error page may repeat the URL, and with it the token.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload)
        except ValueError as error:
            raise TelegramError("the answer is no JSON") from error
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise TelegramError("the answer is none of the Bot API's")
        return answer


@asynccontextmanager
async def open_bot(
    token: str,
    *,
    api_url: str = OFFICIAL_API_URL,
    proxy: str | None = None,
    answer_within: timedelta = timedelta(seconds=20),
) -> AsyncIterator[TelegramBot]:
    """Says nothing to Telegram yet, so it opens without a network too."""
    # RetryAfter warns in its own constructor unless PTB's switch for timedelta is on.
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # noqa: TID251 - PTB reads it nowhere else
    read_seconds = answer_within.total_seconds()
    async with (
        _bulk_request(proxy, read_seconds) as sending,
        _request(proxy, read_seconds, connections=2) as polling,
    ):
        yield TelegramBot(token, base_url=api_url, request=sending, get_updates_request=polling)


async def who_am_i(bot: Bot) -> Me:
    """Raises SendError; TokenRefused when the token is wrong."""
    try:
        user = await bot.get_me()
    except TelegramError as error:
        raise translate(error) from None
    return Me(id=user.id, username=user.username or "", name=user.full_name)


def _bulk_request(proxy: str | None, read_seconds: float) -> BaseRequest:
    return _request(proxy, read_seconds, connections=_CONNECTIONS)


def _request(proxy: str | None, read_seconds: float, *, connections: int) -> BaseRequest:
    return QuietRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=read_seconds,
        write_timeout=_WRITE_SECONDS,
        pool_timeout=_POOL_SECONDS,
        proxy=proxy,
        # the proxy is a setting: HTTPS_PROXY and the like are not looked at
        httpx_kwargs={"trust_env": False},
    )

"""Opens PTB's Bot: base URL, proxy, timeouts; the server's answers never reach the log."""

import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.telegram.errors import translate
from bot.platforms.telegram.request import AiohttpRequest, Encoded, Seconds
from jobs.messenger import Unreachable

UPDATES: Final = ("message", "callback_query", "my_chat_member")

_CONNECTIONS: Final = 256  # 1000 a second, each answered within a quarter of a second


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

    async def send_encoded(self, method: str, body: bytes) -> dict[str, Any]:
        """The message as it came: what goes to many needs no PTB objects. Raises TelegramError."""
        message = await self.request.post(f"{self.base_url}/{method}", Encoded(body))
        if not isinstance(message, dict):
            raise TypeError("the result is no message")
        return message


@asynccontextmanager
async def open_bot(
    token: str,
    *,
    api_url: str,  # the token follows
    proxy: str | None = None,
    answer_within: timedelta = timedelta(seconds=20),
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[TelegramBot]:
    """Says nothing to Telegram yet, so it opens without a network too.

    `tls`: whom to trust; None: whom the machine trusts.
    """
    # RetryAfter warns in its own constructor unless PTB's switch for timedelta is on.
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # noqa: TID251 - PTB reads it nowhere else
    request = partial(
        AiohttpRequest, proxy=proxy, seconds=Seconds(read=answer_within.total_seconds()), tls=tls
    )
    async with request(connections=_CONNECTIONS) as sending, request(connections=2) as polling:
        yield TelegramBot(token, base_url=api_url, request=sending, get_updates_request=polling)


async def who_am_i(bot: Bot) -> Me:
    """Raises SendError; TokenRefused when the token is wrong."""
    try:
        user = await bot.get_me()
    except TelegramError as error:
        raise translate(error) from None
    return Me(id=user.id, username=user.username or "", name=user.full_name)

"""Asks a platform until it answers: waits as told, backs off, stops only for a refused token."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.platforms.errors import ReceivedElsewhere
from jobs.clock import Clock
from jobs.messenger import SendError, Throttled, TokenRefused

logger = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 30.0
_ELSEWHERE_WAIT_SECONDS: Final = 10.0

Answer = TypeVar("Answer")
Accepted = Callable[[], Awaitable[None]]


async def until_answered(ask: Callable[[], Awaitable[Answer]], clock: Clock) -> Answer:
    """`ask` raises SendError. Raises TokenRefused."""
    wait_seconds = _FIRST_WAIT_SECONDS
    while True:
        try:
            return await ask()
        except TokenRefused:
            raise
        except ReceivedElsewhere:
            logger.error(  # noqa: TRY400 - the traceback says nothing more
                "another program receives this bot's messages, or a webhook is set for it: "
                "stop the other program or delete the webhook",
                extra={"action": "updates_go_elsewhere"},
            )
            pause_seconds = _ELSEWHERE_WAIT_SECONDS
        except SendError as error:
            told = error.wait.total_seconds() if isinstance(error, Throttled) else 0.0
            pause_seconds = told or wait_seconds
            wait_seconds = min(2 * wait_seconds, _LONGEST_WAIT_SECONDS)
            logger.warning(
                "no good answer from the platform (%s), asked again in %g s",
                error,
                pause_seconds,
                extra={"action": "platform_asked_again"},
            )
        await clock.sleep_until(clock.monotonic() + pause_seconds)

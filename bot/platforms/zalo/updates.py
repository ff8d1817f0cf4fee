"""Receives what people say to one bot: by webhook, or by long polling for trials."""

import asyncio
import logging
from asyncio import TaskGroup
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, NoReturn
from urllib.parse import urlsplit

from bot.platforms.desk import Desk, Limits
from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.events import Json
from bot.platforms.handler import Handler
from bot.platforms.patience import Accepted, until_answered
from bot.platforms.replies import Replies
from bot.platforms.rivals import Rivals
from bot.platforms.zalo.client import ZaloClient
from bot.platforms.zalo.intake import ANSWERED_WITHIN, Intake
from bot.platforms.zalo.reader import Reader
from jobs.clock import Clock
from jobs.messenger import Messenger, SendError, TokenRefused
from jobs.pacing import Pacer

logger = logging.getLogger(__name__)

POLLS_APART: Final = timedelta(seconds=1)  # a queue that is replayed is answered at once
LOOK_EVERY: Final = timedelta(minutes=5)  # whether the token and the webhook still hold

Take = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Zalo posts what people say."""

    url: str
    path: str  # its end, the bot's own: an address that ends so was ours before
    secret: str
    open: Callable[[Take], AbstractContextManager[None]]  # requests are taken while it is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Zalo confirms nothing: what was handed out may come again, or be lost when nobody asks."""

    client: ZaloClient
    bot_id: int  # our row
    handler: Handler
    messenger: Messenger
    pacer: Pacer
    clock: Clock
    apology: str  # said when a message could not be handled
    webhook: Webhook | None = None  # None: long polling
    poll: timedelta = timedelta(seconds=30)
    limits: Limits = field(default_factory=lambda: Limits(reply=timedelta(0)))
    answered_within: timedelta = ANSWERED_WITHIN  # a webhook's request
    received: Callable[[], Awaitable[None]] | None = None  # told of each message that is new
    accepted: Accepted | None = None  # told that the platform takes the token

    async def run(self) -> NoReturn:
        """Until it is cancelled. Raises TokenRefused."""
        refused: TokenRefused | None = None
        async with TaskGroup() as tasks:
            try:
                await self._receive(
                    Intake(
                        desk=await self._desk(tasks),
                        tasks=tasks,
                        answered_within=self.answered_within,
                    )
                )
            except TokenRefused as error:
                refused = error  # raised below: a task group would wrap it in a group
        raise refused

    async def _desk(self, tasks: TaskGroup) -> Desk:
        me = await until_answered(self.client.who_am_i, self.clock)
        if self.accepted is not None:
            await self.accepted()
        return Desk(
            read=Reader(me, self.bot_id).read,
            handler=self.handler,
            replies=Replies(self.messenger, self.pacer),
            received=self.received,
            clock=self.clock,
            tasks=tasks,
            apology=self.apology,
            limits=self.limits,
            slots=asyncio.Semaphore(self.limits.at_once),
        )

    async def _receive(self, intake: Intake) -> NoReturn:
        rivals = Rivals(self.handler)
        if self.webhook is None:
            await self._poll(intake, rivals)
        with self.webhook.open(intake.take_body):
            await self._listen(self.webhook, rivals)

    async def _poll(self, intake: Intake, rivals: Rivals) -> NoReturn:
        asking = _Asking(self.client, self.poll)
        while True:
            next_at = self.clock.monotonic() + POLLS_APART.total_seconds()
            for raw in await until_answered(partial(rivals.watch, asking.ask), self.clock):
                intake.take(raw)
            await self.clock.sleep_until(next_at)

    async def _listen(self, webhook: Webhook, rivals: Rivals) -> NoReturn:
        is_set = False
        while True:
            hold = partial(self._hold, webhook, is_set=is_set)
            await until_answered(partial(rivals.watch, hold), self.clock)
            is_set = True
            await self.clock.sleep_until(self.clock.monotonic() + LOOK_EVERY.total_seconds())

    async def _hold(self, webhook: Webhook, *, is_set: bool) -> None:
        """Somebody else's webhook is never taken from him. Raises SendError.

        Set anew at each start: Zalo does not tell which secret it has.
        """
        found = await self.client.webhook_url()
        if found and not urlsplit(found).path.endswith(webhook.path):
            raise ReceivedElsewhere("another webhook receives the updates")
        if is_set and found == webhook.url:
            return
        trouble = await self.client.set_webhook(webhook.url, webhook.secret)
        if trouble:
            logger.error(
                "Zalo cannot reach the webhook: %s",
                trouble,
                extra={"action": "webhook_unreachable", "bot_id": self.bot_id},
            )


@dataclass(slots=True)
class _Asking:
    """Asks for updates; whether a webhook gets them is looked at first, and after each refusal."""

    client: ZaloClient
    poll: timedelta
    _is_clear: bool = False

    async def ask(self) -> list[Json]:
        """Raises SendError."""
        if not self._is_clear and await self.client.webhook_url():
            raise ReceivedElsewhere("a webhook receives the updates")
        self._is_clear = True
        try:
            return await self.client.updates(self.poll)
        except SendError:
            self._is_clear = False
            raise

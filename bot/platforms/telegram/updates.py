"""Receives what people say: in the order of each chat, nothing lost when the program is killed."""

import asyncio
from asyncio import Task, TaskGroup
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn

from bot.platforms.telegram.admins import ChatAdmins
from bot.platforms.telegram.bot import TelegramBot, who_am_i
from bot.platforms.telegram.desk import Desk, Limits
from bot.platforms.telegram.errors import ReceivedElsewhere, TokenRefused
from bot.platforms.telegram.events import Reader
from bot.platforms.telegram.handler import Handler
from bot.platforms.telegram.polling import until_answered
from bot.platforms.telegram.replies import Replies
from jobs.clock import Clock
from jobs.messenger import Messenger
from jobs.pacing import Pacer


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Long polling of one bot.

    To ask for updates from `offset` on tells Telegram to forget all before it. So the offset
    passes an update only when it was handled and marked seen; PTB's own Updater does it when
    the update was fetched. What comes again after a kill is known by its mark.
    """

    bot: TelegramBot
    bot_id: int  # our row
    handler: Handler
    messenger: Messenger
    pacer: Pacer
    clock: Clock
    apology: str  # said when a message could not be handled
    poll: timedelta = timedelta(seconds=30)
    limits: Limits = field(default_factory=Limits)

    async def run(self) -> NoReturn:
        """Until it is cancelled. Raises TokenRefused."""
        refused: TokenRefused | None = None
        async with TaskGroup() as tasks:
            try:
                await self._receive(await self._desk(tasks), tasks)
            except TokenRefused as error:
                refused = error  # raised below: a task group would wrap it in a group
        raise refused

    async def _desk(self, tasks: TaskGroup) -> Desk:
        me = await until_answered(partial(who_am_i, self.bot), self.clock)
        admins = ChatAdmins(self.bot, self.clock)
        return Desk(
            bot=self.bot,
            reader=Reader(me, self.bot_id, admins.include),
            handler=self.handler,
            replies=Replies(self.bot, self.messenger, self.pacer),
            clock=self.clock,
            tasks=tasks,
            apology=self.apology,
            limits=self.limits,
            slots=asyncio.Semaphore(self.limits.at_once),
        )

    async def _receive(self, desk: Desk, tasks: TaskGroup) -> NoReturn:
        following = 0
        unfinished: dict[int, Task[None]] = {}
        asking = _Asking(self.bot, self.handler, self.poll)
        while True:
            offset = min(unfinished, default=following)
            for raw in await until_answered(partial(asking.ask, offset), self.clock):
                update_id = raw["update_id"]
                # not the highest so far: after a quiet week ids go on at a random number,
                # core.telegram.org/bots/api#update, 2026-01
                following = update_id + 1
                if update_id not in unfinished:
                    unfinished[update_id] = tasks.create_task(desk.take(raw))
            if unfinished:
                patience = self.limits.patience.total_seconds()
                await asyncio.wait(unfinished.values(), timeout=patience)
                unfinished = {key: task for key, task in unfinished.items() if not task.done()}


@dataclass(slots=True)
class _Asking:
    """Asks for updates, and tells when another program gets them."""

    bot: TelegramBot
    handler: Handler
    poll: timedelta
    _is_elsewhere: bool | None = None  # not known yet

    async def ask(self, offset: int) -> list[dict[str, Any]]:
        """Raises SendError."""
        try:
            updates = await self.bot.raw_updates(offset, self.poll)
        except ReceivedElsewhere:
            await self._note(is_so=True)
            raise
        await self._note(is_so=False)
        return updates

    async def _note(self, *, is_so: bool) -> None:
        if self._is_elsewhere is not is_so:
            await self.handler.received_elsewhere(is_so=is_so)
            self._is_elsewhere = is_so

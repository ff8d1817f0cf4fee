"""Receives what people say: in the order of each chat, nothing lost when the program is killed."""

import asyncio
from asyncio import Task, TaskGroup
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import NoReturn

from telegram import Update

from bot.platforms.desk import Desk, Limits
from bot.platforms.events import Arrival, Json
from bot.platforms.handler import Handler
from bot.platforms.patience import Accepted, until_answered
from bot.platforms.replies import Replies
from bot.platforms.rivals import Rivals
from bot.platforms.telegram.admins import ChatAdmins
from bot.platforms.telegram.bot import TelegramBot, who_am_i
from bot.platforms.telegram.buttons import PressedButtons
from bot.platforms.telegram.events import Reader
from jobs.clock import Clock
from jobs.messenger import Messenger, TokenRefused
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
    accepted: Accepted | None = None  # told that the platform takes the token

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
        if self.accepted is not None:
            await self.accepted()
        return Desk(
            read=partial(_read, self.bot, Reader(me, self.bot_id, admins.include)),
            handler=self.handler,
            replies=Replies(self.messenger, self.pacer),
            release=PressedButtons(self.bot).release,
            clock=self.clock,
            tasks=tasks,
            apology=self.apology,
            limits=self.limits,
            slots=asyncio.Semaphore(self.limits.at_once),
        )

    async def _receive(self, desk: Desk, tasks: TaskGroup) -> NoReturn:
        following = 0
        unfinished: dict[int, Task[None]] = {}
        rivals = Rivals(self.handler)
        while True:
            offset = min(unfinished, default=following)
            ask = partial(rivals.watch, partial(self.bot.raw_updates, offset, self.poll))
            for raw in await until_answered(ask, self.clock):
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


def _read(bot: TelegramBot, reader: Reader, raw: Json) -> Arrival:
    update = Update.de_json(raw, bot)
    chat = update.effective_chat
    return Arrival(
        key=str(raw["update_id"]),
        chat=str(chat.id) if chat is not None else "",
        events=reader.read(update),
    )

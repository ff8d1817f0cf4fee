"""Takes one update to the handler and the answer back to the person."""

import asyncio
import logging
import sys
import traceback
from asyncio import Task, TaskGroup
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, Protocol, TypeVar
from weakref import WeakValueDictionary

from bot.commands.command import Reply
from bot.platforms.events import Arrival, Event, Joined, Json, Left, Moved, Read, Returned, Said
from bot.platforms.handler import Handler
from bot.platforms.replies import Replies
from jobs.clock import Clock
from jobs.rich_text import RichText

logger = logging.getLogger(__name__)

_TRIES: Final = 3  # where no person waits who could try again
_UNTIL_IT_WORKS: Final = sys.maxsize
_LONGEST_WAIT_SECONDS: Final = 30.0

Result = TypeVar("Result")


class NotHandled(Exception):
    """Every try failed, and was logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much time one chat may take from the others."""

    patience: timedelta = timedelta(milliseconds=500)  # so long the others wait for the slow
    reply: timedelta = timedelta(seconds=2)  # so long an update stays open for its answer
    handler: timedelta = timedelta(seconds=30)  # then it is stopped
    at_once: int = 16  # chats


class Release(Protocol):
    """Ends the waiting sign on a pressed button, where the platform has one; never fails."""

    async def __call__(self, query: str, toast: str = "", *, alert: bool = False) -> None: ...


async def no_buttons(query: str, toast: str = "", *, alert: bool = False) -> None:
    """Where nothing is pressed, nothing waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    read: Read
    handler: Handler
    replies: Replies
    release: Release = no_buttons
    received: Callable[[], Awaitable[None]] | None = None  # told of each update that is new
    clock: Clock
    tasks: TaskGroup
    apology: str
    limits: Limits
    slots: asyncio.Semaphore
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def take(self, raw: Json) -> None:
        """Returns when the update is handled and marked seen; raises nothing.

        The answer is waited for a moment, no longer: else who hammers would fill the hundred
        updates that Telegram shows. After that it goes out all the same, but a kill may lose
        it; what the person asked for is done by then.
        """
        arrival = self.read_update(raw)
        if arrival is not None:
            await self.receive(arrival)

    async def receive(self, arrival: Arrival) -> None:
        """As `take`, of what has been read."""
        if not arrival.events:
            return
        # Locks are fair, and tasks begin in the order of the updates: so does each chat.
        async with self.turns.setdefault(arrival.chat, asyncio.Lock()), self.slots:
            saying = await self._handle(arrival)
        if saying:
            await asyncio.wait(saying, timeout=self.limits.reply.total_seconds())
        await self._insist(partial(self.handler.mark_seen, [arrival.key]), tries=_UNTIL_IT_WORKS)

    def read_update(self, raw: Json) -> Arrival | None:
        """None: it cannot be read, which is logged."""
        try:
            return self.read(raw)
        except Exception as error:  # noqa: BLE001 - one odd update must not stop the others
            _log_failure("an update could not be read", error)
            return None

    async def _handle(self, arrival: Arrival) -> list[Task[None]]:
        """The answers that are on their way."""
        saying = []
        try:
            if await self._insist(partial(self.handler.seen, arrival.key)):
                return []
            if self.received is not None:
                await self._insist(self.received)
            for event in arrival.events:
                tries = 1 if isinstance(event, Said | Joined) else _TRIES
                reply = await self._insist(partial(self._meet, event), tries=tries)
                saying += self._answer(event, reply)
        except NotHandled:
            saying += self._apologise(arrival.events)
        return saying

    async def _meet(self, event: Event) -> Reply | None:
        match event:
            case Said():
                return await self.handler.answer(event.incoming)
            case Joined():
                return await self.handler.joined(event.incoming)
            case Left():
                await self.handler.left(event.address)
            case Returned():
                await self.handler.returned(event.address)
            case Moved():
                await self.handler.moved(event.old, event.new_chat)
        return None

    def _answer(self, event: Event, reply: Reply | None) -> list[Task[None]]:
        saying = []
        if isinstance(event, Said) and event.query:
            toast = reply.toast if reply is not None else ""
            saying.append(self._start(self.release(event.query, toast)))
        if reply is not None and isinstance(event, Said | Joined):
            saying.append(self._start(self.replies.say(reply, event.incoming)))
        return saying

    def _apologise(self, events: Sequence[Event]) -> list[Task[None]]:
        """To who said something: on the pressed button, or else as a message."""
        for event in events:
            if isinstance(event, Said) and event.query:
                release = self.release(event.query, self.apology, alert=True)
                return [self._start(release)]
            if isinstance(event, Said):
                sorry = Reply(text=RichText(self.apology), edit=False)
                return [self._start(self.replies.say(sorry, event.incoming))]
        return []

    def _start(self, saying: Awaitable[None]) -> Task[None]:
        return self.tasks.create_task(_logged(saying))

    async def _insist(self, call: Callable[[], Awaitable[Result]], *, tries: int = 1) -> Result:
        """Raises NotHandled."""
        for attempt in range(1, tries + 1):
            try:
                async with asyncio.timeout(self.limits.handler.total_seconds()):
                    return await call()
            except Exception as error:  # noqa: BLE001 - the dispatcher: the next update goes on
                _log_failure("an update was not handled", error)
            if attempt < tries:
                wait_seconds = min(2.0 ** min(attempt, 5), _LONGEST_WAIT_SECONDS)
                await self.clock.sleep_until(self.clock.monotonic() + wait_seconds)
        raise NotHandled


async def _logged(saying: Awaitable[None]) -> None:
    try:
        await saying
    except Exception as error:  # noqa: BLE001 - a failed answer must not stop the receiving
        _log_failure("an answer could not be said", error)


def _log_failure(sentence: str, error: Exception) -> None:
    """Where it happened, without the error's own text: it may repeat what a person wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error(
        "%s: %s\n%s",
        sentence,
        type(error).__name__,
        where,
        extra={"action": "update_failed"},
    )

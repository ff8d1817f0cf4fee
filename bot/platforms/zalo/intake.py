"""Takes in what arrives, by poll or webhook: each once, those of a chat in their order."""

import asyncio
import json
from asyncio import Task, TaskGroup
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.platforms.desk import Desk
from bot.platforms.events import Json

# nobody documents how long Zalo waits, nor whether it calls again; a handler takes milliseconds
ANSWERED_WITHIN: Final = timedelta(seconds=1)


class NotHandledYet(Exception):
    """Zalo may call again; what is worked off meanwhile is then known by its mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    desk: Desk
    tasks: TaskGroup
    answered_within: timedelta = ANSWERED_WITHIN
    _in_hand: dict[str, Task[None]] = field(default_factory=dict)  # by the update's key

    def take(self, raw: Json) -> Task[None] | None:
        """What works it off; None when there is nothing to do.

        Zalo may hand out the same again, and at once: its mark is not set by then.
        """
        arrival = self.desk.read_update(raw)
        if arrival is None or not arrival.events:
            return None
        if arrival.key not in self._in_hand:
            task = self.tasks.create_task(self.desk.receive(arrival))
            self._in_hand[arrival.key] = task
            task.add_done_callback(lambda _task: self._in_hand.pop(arrival.key, None))
        return self._in_hand[arrival.key]

    async def take_body(self, body: bytes) -> None:
        """Of a webhook's request, which is answered when this returns: what people asked for is
        done by then, so a kill loses nothing. Their answers go out after it.

        Nothing is stored for that: who has not agreed yet is not written down.

        Raises NotHandledYet.
        """
        taken = [task for raw in updates_in(body) if (task := self.take(raw)) is not None]
        if not taken:
            return
        done, pending = await asyncio.wait(taken, timeout=self.answered_within.total_seconds())
        if pending or any(task.cancelled() for task in done):
            raise NotHandledYet


def updates_in(body: bytes) -> Iterator[Json]:
    """In the envelope, as documented, or bare. Nothing for what is none: Zalo's probe, a list."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(told, dict) and "event_name" not in told:
        told = told.get("result")
    if isinstance(told, dict):
        yield told

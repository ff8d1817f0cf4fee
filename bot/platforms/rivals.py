"""Whether another program gets what people say to a bot; told when that changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.handler import Handler

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Rivals:
    handler: Handler
    _are_there: bool | None = None  # not known yet

    async def watch(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `ask` answers. Raises what it raises, SendErrors."""
        try:
            answer = await ask()
        except ReceivedElsewhere:
            await self._note(are_there=True)
            raise
        await self._note(are_there=False)
        return answer

    async def _note(self, *, are_there: bool) -> None:
        if self._are_there is not are_there:
            await self.handler.received_elsewhere(is_so=are_there)
            self._are_there = are_there

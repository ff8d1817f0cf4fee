"""How often in a row somebody was not understood, so that no answer goes round in a circle."""

from datetime import datetime, timedelta
from typing import Final

from bot.commands.command import Incoming

_FORGOTTEN_AFTER: Final = timedelta(minutes=15)
_MOST_CHATS: Final = 10_000


class Misses:
    """In memory: after a restart one answer more does no harm."""

    def __init__(self, forgotten_after: timedelta = _FORGOTTEN_AFTER) -> None:
        self._forgotten_after = forgotten_after
        self._last: dict[str, tuple[datetime, int]] = {}

    def count(self, incoming: Incoming, now: datetime) -> int:
        """This one with those just before it."""
        chat = incoming.address.chat
        at, number = self._last.pop(chat, (now, 0))
        number = number + 1 if now - at < self._forgotten_after else 1
        if len(self._last) >= _MOST_CHATS:
            del self._last[next(iter(self._last))]
        self._last[chat] = (now, number)
        return number

    def forget(self, incoming: Incoming) -> None:
        self._last.pop(incoming.address.chat, None)

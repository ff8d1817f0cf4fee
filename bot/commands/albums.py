"""Photos sent together come one by one: the first is answered, the rest is part of it."""

from typing import Final

from bot.commands.command import Incoming

_MOST_CHATS: Final = 1000


class Albums:
    """The newest album of each chat, in memory: after a restart one answer more does no harm."""

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}

    def is_rest(self, incoming: Incoming) -> bool:
        return bool(incoming.album) and self._newest.get(_chat(incoming)) == incoming.album

    def note_answered(self, incoming: Incoming) -> None:
        if not incoming.album:
            return
        if len(self._newest) >= _MOST_CHATS:
            del self._newest[next(iter(self._newest))]
        self._newest[_chat(incoming)] = incoming.album


def _chat(incoming: Incoming) -> str:
    return incoming.address.chat

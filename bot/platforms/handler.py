"""What a platform hands over to the conversation."""

from collections.abc import Sequence
from typing import Protocol

from bot.commands.command import Incoming, Reply
from jobs.messenger import Address


class Handler(Protocol):
    """Called in the order of each chat; several chats at once.

    What raises in `answer` or `joined` is told to the person as "not processed". The others
    are tried a few times. Everything may come twice when the program was killed in between.
    """

    async def answer(self, incoming: Incoming) -> Reply | None:
        """None: nothing is said."""
        ...

    async def joined(self, incoming: Incoming) -> Reply | None:
        """The bot was added to a group, by the person named. `returned` came before."""
        ...

    async def left(self, address: Address) -> None:
        """The chat blocked or removed the bot or forbade it to write: all its threads."""
        ...

    async def returned(self, address: Address) -> None:
        """The bot may write again: to all threads, or to the one the address names."""
        ...

    async def moved(self, old: Address, new_chat: str) -> None:
        """A group became a supergroup: all its threads. May be said twice."""
        ...

    async def seen(self, update: str) -> bool:
        """By the key under which the platform may repeat it."""
        ...

    async def mark_seen(self, updates: Sequence[str]) -> None: ...

    async def received_elsewhere(self, *, is_so: bool) -> None:
        """Another program takes what people say to this bot; or no longer."""
        ...

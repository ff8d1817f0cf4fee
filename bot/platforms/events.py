"""What an update comes to: who said what, or what became of the bot in a chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.commands.command import Incoming
from jobs.messenger import Address

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    incoming: Incoming
    query: str = ""  # of a pressed button: the platform waits for an answer to it


@dataclass(frozen=True, slots=True)
class Joined:
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Left:
    address: Address


@dataclass(frozen=True, slots=True)
class Returned:
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    old: Address
    new_chat: str


Event = Said | Joined | Left | Returned | Moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update that has been read."""

    key: str  # the platform's: the same when it comes again
    chat: str  # whose turn it is
    events: Sequence[Event]  # empty for what is no concern of the bot


class Read(Protocol):
    """Takes an update as the platform sent it. May raise for an odd one."""

    def __call__(self, raw: Json) -> Arrival: ...

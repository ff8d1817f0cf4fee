"""One phone on the page, of either platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Json = dict[str, Any]
Id = TypeVar("Id", int, str)


class Somebody(Protocol):
    @property
    def id(self) -> int | str: ...


Player = TypeVar("Player", bound=Somebody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Generic[Id, Player]):
    """Shows one chat with the bot; with several players one chooses who writes."""

    key: str
    tab: str
    owner: str
    chat_id: Id
    players: tuple[tuple[Player, str], ...]  # with what each is in the chat

    def holder(self, given: Json) -> Player:
        """The player that an act names, or the first. Raises KeyError."""
        players = {str(person.id): person for person, _ in self.players}
        return players[str(given.get("person", self.players[0][0].id))]


P = TypeVar("P", bound=Phone[Any, Any])


def phone_named(phones: Iterable[P], key: object) -> P:
    """Raises KeyError."""
    return {phone.key: phone for phone in phones}[str(key)]

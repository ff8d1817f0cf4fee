"""What can go wrong on request: faults that a test or the page sets for chats and methods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any


class FaultKind(StrEnum):
    TOO_MANY = "429"
    FORBIDDEN = "403"
    BAD_REQUEST = "400"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"  # with a page of HTML, as a proxy answers
    SILENCE_BEFORE = "silence_before"  # not taken, and no answer
    SILENCE_AFTER = "silence_after"  # taken, but no answer
    SLOW = "slow"  # taken, answered after `seconds`
    DOWN = "down"  # the connection closes without an answer
    UNREACHABLE = "unreachable"  # no connection at all, for nobody
    GARBAGE = "garbage"  # taken, answered with what is no JSON


DESCRIPTIONS = {
    FaultKind.FORBIDDEN: "Forbidden: bot was blocked by the user",
    FaultKind.BAD_REQUEST: "Bad Request: chat not found",
    FaultKind.SERVER_ERROR: "Internal Server Error",
}


MESSAGE_METHODS = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "sendMediaGroup",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
    }
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """Applies to one chat and method, or to all where None."""

    kind: FaultKind
    chat: int | None = None
    method: str | None = None  # e.g. "sendMessage"
    only_messages: bool = False  # sending and editing, not e.g. getUpdates
    times: int | None = None  # how often still; None: until cleared
    seconds: float = 5  # of SLOW, and retry_after of TOO_MANY
    description: str = ""
    id: int = 0

    def concerns(self, method: str, chat: int | None) -> bool:
        same_method = self.method is None or self.method.lower() == method.lower()
        if self.only_messages and method not in MESSAGE_METHODS:
            return False
        return same_method and (self.chat is None or self.chat == chat)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "chat": self.chat,
            "method": self.method,
            "only_messages": self.only_messages,
            "times": self.times,
            "seconds": self.seconds,
            "description": self.description,
        }


class Faults:
    """The faults that are set, the oldest first."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = count(1)
        self.watchers: list[Callable[[], None]] = []  # told of every change

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults.values()))

    @property
    def is_down(self) -> bool:
        return any(
            fault.kind is FaultKind.DOWN and fault.concerns("getUpdates", None) for fault in self
        )

    @property
    def is_unreachable(self) -> bool:
        return any(fault.kind is FaultKind.UNREACHABLE for fault in self)

    def add(self, fault: Fault) -> int:
        fault.id = next(self._ids)
        self._faults[fault.id] = fault
        self._tell()
        return fault.id

    def clear(self, fault_id: int | None = None) -> None:
        """One fault, or all."""
        if fault_id is None:
            self._faults.clear()
        else:
            self._faults.pop(fault_id, None)
        self._tell()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault this call meets, if any; one with `times` is used up."""
        fault = next((fault for fault in self if fault.concerns(method, chat)), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                del self._faults[fault.id]
            self._tell()
        return fault

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()

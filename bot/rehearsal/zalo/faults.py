"""What can go wrong on request: faults that a test or the page sets for chats and methods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from itertools import count

from bot.rehearsal.zalo.errors import INTERNAL_ERROR
from bot.rehearsal.zalo.records import Json

SENDS = frozenset({"sendMessage", "sendPhoto", "sendSticker", "sendVoice"})


class FaultKind(StrEnum):
    ERROR = "error"  # not taken; `code` and `description` are answered
    SILENCE_BEFORE = "silence_before"  # not taken, and no answer
    SILENCE_AFTER = "silence_after"  # taken, but no answer
    SLOW = "slow"  # taken, answered after `seconds`
    DOWN = "down"  # the connection closes without an answer
    UNREACHABLE = "unreachable"  # no connection at all, for nobody
    GARBAGE = "garbage"  # taken, answered with what is no JSON
    BAD_GATEWAY = "502"  # with a page of HTML, as a proxy answers


@dataclass(slots=True, kw_only=True)
class Fault:
    """Applies to one bot, chat and method, or to all where empty."""

    kind: FaultKind
    account: str = ""  # of the bot
    chat: str = ""
    method: str = ""  # e.g. "sendMessage"
    only_messages: bool = False  # sending, not e.g. getUpdates
    times: int | None = None  # how often still; None: until cleared
    after: int = 0  # so many calls that it concerns go well first
    seconds: float = 5  # of SLOW
    code: int = HTTPStatus.FORBIDDEN  # of ERROR: 403 is a server error here
    description: str = INTERNAL_ERROR
    id: int = 0

    def concerns(self, account: str, method: str, chat: str) -> bool:
        if self.only_messages and method not in SENDS:
            return False
        wanted = ((self.account, account), (self.method, method), (self.chat, chat))
        return all(not named or named == actual for named, actual in wanted)

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "chat": self.chat,
            "method": self.method,
            "only_messages": self.only_messages,
            "times": self.times,
            "seconds": self.seconds,
            "code": int(self.code),
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

    def is_down(self, account: str) -> bool:
        return any(
            fault.kind is FaultKind.DOWN and fault.concerns(account, "getUpdates", "")
            for fault in self
        )

    def take(self, account: str, method: str, chat: str) -> Fault | None:
        """The fault this call meets, if any; one with `times` is used up."""
        for fault in self:
            if not fault.concerns(account, method, chat):
                continue
            if fault.after:
                fault.after -= 1
                continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            del self._faults[fault.id]
        self._tell()

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()

"""What can go wrong on request on either platform: faults that a test or the page sets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from itertools import count
from typing import Any, ClassVar, Generic, TypeVar


class FaultKind(StrEnum):
    ERROR = "error"  # not taken; `code` and `description` are answered
    BAD_GATEWAY = "502"  # not taken; a page of HTML is answered, as by a proxy
    SILENCE_BEFORE = "silence_before"  # not taken, and no answer
    SILENCE_AFTER = "silence_after"  # taken, but no answer
    SLOW = "slow"  # taken, answered after `seconds`
    DOWN = "down"  # the connection closes without an answer
    UNREACHABLE = "unreachable"  # no connection at all, for nobody
    GARBAGE = "garbage"  # taken, answered with what is no JSON


@dataclass(slots=True, kw_only=True)
class AnyFault:
    """Applies to one method, or to all where empty."""

    MESSAGES: ClassVar[frozenset[str]]  # the methods that send or edit one

    kind: FaultKind = FaultKind.ERROR
    method: str = ""  # e.g. "sendMessage"
    only_messages: bool = False
    times: int | None = None  # how often still; None: until cleared
    after: int = 0  # so many calls that it concerns go well first
    seconds: float = 5  # of SLOW, and what a 429 of Telegram asks to wait
    code: int = HTTPStatus.FORBIDDEN  # of ERROR
    description: str = ""  # of ERROR; empty: what the platform says with this code
    id: int = 0

    def concerns_method(self, method: str) -> bool:
        if self.only_messages and method not in self.MESSAGES:
            return False
        return self.method in {"", method}

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "method": self.method,
            "only_messages": self.only_messages,
            "times": self.times,
            "seconds": self.seconds,
            "code": int(self.code),
            "description": self.description,
        }


def fault_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Of a fault that the page describes, without whom it is for. Raises KeyError, ValueError."""
    return {
        "kind": FaultKind(given["kind"]),
        "method": given.get("method") or "",
        "only_messages": bool(given.get("only_messages", False)),
        "times": given.get("times"),
        "seconds": float(given.get("seconds", 5)),
        "code": int(given.get("code", HTTPStatus.FORBIDDEN)),
        "description": str(given.get("description", "")),
    }


F = TypeVar("F", bound=AnyFault)


class Faults(Generic[F]):
    """The faults that are set, the oldest first."""

    def __init__(self) -> None:
        self._faults: dict[int, F] = {}
        self._ids = count(1)
        self.watchers: list[Callable[[], None]] = []  # told of every change

    def __iter__(self) -> Iterator[F]:
        return iter(tuple(self._faults.values()))

    @property
    def is_unreachable(self) -> bool:
        return any(fault.kind is FaultKind.UNREACHABLE for fault in self)

    def is_down(self, concerns: Callable[[F], bool]) -> bool:
        return any(fault.kind is FaultKind.DOWN and concerns(fault) for fault in self)

    def add(self, fault: F) -> int:
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

    def take(self, concerns: Callable[[F], bool]) -> F | None:
        """The fault that a call meets, if any; one with `times` is used up."""
        for fault in filter(concerns, self):
            if fault.after:
                fault.after -= 1
                continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: F) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            del self._faults[fault.id]
        self._tell()

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()

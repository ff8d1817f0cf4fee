"""Typed answers: what the newest buttons offered may also be written, for a quarter of an hour."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.commands.command import Incoming, Reply
from jobs.text import fold
from storage.database import Transaction
from storage.records import Choice

LIFETIME: Final = timedelta(minutes=15)
_MOST_STRANGERS: Final = 10_000
_YES: Final = ("co", "dong y")
SAYS_YES: Final = (*_YES, "da", "vang", "u", "ok", "nhat tri")
_POLITE_END: Final = re.compile(r"\s+(?:a|nhe)$")
_POLITE_START: Final = re.compile(r"^(?:(?:da|vang|toi)\s+)+")


class OpenQuestions:
    """Rows for who is stored; a stranger's are only held in memory, for he has not consented.

    One a chat and person: what somebody was asked in a group, nobody else answers.
    """

    def __init__(self) -> None:
        self._strangers: dict[tuple[str, str], tuple[datetime, list[Choice]]] = {}

    async def choices(
        self, tx: Transaction, incoming: Incoming, now: datetime, *, is_stored: bool
    ) -> list[Choice]:
        if is_stored:
            chat = incoming.address.chat
            return await tx.questions.open(incoming.bot_id, chat, incoming.person, now)
        expires_at, choices = self._strangers.get(_who(incoming), (now, []))
        return choices if expires_at > now else []

    async def keep(
        self,
        tx: Transaction,
        incoming: Incoming,
        choices: Sequence[Choice],
        now: datetime,
        *,
        is_stored: bool,
    ) -> None:
        """What was offered now is the question; when that is nothing, there is none any more."""
        self._strangers.pop(_who(incoming), None)
        if not is_stored:
            self._hold(_who(incoming), list(choices), now)
            return
        key = (incoming.bot_id, incoming.address.chat, incoming.person)
        if choices:
            await tx.questions.ask(*key, choices=choices, expires_at=now + LIFETIME)
        else:
            await tx.questions.close(*key)

    def _hold(self, who: tuple[str, str], choices: list[Choice], now: datetime) -> None:
        self._strangers = {each: held for each, held in self._strangers.items() if held[0] > now}
        if choices and len(self._strangers) < _MOST_STRANGERS:
            self._strangers[who] = (now + LIFETIME, choices)


def offered(reply: Reply) -> list[Choice]:
    """What its buttons say, which may be typed as well as pressed."""
    return [
        Choice(label=button.label, data=button.data)
        for row in reply.buttons
        for button in row
        if button.data
    ]


def meant(text: str, choices: Sequence[Choice]) -> Choice | None:
    """By its number, its words or how they begin, or a plain yes or no."""
    words = without_politeness(fold(text))
    if words.isdecimal():
        return _by_number(words, choices)
    if not words:
        return None
    exact = [each for each in choices if fold(each.label) == words]
    begun = [each for each in choices if begins(each, words)]
    agreed = [each for each in choices if any(begins(each, yes) for yes in _YES)]
    for found in (exact, begun, agreed if words in SAYS_YES else []):
        if len(found) == 1:
            return found[0]
    return None


def without_politeness(words: str) -> str:
    """Folded words without what politeness puts around them."""
    return _POLITE_START.sub("", _POLITE_END.sub("", words))


def _by_number(number: str, choices: Sequence[Choice]) -> Choice | None:
    """The sixth may be meant, or "6 giờ": when these are two, neither is."""
    position = int(number[:4])
    numbered = [choices[position - 1]] if 1 <= position <= len(choices) else []
    begun = [each for each in choices if begins(each, number)]
    found = {each.data: each for each in (*numbered, *begun)}
    return next(iter(found.values())) if len(found) == 1 else None


def begins(choice: Choice, words: str) -> bool:
    return f"{fold(choice.label)} ".startswith(f"{words} ")


def _who(incoming: Incoming) -> tuple[str, str]:
    return incoming.address.chat, incoming.person

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
_SAYS_YES: Final = (*_YES, "da", "vang", "u", "ok", "nhat tri")
_POLITE: Final = re.compile(r"^(?:(?:da|vang|toi)\s+)+|\s+(?:a|nhe)$")


class OpenQuestions:
    """Rows for who is stored; a stranger's are only held in memory, for he has not consented."""

    def __init__(self) -> None:
        self._strangers: dict[str, tuple[datetime, list[Choice]]] = {}

    async def choices(
        self, tx: Transaction, incoming: Incoming, now: datetime, *, is_stored: bool
    ) -> list[Choice]:
        if is_stored:
            chat = incoming.address.chat
            return await tx.questions.open(incoming.bot_id, chat, incoming.person, now)
        expires_at, choices = self._strangers.get(incoming.person, (now, []))
        return choices if expires_at > now else []

    async def keep(
        self, tx: Transaction, incoming: Incoming, reply: Reply, now: datetime, *, is_stored: bool
    ) -> None:
        """What this reply offers is now the question; a reply that offers nothing ends it."""
        self._strangers.pop(incoming.person, None)
        choices = [
            Choice(label=button.label, data=button.data)
            for row in reply.buttons
            for button in row
            if button.data
        ]
        if not is_stored:
            self._hold(incoming.person, choices, now)
            return
        key = (incoming.bot_id, incoming.address.chat, incoming.person)
        if choices:
            await tx.questions.ask(*key, choices=choices, expires_at=now + LIFETIME)
        else:
            await tx.questions.close(*key)

    def _hold(self, person: str, choices: list[Choice], now: datetime) -> None:
        self._strangers = {who: held for who, held in self._strangers.items() if held[0] > now}
        if choices and len(self._strangers) < _MOST_STRANGERS:
            self._strangers[person] = (now + LIFETIME, choices)


def meant(text: str, choices: Sequence[Choice]) -> Choice | None:
    """By its number, its words or how they begin, or a plain yes or no."""
    words = fold(text)
    words = _POLITE.sub("", words) or words
    if words.isdecimal():
        return _by_number(words, choices)
    if not words:
        return None
    exact = [each for each in choices if fold(each.label) == words]
    begun = [each for each in choices if _begins(each, words)]
    agreed = [each for each in choices if any(_begins(each, yes) for yes in _YES)]
    for found in (exact, begun, agreed if words in _SAYS_YES else []):
        if len(found) == 1:
            return found[0]
    return None


def _by_number(number: str, choices: Sequence[Choice]) -> Choice | None:
    """The sixth may be meant, or "6 giờ": when these are two, neither is."""
    position = int(number[:4])
    numbered = [choices[position - 1]] if 1 <= position <= len(choices) else []
    begun = [each for each in choices if _begins(each, number)]
    found = {each.data: each for each in (*numbered, *begun)}
    return next(iter(found.values())) if len(found) == 1 else None


def _begins(choice: Choice, words: str) -> bool:
    return f"{fold(choice.label)} ".startswith(f"{words} ")

"""All commands, in the order of the help text, and how words find them."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.commands import (
    broadcast,
    broadcast_sent,
    digests,
    enrol,
    erase,
    help,  # noqa: A004 - the module of /trogiup
    late_news,
    latest,
    link,
    my_data,
    quota,
    settings,
    sources,
    start,
    status,
    stop,
    subscribe,
    topics,
)
from bot.commands.command import Command
from bot.commands.telex import without_telex
from jobs.text import clean, fold
from storage.records import ChatKind, Role

COMMANDS: Final = (
    start.COMMAND,
    subscribe.COMMAND,
    topics.COMMAND,
    latest.COMMAND,
    settings.COMMAND,
    digests.COMMAND,
    stop.COMMAND,
    my_data.COMMAND,
    erase.COMMAND,
    link.COMMAND,
    help.COMMAND,
    broadcast.COMMAND,
    broadcast_sent.COMMAND,
    enrol.COMMAND,
    status.COMMAND,
    sources.COMMAND,
    quota.COMMAND,
    late_news.COMMAND,
)

_MOST_WORDS: Final = 8  # of an alias, and of what may follow it
_LIKENESS: Final = 0.75  # of a mistyped command; lower, and ordinary words look like one
_SHORT_FOR_NO: Final = frozenset({"ko", "k", "kg", "khg", "hong", "hok"})
# what a person was told to pass on to the office is passed on as a whole
_PASSED_ON: Final = re.compile(rf"^(?!\s*/).*?(?=/{enrol.NAME} \d+-)", re.DOTALL)
_NAME_OF_BOT: Final = re.compile(r"^(\S+?)@\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    """Words that mean a command.

    A single word keeps its marks: who types marks at all must type these, for `đúng` is not
    `dừng`. Without any, all marks will do.
    """

    command: Command
    marks: frozenset[str]


def _phrases() -> dict[str, _Phrase]:
    """By their folded words."""
    found: dict[str, _Phrase] = {}
    for command in COMMANDS:
        for text in (*command.aliases, command.name):
            words, marks = fold(text), _marks(text)
            known = found[words].marks if words in found else frozenset[str]()
            needs_marks = bool(marks) and " " not in words
            accepted = known | {marks} if needs_marks else frozenset[str]()
            found[words] = _Phrase(command=command, marks=accepted)
    return found


def _marks(text: str) -> str:
    """Sorted, so that hủy and huỷ have the same."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(sorted(c for c in decomposed if unicodedata.combining(c) or c == "đ"))


_BY_WORDS: Final = _phrases()
_BY_NAME: Final = {command.name: command for command in COMMANDS}


def named(name: str) -> Command | None:
    return _BY_NAME.get(name)


def find(text: str, *, may_be_talk: bool = False) -> tuple[Command, str] | None:
    """The command that is meant, and what was typed behind it.

    With a slash anything may follow. Bare words must be a command and nothing else, or one that
    takes an argument and a few words: "tin mới hôm nay có gì" is talk, "dk phụ nữ" is not. Where
    people talk with each other they change nothing: "đăng ký" and "dừng" are as good as any words.
    """
    text = clean(_PASSED_ON.sub("", text))
    has_slash = text.startswith("/")
    if has_slash:
        text = _NAME_OF_BOT.sub(r"\1", text[1:])
    beginning = _beginning(text)
    if beginning is None and text.isascii() and not has_slash:
        beginning = _beginning(without_telex(fold(text)))
    if beginning is None:
        return None
    command, rest = beginning
    if may_be_talk and not has_slash:
        return beginning if not (rest or command.changes_chat) else None
    may_follow = has_slash or (command.argument and len(rest.split()) <= _MOST_WORDS)
    return beginning if may_follow or not rest else None


def suggest(text: str, role: Role) -> Command | None:
    """What may have been meant by words that are no command; only what this role may do."""
    permitted = {
        words: phrase.command
        for words, phrase in _BY_WORDS.items()
        if role.includes(phrase.command.role)
    }
    beginning = _beginning(clean(text).removeprefix("/"))
    if beginning is not None and role.includes(beginning[0].role):
        return beginning[0]
    close = difflib.get_close_matches(fold(text[:80]), permitted, n=1, cutoff=_LIKENESS)
    return permitted[close[0]] if close else None


def menu(
    role: Role, kind: ChatKind, *, is_chat_admin: bool = True, on_several: bool = True
) -> list[tuple[str, str]]:
    """Names and descriptions for the platform's menu; a group is not shown the office's own."""
    highest = Role.MEMBER if kind is ChatKind.GROUP else role
    return [
        (command.name, command.help)
        for command in COMMANDS
        if command.in_menu
        and highest.includes(command.role)
        and (on_several or not command.on_several)
        and (kind is ChatKind.PERSON or command.in_groups)
        and (kind is ChatKind.PERSON or is_chat_admin or not command.changes_chat)
    ]


def _beginning(text: str) -> tuple[Command, str] | None:
    """The longest beginning that means a command, and the rest as it was typed."""
    typed = text.split()
    if len(typed) > 1 and fold(typed[0]) in _SHORT_FOR_NO:
        typed[0] = "không"
    for size in range(min(len(typed), _MOST_WORDS), 0, -1):
        words = " ".join(typed[:size])
        phrase = _BY_WORDS.get(fold(words))
        if phrase and (not phrase.marks or _marks(words) in {"", *phrase.marks}):
            rest = " ".join(typed[size:])
            return phrase.command, rest if fold(rest) else ""
    return None

"""Who is heard, and what he means: a command, an answer to the open question, a notice's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands import registry
from bot.commands.answers import answered, is_number, number_in
from bot.commands.broadcast_buttons import COMMAND, CONTENT
from bot.commands.command import Command, Incoming
from bot.commands.open_questions import meant
from storage.records import Chat, Choice, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is heard, as storage knows him; the choices are those of his open question."""

    chat: Chat | None
    subscriber: Subscriber | None
    actor: Subscriber | None
    choices: list[Choice]
    is_writing: bool  # a notice: what he says next is its content


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    command: Command | None
    argument: str = ""
    choices: tuple[str, ...] = ("",)  # one after the other: ticks by number may be several


def understood(incoming: Incoming, caller: Caller, *, has_buttons: bool) -> Said:
    if incoming.data:
        return _pressed(incoming.data)
    is_slash = incoming.text.lstrip().startswith("/") and not incoming.forwarded
    if caller.is_writing and not is_slash:
        if not has_buttons and is_number(incoming.text) and _is_text_alone(incoming):
            number = number_in(incoming.text, caller.choices)
            return _pressed(number.data) if number else Said(command=None)
        return Said(command=registry.named(COMMAND), choices=(CONTENT,))
    if incoming.forwarded:
        return Said(command=None)
    found = registry.find(incoming.text, may_be_talk=not incoming.called)
    if found is not None:
        return Said(command=found[0], argument=found[1])
    chosen = _chosen(incoming.text, caller.choices, has_buttons=has_buttons)
    return _pressed(*(each.data for each in chosen)) if chosen else Said(command=None)


def _is_text_alone(incoming: Incoming) -> bool:
    """What a writer says is his notice, but a bare number answers what was asked, or nothing."""
    return not (incoming.forwarded or incoming.attachment or incoming.album)


def _chosen(text: str, choices: Sequence[Choice], *, has_buttons: bool) -> tuple[Choice, ...]:
    if not has_buttons:
        return answered(text, choices)
    choice = meant(text, choices)
    return (choice,) if choice else ()


def _pressed(*data: str) -> Said:
    """All say something to the same command."""
    parts = [each.partition(":") for each in data]
    return Said(
        command=registry.named(parts[0][0]), choices=tuple(choice for _, _, choice in parts)
    )

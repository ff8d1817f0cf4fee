"""Where there are no buttons: a reply's choices as numbered lines, and how to answer them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.commands.command import Reply
from bot.commands.wording import TICK, Rows, lines
from jobs.messenger import Button
from jobs.rich_text import join, plain
from jobs.text import fold
from storage.records import Choice, ChoiceKind

_BACK: Final = "Quay lại"
_NAMED_ONE_BY_ONE: Final = 3  # numbers; more, and the first and the last say it
_YES: Final = ("co", "dong y")
_NO: Final = "khong"


def choices_of(reply: Reply) -> list[Choice]:
    """What may be answered: in the order of their numbers, the one that is 0 last."""
    usual = ChoiceKind.TICK if reply.is_tick_list else ChoiceKind.ONE
    offered = [
        Choice(label=each.label, data=each.data, kind=usual)
        for each in _buttons(reply)
        if each.data and each.data != reply.back
    ]
    if not reply.back:
        return offered
    label = next((each.label for each in _buttons(reply) if each.data == reply.back), _BACK)
    return [*offered, Choice(label=label, data=reply.back, kind=ChoiceKind.BACK)]


def numbered(reply: Reply, *, in_group: bool = False) -> Reply:
    """Links stay buttons; a toast is said when there is nothing else."""
    text = reply.text if reply.text.text else plain(reply.toast)
    listed = plain(choice_lines(choices_of(reply), in_group=in_group, or_words=reply.takes_words))
    return replace(
        reply,
        text=join(*(each for each in (text, listed) if each.text), between="\n\n"),
        buttons=_links(reply.buttons),
        edit=False,
        toast="",
    )


def choice_lines(
    choices: Sequence[Choice], *, in_group: bool = False, or_words: bool = False
) -> str:
    """A line each, and one that says how to answer; "" without choices."""
    if not choices:
        return ""
    listed = [
        f"{number}. {_with_tick_behind(each.label)}" for number, each in _with_numbers(choices)
    ]
    return lines(*listed, _how(choices, in_group=in_group, or_words=or_words))


def numbered_ones(choices: Sequence[Choice]) -> list[Choice]:
    """The first is 1."""
    return [each for each in choices if each.kind is not ChoiceKind.BACK]


def back_of(choices: Sequence[Choice]) -> Choice | None:
    return next((each for each in choices if each.kind is ChoiceKind.BACK), None)


def _with_numbers(choices: Sequence[Choice]) -> list[tuple[int, Choice]]:
    back = back_of(choices)
    return [*enumerate(numbered_ones(choices), 1), *([(0, back)] if back else [])]


def _with_tick_behind(label: str) -> str:
    bare = label.removeprefix(TICK)
    return bare if bare == label else f"{bare} {TICK.strip()}"


def _how(choices: Sequence[Choice], *, in_group: bool, or_words: bool) -> str:
    here = "Trả lời tin nhắn này" if in_group else "Trả lời"  # else it does not reach the bot
    if any(each.kind is ChoiceKind.TICK for each in choices):
        return f"{here} bằng các số muốn chọn, ví dụ {_example(len(numbered_ones(choices)))}."
    which = _which(choices)
    if or_words:
        return f"Gửi nội dung, hay trả lời {which}."
    in_words = ", hoặc gửi “có”, “không”" if _is_yes_or_no(choices) else ""
    by = " bằng số" if in_group and which[0].isdecimal() else ""
    return f"{here}{by} {which}{in_words}."


def _example(ticks: int) -> str:
    return "1 3" if ticks > 2 else "1 2" if ticks > 1 else "1"  # noqa: PLR2004 - 3 must be there


def _which(choices: Sequence[Choice]) -> str:
    """1, 2 hoặc 3; 0 is the last, as in the list."""
    *others, last = [number for number, _ in _with_numbers(choices)]
    if len(others) > _NAMED_ONE_BY_ONE:
        return f"bằng một số từ {min(1, last)} đến {max(*others, last)}"
    return f"{', '.join(map(str, others))} hoặc {last}" if others else f"{last}"


def _is_yes_or_no(choices: Sequence[Choice]) -> bool:
    if len(choices) != 2:  # noqa: PLR2004 - yes and no
        return False
    first, second = (f"{fold(each.label)} " for each in choices)
    return first.startswith(tuple(f"{yes} " for yes in _YES)) and second.startswith(f"{_NO} ")


def _buttons(reply: Reply) -> list[Button]:
    return [each for row in reply.buttons for each in row]


def _links(rows: Rows) -> Rows:
    kept = (tuple(each for each in row if each.url) for row in rows)
    return tuple(row for row in kept if row)

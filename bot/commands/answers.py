"""What a typed answer means where there are no buttons: numbers, words, a yes or no. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from bot.commands.numbered import back_of, numbered_ones
from bot.commands.open_questions import SAYS_YES, begins, meant, without_politeness
from bot.commands.telex import without_telex
from bot.commands.wording import TICK
from jobs.text import fold
from storage.records import Choice, ChoiceKind

_SPOKEN: Final = ("khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_DIGITS: Final = {word: str(digit) for digit, word in enumerate(_SPOKEN)}
_FILLING: Final = frozenset({"va", "voi", "so", "muc", "cac", "chon", "nhan", "lay"})
_MORE: Final = re.compile(r"(?:chon |nhan )?them (.+)")
_LESS: Final = re.compile(r"(?:bo|bot|tru)(?: chon| bot)? (.+)")
_ALL: Final = re.compile(r"(?:chon |nhan )?(?:tat ca|het)")
_NONE: Final = re.compile(r"bo (?:chon )?(?:tat ca|het)")
_SAYS_NO: Final = ("khong", "thoi", "khoi", "k", "ko")
_SAYS_YES_TOO: Final = ("duoc", "dc", "oke", "uh")


def answered(text: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Several only of a tick list; empty when it cannot be read."""
    if not choices:
        return ()
    words = _plain_words(without_politeness(fold(text)))
    is_tick_list = any(each.kind is ChoiceKind.TICK for each in choices)
    read = _read_ticks if is_tick_list else _read_one
    return read(words, choices) or read(without_telex(words), choices)


def _plain_words(words: str) -> str:
    """The many ways of a yes and a no are one each."""
    if words in _SAYS_YES_TOO:
        return "co"
    return "khong" if words in _SAYS_NO else words


def is_number(text: str) -> bool:
    return fold(text).isdecimal()


def number_in(text: str, choices: Sequence[Choice]) -> Choice | None:
    """For where any other words are taken as they are."""
    words = fold(text)
    return _numbered(int(words), choices) if _is_number(words) else None


def _read_one(words: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    if words.isdecimal():
        found = _by_number(words, choices) or _by_beginning(words, choices)
    else:
        # first: a bare no leads back, it does not begin "Không thuộc tổ chức nào"
        found = _yes_or_no(words, choices) or meant(words, choices) or _by_number(words, choices)
    return (found,) if found else ()


def _by_number(words: str, choices: Sequence[Choice]) -> Choice | None:
    spoken = [each for each in words.split() if each not in _FILLING]
    if len(spoken) != 1:
        return None
    digits = _DIGITS.get(spoken[0], spoken[0])
    return _numbered(int(digits), choices) if _is_number(digits) else None


def _by_beginning(number: str, choices: Sequence[Choice]) -> Choice | None:
    """17 may be "17 giờ" where there are no seventeen choices."""
    begun = [each for each in choices if begins(each, number)]
    return begun[0] if len(begun) == 1 else None


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 4  # noqa: PLR2004 - no list is longer


def _numbered(number: int, choices: Sequence[Choice]) -> Choice | None:
    if number == 0:
        return back_of(choices) or meant("khong", choices)
    ones = numbered_ones(choices)
    return ones[number - 1] if number <= len(ones) else None


def _yes_or_no(words: str, choices: Sequence[Choice]) -> Choice | None:
    """Yes to the only thing offered, no to go back from it; where there is no way back, an "ok"
    was no answer but a courtesy."""
    back, ones = back_of(choices), numbered_ones(choices)
    if back is not None and words in SAYS_YES and len(ones) == 1:
        return ones[0]
    return back if words == "khong" else None


def _read_ticks(words: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """What has to be said so that these are ticked and no others."""
    back, ones = back_of(choices), numbered_ones(choices)
    if back is not None and words in ("0", "khong", fold(back.label)):
        return (back,)
    now_ticked = {n for n, each in enumerate(ones) if each.label.startswith(TICK)}
    wanted = _wanted(words, ones, now_ticked)
    if wanted is None:
        return ()
    # first what goes: of two that exclude each other the wanted one stays
    changes = [*sorted(now_ticked - wanted), *sorted(wanted - now_ticked)]
    return tuple(ones[n] for n in changes) or ((back,) if back else ())


def _wanted(words: str, ones: Sequence[Choice], now_ticked: set[int]) -> set[int] | None:
    """By their places; None when it cannot be read."""
    named = _places(words, ones)
    if named is not None:
        return named
    if _ALL.fullmatch(words):
        return set(range(len(ones)))
    if _NONE.fullmatch(words):
        return set()
    more, less = _MORE.fullmatch(words), _LESS.fullmatch(words)
    changed = more or less
    named = _places(changed[1], ones) if changed else None
    if named is None:
        return None
    return now_ticked | named if more else now_ticked - named


def _places(words: str, ones: Sequence[Choice]) -> set[int] | None:
    """What is named by its words, or by numbers: 1 3 4; 1,3; 1 và 3. None for anything else."""
    spoken = [each for each in words.split() if each not in _FILLING]
    digits = [_DIGITS.get(each, each) for each in spoken]
    if not digits or not all(map(_is_number, digits)):
        named = meant(words, ones)
        return {ones.index(named)} if named else None
    places = {int(each) - 1 for each in digits}
    return places if all(0 <= each < len(ones) for each in places) else None

"""Vietnamese text: one Unicode form, nothing invisible, folded for comparing; numbers. Pure."""

import re
import unicodedata
from collections.abc import Callable

# zero-width, soft hyphen, byte order mark, bidirectional controls: never wanted, often hostile
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SPACES = re.compile(r"\s+")


class _Table(dict[int, int | None]):
    """For str.translate: learns each character once, which is ten times as fast as asking."""

    def __init__(self, is_dropped: Callable[[str], bool]) -> None:
        self._is_dropped = is_dropped

    def __missing__(self, point: int) -> int | None:
        self[point] = None if self._is_dropped(chr(point)) else point
        return self[point]


_CONTROLS = _Table(lambda c: unicodedata.category(c) in ("Cc", "Cs", "Co") and not c.isspace())
_MARKS = _Table(lambda c: bool(unicodedata.combining(c)))


def with_dots(number: int) -> str:
    """3.500, as it is written in Viet Nam."""
    return f"{number:,}".replace(",", ".")


def clean(text: str) -> str:
    """NFC, one line, single spaces, no invisible or control characters."""
    shown = _INVISIBLE.sub("", text).translate(_CONTROLS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", shown)).strip()


def clean_lines(text: str) -> str:
    """`clean` for each line; at most one empty line in a row."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def fold(text: str) -> str:
    """For comparing only: no marks, no capitals, words of letters and digits set apart by a space.

    Both tone placements (hòa, hoà) and both Unicode forms fold to the same.
    """
    decomposed = unicodedata.normalize("NFD", text.lower())  # đ has no decomposition
    bare = decomposed.translate(_MARKS).replace("đ", "d")
    return " ".join(re.findall(r"[^\W_]+", bare))

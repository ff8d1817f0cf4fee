"""Vietnamese text: one Unicode form, nothing invisible, folded for comparing. Pure."""

import re
import unicodedata

# zero-width, soft hyphen, byte order mark, bidirectional controls: never wanted, often hostile
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """NFC, one line, single spaces, no invisible or control characters."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    spaced = _SPACES.sub(" ", composed)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs", "Co")).strip()


def clean_lines(text: str) -> str:
    """`clean` for each line; at most one empty line in a row."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def fold(text: str) -> str:
    """For comparing only: no marks, no capitals, words of letters and digits set apart by a space.

    Both tone placements (hòa, hoà) and both Unicode forms fold to the same.
    """
    decomposed = unicodedata.normalize("NFD", text.lower())  # đ has no decomposition
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
    return " ".join(re.findall(r"[^\W_]+", bare))

"""Paragraphs of a text that may be wrapped at a width. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from jobs.text import clean

_WIDEST = 160  # characters: longer lines are paragraphs
_FEWEST_LINES = 3
_MOSTLY = 0.6  # of the lines go on as far as the width allows


def paragraphs_in(text: str) -> list[str]:
    """A line each, unless lines end only where the next word had no room."""
    lines = [clean(line) for line in text.splitlines()]
    blocks = [list(group) for is_text, group in groupby(lines, bool) if is_text]
    widest = max((len(line) for block in blocks for line in block), default=0)
    full = [_is_full(*pair, widest) for block in blocks for pair in _neighbours(block)]
    if widest > _WIDEST or len(full) + 1 < _FEWEST_LINES or sum(full) < _MOSTLY * len(full):
        return [line for block in blocks for line in block]
    return [paragraph for block in blocks for paragraph in _joined(block, widest)]


def _neighbours(block: Sequence[str]) -> Iterator[tuple[str, str]]:
    return pairwise(block)


def _is_full(line: str, following: str, widest: int) -> bool:
    return len(line) + 1 + len(following.partition(" ")[0]) > widest


def _joined(block: Sequence[str], widest: int) -> Iterator[str]:
    held = block[0]
    for line, following in _neighbours(block):
        if _is_full(line, following, widest):
            held = f"{held} {following}"
        else:
            yield held
            held = following
    yield held

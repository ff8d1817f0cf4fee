"""Text with spans (bold, link), counted in UTF-16 units, split without breaking a span. Pure."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from itertools import accumulate


class Style(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    LINK = "link"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A styled stretch of text; start and length are UTF-16 code units."""

    style: Style
    start: int
    length: int
    url: str = ""  # of a link


@dataclass(frozen=True, slots=True)
class RichText:
    """Plain text and its spans, in order of start. `+` joins two."""

    text: str
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "RichText") -> "RichText":
        moved = utf16_length(self.text)
        later = tuple(replace(span, start=span.start + moved) for span in other.spans)
        return RichText(self.text + other.text, self.spans + later)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> RichText:
    return RichText(text)


def bold(text: str) -> RichText:
    return _styled(text, Style.BOLD)


def italic(text: str) -> RichText:
    return _styled(text, Style.ITALIC)


def quote(text: str) -> RichText:
    return _styled(text, Style.QUOTE)


def link(text: str, url: str) -> RichText:
    """Plain text when `url` is no web address: no platform would show such a link."""
    if not url.lower().startswith(("http://", "https://")):
        return RichText(text)
    return _styled(text, Style.LINK, url)


def join(*pieces: RichText, between: str = "") -> RichText:
    joined = RichText("")
    for position, piece in enumerate(pieces):
        joined += piece if position == 0 else RichText(between) + piece
    return joined


def _styled(text: str, style: Style, url: str = "") -> RichText:
    stretch = _Stretch.trimmed(text, 0, len(text))
    if stretch is None:
        return RichText(text)
    start = utf16_length(text[: stretch.start])
    length = utf16_length(text[stretch.start : stretch.end])
    return RichText(text, (Span(style=style, start=start, length=length, url=url),))


def split(rich: RichText, limit_units: int) -> list[RichText]:
    """Parts of at most `limit_units`; white space at their ends is gone, all else is kept.

    Cuts at a blank line, else a newline, a sentence end, a space, and only then anywhere.
    A span that fits in one part stays whole.
    """
    if limit_units < 2:  # noqa: PLR2004 - one character may need two units
        raise ValueError("a part must hold at least two units")
    layout = _Layout(rich, limit_units)
    return [layout.part(stretch) for stretch in layout.stretches()]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From `start` to before `end`, in characters."""

    start: int
    end: int

    @classmethod
    def trimmed(cls, text: str, start: int, end: int) -> "_Stretch | None":
        """Without white space at the ends, which Telegram takes off; None when nothing is left."""
        inner = text[start:end]
        stripped = inner.strip()
        if not stripped:
            return None
        first = start + len(inner) - len(inner.lstrip())
        return cls(first, first + len(stripped))

    def has_inside(self, cut: int) -> bool:
        return self.start < cut < self.end


class _Break(IntEnum):
    """Where a text may be cut, worst first."""

    SPACE = 0
    SENTENCE = 1
    LINE = 2
    PARAGRAPH = 3


_WHITE_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*$")


class _Layout:
    """One text while it is being split. Works in characters, answers in units."""

    def __init__(self, rich: RichText, limit_units: int) -> None:
        self.text = rich.text
        self.limit_units = limit_units
        sizes = (1 + (character > "\uffff") for character in rich.text)
        self.units = [0, *accumulate(sizes)]  # units before each character
        self.spans = [(span, self._stretch_of(span)) for span in rich.spans]
        self.whole = [s for span, s in self.spans if span.length <= limit_units]
        self.last_visible = len(self.text) - 1
        while self.last_visible > 0 and not _is_visible(self.text[self.last_visible]):
            self.last_visible -= 1

    def _stretch_of(self, span: Span) -> _Stretch:
        first = bisect_right(self.units, span.start) - 1
        return _Stretch(first, bisect_right(self.units, span.start + span.length) - 1)

    def stretches(self) -> Iterator[_Stretch]:
        rest = _Stretch.trimmed(self.text, 0, len(self.text))
        while rest is not None and self._too_long(rest):
            cut = self._cut(rest)
            part = _Stretch.trimmed(self.text, rest.start, cut)
            if part is not None:
                yield part
            rest = _Stretch.trimmed(self.text, cut, rest.end)
        if rest is not None:
            yield rest

    def _too_long(self, stretch: _Stretch) -> bool:
        return self.units[stretch.end] - self.units[stretch.start] > self.limit_units

    def part(self, stretch: _Stretch) -> RichText:
        spans = (self._clipped(span, own, stretch) for span, own in self.spans)
        text = self.text[stretch.start : stretch.end]
        return RichText(text, tuple(span for span in spans if span is not None))

    def _clipped(self, span: Span, own: _Stretch, part: _Stretch) -> Span | None:
        start, end = max(own.start, part.start), min(own.end, part.end)
        inner = _Stretch.trimmed(self.text, start, end)
        if inner is None:
            return None
        start_unit, end_unit = self.units[inner.start], self.units[inner.end]
        offset = start_unit - self.units[part.start]
        return replace(span, start=offset, length=end_unit - start_unit)

    def _cut(self, rest: _Stretch) -> int:
        window = self._window(rest)
        breaks = self._breaks(window)
        outside = [found for found in breaks if not self._breaks_span(found[1])]
        early = window.start + (window.end - window.start) // 3
        late = [found for found in outside if found[1] >= early]  # no tiny part
        for found in (late, outside):
            if found:
                return max(found)[1]
        anywhere = range(window.end, window.start - 1, -1)
        graphemes = [cut for cut in anywhere if not _joins(self.text, cut)]
        for cut in graphemes:
            if not self._breaks_span(cut):
                return cut
        return max(breaks)[1] if breaks else next(iter(graphemes), window.end)

    def _window(self, rest: _Stretch) -> _Stretch:
        """First and last place to cut, so that something visible stands on both sides."""
        end = bisect_right(self.units, self.units[rest.start] + self.limit_units) - 1
        first = rest.start
        while first < end and not _is_visible(self.text[first]):
            first += 1
        last = min(end, self.last_visible)
        return _Stretch(first + 1, last) if first < last else _Stretch(rest.start + 1, end)

    def _breaks(self, window: _Stretch) -> Sequence[tuple[_Break, int]]:
        found = []
        for white in _WHITE_SPACE.finditer(self.text, window.start):
            if white.start() > window.end:
                break
            if not _joins(self.text, white.end()):
                found.append((self._kind(white), white.start()))
        return found

    def _kind(self, white: re.Match[str]) -> _Break:
        newlines = white.group().count("\n")
        if newlines:
            return _Break.PARAGRAPH if newlines > 1 else _Break.LINE
        before = self.text[max(0, white.start() - 4) : white.start()]
        return _Break.SENTENCE if _SENTENCE_END.search(before) else _Break.SPACE

    def _breaks_span(self, cut: int) -> bool:
        return any(stretch.has_inside(cut) for stretch in self.whole)


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf")


# zero-width (non-)joiner, skin tones, tags (the flags of Scotland and Wales)
_JOINED_TO_WHAT_STANDS_BEFORE = re.compile(
    "[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)


def _joins(text: str, cut: int) -> bool:
    """Whether a cut here would tear marks, an emoji sequence or a flag apart."""
    if not 0 < cut < len(text):
        return False
    before, after = text[cut - 1], text[cut]
    if before == "\u200d" or unicodedata.category(after).startswith("M"):
        return True
    if _JOINED_TO_WHAT_STANDS_BEFORE.match(after):
        return True
    return _is_flag_half(after) and _flag_halves_before(text, cut) % 2 == 1


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, cut: int) -> int:
    start = cut
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return cut - start

"""Text with spans (bold, link), counted in UTF-16 units, split without breaking a span. Pure."""

from dataclasses import dataclass
from enum import StrEnum


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

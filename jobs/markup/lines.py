"""The lines a reader sees in a piece of a page, and how each of them looks. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from jobs.markup.tree import BLOCKS, Element, Skip, classes, is_unseen, text_of, walk
from jobs.text import clean

MOSTLY = 0.9  # share of a line's letters that makes the whole line italic or a link
ICON_PIXELS = 40
MOST_LINES = 5000  # of one article or page; the rest is not read
LONGEST_FIGURE = 300  # characters in a cell
_ENDS_SENTENCE = re.compile(r"[.!?:;…”\"»)\]]$")
_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|justify|end)")
_ALIGN_CLASSES = {"text-right": "right", "text-end": "right", "rteright": "right"} | {
    "text-center": "center",
    "rtecenter": "center",
}
_LETTER = re.compile(r"[^\W\d_]")
_ITALIC = frozenset({"i", "em", "cite"})
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*italic")
_STRONG = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"})
_STRONG_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_CAPTION = re.compile(r"caption|chu-?thich|image-?desc|photo-?desc|img-?desc", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    text: str
    block: int = 0  # lines of one paragraph or cell share it
    container: Element | None = None  # what holds that block
    image: str = ""  # a line without text that is an image: its address
    align: str = ""
    italic: bool = False
    strong: bool = False
    link: bool = False
    caption: bool = False
    cell: bool = False  # a row of a table of figures
    soft: bool = False  # ended by one <br>, so perhaps in the middle of a sentence


@dataclass(slots=True, kw_only=True)
class _Look:
    block: int = 0
    container: Element | None = None
    align: str = ""
    italic: bool = False
    strong: bool = False
    link: bool = False
    caption: bool = False
    row: bool = False


@dataclass(slots=True)
class _Writer:
    """Gathers the pieces of one line until something ends it."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[tuple[str, _Look]] = field(default_factory=list)

    def end(self, *, soft: bool = False) -> None:
        joined = "".join(piece for piece, _ in self.pieces).strip()
        text = clean(joined).strip("|").strip() if joined else ""
        if text:
            self.lines.append(self._line(text, soft=soft))
        elif self.lines and self.lines[-1].soft:
            self.lines[-1] = replace(self.lines[-1], soft=False)
        self.pieces = []

    def _line(self, text: str, *, soft: bool) -> Line:
        looks = [(len(piece.strip()), look) for piece, look in self.pieces if piece.strip()]
        whole = sum(size for size, _ in looks) * MOSTLY
        look = looks[0][1]
        return Line(
            text=text,
            block=look.block,
            container=look.container,
            align=look.align,
            italic=sum(size for size, look in looks if look.italic) >= whole,
            strong=sum(size for size, look in looks if look.strong) >= whole,
            link=_is_link(self.pieces, whole),
            caption=look.caption,
            cell=look.row,
            soft=soft,
        )


def _is_link(pieces: list[tuple[str, _Look]], whole: float) -> bool:
    """Mostly, or but for figures: lists of other articles set a day beside each."""
    linked = sum(len(piece.strip()) for piece, look in pieces if look.link)
    rest = "".join(piece for piece, look in pieces if not look.link)
    return linked > 0 and (linked >= whole or not _LETTER.search(rest))


def lines_of(root: Element, skip: Skip = is_unseen, *, most: int = MOST_LINES) -> list[Line]:
    """A paragraph is a line; so is what a <br> ends, unless a sentence runs on over it."""
    writer = _Writer()
    looks = [_Look()]
    blocks = count(1)
    for step, element, text in walk(root, skip):
        if len(writer.lines) >= most:
            break
        if step == "enter":
            looks.append(_look(element, looks[-1], blocks))
            _enter(element, looks[-1], writer)
        elif step == "leave":
            look = looks.pop()
            if element.tag in BLOCKS and not (look.row and element.tag in ("td", "th")):
                writer.end()
        if text:
            writer.pieces.append((text, looks[-1]))
    writer.end()
    return list(_joined(writer.lines))


def _enter(element: Element, look: _Look, writer: _Writer) -> None:
    if element.tag in ("td", "th") and look.row:
        writer.pieces.append((" | ", look))
    elif element.tag in BLOCKS:
        writer.end()
    elif element.tag == "br":
        writer.end(soft=True)
    elif element.tag == "img" and not _is_icon(element):
        writer.end()
        image = element.get("src") or element.get("data-src") or ""
        writer.lines.append(Line(text="", image=image, block=look.block, container=look.container))


def _look(element: Element, outer: _Look, blocks: Iterator[int]) -> _Look:
    tag, style = element.tag, element.get("style", "").lower()
    is_block = tag in BLOCKS
    return _Look(
        block=next(blocks) if is_block else outer.block,
        container=element.getparent() if is_block else outer.container,
        align=_align(element, style) or outer.align,
        italic=outer.italic or tag in _ITALIC or bool(_ITALIC_STYLE.search(style)),
        strong=outer.strong or tag in _STRONG or bool(_STRONG_STYLE.search(style)),
        link=outer.link or (tag == "a" and "href" in element.attrib),
        caption=outer.caption
        or tag == "figcaption"
        or any(map(_CAPTION.search, classes(element))),
        row=outer.row or (tag == "table" and _holds_figures(element)),
    )


def _align(element: Element, style: str) -> str:
    found = _ALIGN.search(style)
    if found:
        return "right" if found[1] == "end" else found[1]
    if element.tag == "center":
        return "center"
    named = next((_ALIGN_CLASSES[c] for c in classes(element) if c in _ALIGN_CLASSES), "")
    return named or (element.get("align", "").lower() if element.tag in BLOCKS else "")


def _is_icon(image: Element) -> bool:
    sizes = [image.get(side, "").removesuffix("px") for side in ("width", "height")]
    return any(size.isdecimal() and int(size) <= ICON_PIXELS for size in sizes)


def _holds_figures(table: Element) -> bool:
    """Rows of several short cells, rather than a frame around pictures or paragraphs."""
    if next(table.iterdescendants("table", "img"), None) is not None:
        return False
    cells = [
        [text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")
    ]
    wide = [row for row in cells if len(list(filter(None, row))) > 1]
    longest = max((len(cell) for row in wide for cell in row), default=0)
    return len(wide) > 1 and longest <= LONGEST_FIGURE


def _joined(lines: list[Line]) -> Iterator[Line]:
    held: Line | None = None
    for line in lines:
        if held and _runs_on(held, line):
            held = replace(line, text=f"{held.text} {line.text}")
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _runs_on(line: Line, following: Line) -> bool:
    starts_low = following.text[:1].islower()
    return (
        line.soft
        and line.block == following.block
        and starts_low
        and not _ENDS_SENTENCE.search(line.text)
    )


def lines_of_text(text: str) -> list[Line]:
    """The lines of a text without markup: empty lines set paragraphs apart."""
    lines: list[Line] = []
    block = 0
    for line in map(clean, text.splitlines()):
        if line:
            lines.append(Line(text=line, block=block, soft=True))
        else:
            block += 1
    return list(_joined(lines))

"""Text → tree, safely, and what a reader sees of an element. Pure."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Literal, TypeAlias, cast

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.etree import _Element

from jobs.source_errors import Dangerous, Malformed, TooLarge
from jobs.text import clean

Element: TypeAlias = _Element  # lxml has no public name for it

MOST_TAGS = 50_000  # of one page; a portal's has a few thousand
MOST_ATTRIBUTES = 3000  # of one tag: libxml2 compares each with each
_LONG_TAG = 2 * MOST_ATTRIBUTES  # characters; fewer cannot hold so many
_TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style)\b(?:.*?</\1|.*)"
    r"|<[a-z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+",
    re.DOTALL | re.IGNORECASE,
)
_PASTED_IMAGE = re.compile(r"=\s*[\"']?data:[^\s\"'>]*")

_COMMA = re.compile(r",(?![^\[(]*[\])])")
_BRACKETED = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_NAME = re.compile(r"[.#]([\w-]+)")
_UNSEEN_TAGS = frozenset({
    "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg",
    "audio", "video", "canvas", "map", "select", "button", "input", "textarea"
})  # fmt: skip
_UNSEEN_CLASSES = frozenset({
    "hide-accessible", "opens-new-window-accessible", "sr-only", "visually-hidden", "d-none",
    "hidden", "hide", "screen-reader-text", "helper-hidden-accessible", "visuallyhidden",
    "element-invisible"
})  # fmt: skip
_SHOWN_WIDE = re.compile(r"d-(?:sm|md|lg|xl|xxl)-(?!none).+")
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{4,}|(?:^|[;\s])(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|$)"
)
_WHITE_TEXT = re.compile(
    r"(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?\b|white|rgb\(255,\s*255,\s*255\))"
)
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul"
})  # fmt: skip

Skip = Callable[[Element], bool]
Step = Literal["enter", "leave", "skip"]


def read_html(text: str) -> Element:
    """Raises Dangerous, Malformed, TooLarge."""
    if text.count("<") > MOST_TAGS and len(re.findall("<[a-zA-Z]", text)) > MOST_TAGS:
        raise TooLarge
    for tag in _TAG.finditer(text):
        if len(tag[0]) > _LONG_TAG and not tag[0].startswith("<!--") and not tag[1]:
            _count_attributes(tag[0])
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise Malformed from error
    if root is None:
        raise Malformed
    return root


def _count_attributes(tag: str) -> None:
    seen = _PASTED_IMAGE.sub("=", tag)
    if max(seen.count("="), len(re.findall(r"[\s/]+", seen))) > MOST_ATTRIBUTES:
        raise Dangerous


@cache
def selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def select(element: Element, css: str) -> list[Element]:
    """In the page's order. Only what can be there is looked for: most names are other engines'."""
    names = _names_in(element.getroottree().getroot())
    possible = [one for one, name in _alternatives(css) if not name or name in names]
    if not possible:
        return []
    found = selector(", ".join(possible))(element)
    return cast("list[Element]", found)  # XPath may give text too; CSS cannot


@lru_cache(maxsize=2)
def _names_in(root: Element) -> frozenset[str]:
    """The classes and ids of a page, which nobody changes once it is read."""
    told = cast("list[str]", root.xpath("//@class | //@id"))
    return frozenset(name for names in told for name in names.split())


@cache
def _alternatives(css: str) -> tuple[tuple[str, str], ...]:
    """The parts of "a, b", each with a class or an id without which it finds nothing."""
    parts = (part.strip() for part in _COMMA.split(css))
    return tuple((part, _name_in(part)) for part in parts)


def _name_in(part: str) -> str:
    found = _NAME.search(_BRACKETED.sub("", part))
    return found[1] if found else ""


def first(element: Element, css: str) -> Element | None:
    return next(iter(select(element, css)), None)


def classes(element: Element) -> frozenset[str]:
    return _split(element.get("class", ""))


@lru_cache(maxsize=4096)
def _split(names: str) -> frozenset[str]:
    return frozenset(names.lower().split())


def is_unseen(element: Element) -> bool:
    """Whether a browser shows nothing of it: hidden text is noise at best, a trap at worst."""
    if element.tag in _UNSEEN_TAGS or "hidden" in element.attrib or _is_unseen_by_class(element):
        return True
    style = element.get("style", "").lower()
    if element.tag == "font" and element.get("color"):
        style = f"color:{element.get('color', '').lower()};{style}"
    if not style:
        return False
    white = _WHITE_TEXT.search(style) and "background" not in style
    return bool(_UNSEEN_STYLE.search(style) or (white and not _is_coloured_around(element)))


def _is_unseen_by_class(element: Element) -> bool:
    names = classes(element)
    # Bootstrap: d-none with d-md-block is hidden on small screens only
    return bool(names & _UNSEEN_CLASSES) and not any(map(_SHOWN_WIDE.fullmatch, names))


def _is_coloured_around(element: Element) -> bool:
    return any(
        "background" in around.get("style", "") or "bgcolor" in around.attrib
        for around in element.iterancestors()
    )


def walk(root: Element, skip: Skip = is_unseen) -> Iterator[tuple[Step, Element, str]]:
    """Every element entered, left or skipped, with the text that follows that step."""
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: Element | None = None
    for event, element in walker:
        if event == "start" and element is not root and skip(element):
            walker.skip_subtree()
            skipped = element
        elif event == "start":
            yield "enter", element, element.text or ""
        elif element is root:
            yield "leave", element, ""
        else:
            yield "skip" if element is skipped else "leave", element, element.tail or ""


def text_of(element: Element, skip: Skip = is_unseen) -> str:
    """What a reader sees of it, on one line."""
    parts = []
    for _, inner, text in walk(element, skip):
        if inner.tag in BLOCKS or inner.tag == "br":
            parts.append(" ")
        parts.append(text)
    return clean("".join(parts))


def plain(fragment: str) -> str:
    """A piece of HTML, or of text, as text on one line: tags are gone, entities are read."""
    if "<" not in fragment and "&" not in fragment:
        return clean(fragment)
    try:
        return text_of(read_html(f"<div>{fragment}</div>"))
    except Malformed:
        return ""


def cut(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    if len(text) <= most:
        return text
    whole, space, _ = text[: most - 1].rpartition(" ")
    return (whole if space else text[: most - 1]) + "…"

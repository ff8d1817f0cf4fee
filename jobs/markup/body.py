"""Which element of a page holds the text of its article. Pure."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from jobs.markup.frames import is_frame
from jobs.markup.lines import Line, lines_of
from jobs.markup.tree import Element, first, select

FEWEST_LETTERS = 60  # of an article's text
_PROSE = 25  # letters from which a line counts as prose
_MOST_OF_IT = 0.6  # share of a page's prose that makes a guess sure enough
_MOST_BOXES = 5  # around a paragraph
_FEWEST_ALIKE = 3
_MOST_ALIKE = 20  # elements of one name, of which the fullest is taken
_HOLDS_ONE = (  # narrow to wide: the first that holds text is the article
    "[itemprop=articleBody]",
    ".journal-content-article",
    "[itemtype*=Article]",  # NukeViet: its lead stands outside of its body
    "#news_detail",  # NukeViet 3
    "#news-bodyhtml",
    ".tandan-p-article-main, .tandan-p-article-news-content, .tandan-div-article-content",
    ".elementor-widget-theme-post-content, .td-post-content",
    ".entry-content, .post-content, .article-content, .article-body, .detail-content",
    ".content-detail, .article__body, .news-content, .news-detail, .detail-news, .post-body",
    ".noidung, .noi-dung, .chi-tiet-tin, #divNewsContent, #content-detail",
    ".ms-rtestate-field",
    ".component-html",  # Liferay 7.4: a fragment of a display page
    "article",
)
_MAY_HOLD_ONE = ("main", "[role=main]", "#main-content", "#content", "body")

FramedLines = Callable[[Element], list[Line]]  # what stands in an element, without its frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    element: Element
    is_sure: bool = True  # by its name, or most of the page's prose


def framed_lines() -> FramedLines:
    """Reads each element once, however many rules ask about it."""
    return cache(partial(lines_of, skip=is_frame))


def find_body(root: Element, lines: FramedLines) -> Body:
    named = _named(root, lines)
    if named is not None:
        return Body(element=named)
    guessed = _guessed(root, lines)
    if _share(guessed, root, lines) < _MOST_OF_IT:
        guessed = _widened(guessed, lines)
    return Body(element=guessed, is_sure=_share(guessed, root, lines) >= _MOST_OF_IT)


def fullest(elements: list[Element], lines: FramedLines) -> Element | None:
    """The one with most text, if any has some."""
    sized = [(_letters(lines(element)), element) for element in elements[:_MOST_ALIKE]]
    size, element = max(sized, key=lambda pair: pair[0], default=(0, None))
    return element if size else None


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines if not line.link)


def _named(root: Element, lines: FramedLines) -> Element | None:
    for css in _HOLDS_ONE:
        held = [
            found for found in select(root, css) if not any(map(is_frame, found.iterancestors()))
        ]
        element = fullest(held, lines)
        if element is not None and _letters(lines(element)) >= FEWEST_LETTERS:
            return element
    return None


def _guessed(root: Element, lines: FramedLines) -> Element:
    for css in _MAY_HOLD_ONE:
        element = first(root, css)
        if element is not None and (densest := _densest(element, lines)) is not None:
            return densest
    return root


def _densest(element: Element, lines: FramedLines) -> Element | None:
    """What directly holds most prose; what holds that counts half of it."""
    letters: dict[Element, float] = defaultdict(float)
    for line in lines(element):
        if line.container is None or not _is_prose(line):
            continue
        letters[line.container] += len(line.text)
        around = line.container.getparent()
        if around is not None and line.container is not element:
            letters[around] += len(line.text) / 2
    best = max(letters, key=lambda key: letters[key], default=None)
    return best if best is not None and letters[best] >= FEWEST_LETTERS else None


def _widened(body: Element, lines: FramedLines) -> Element:
    """What holds the text where each paragraph stands in boxes of its own, all alike."""
    box = body
    for _ in range(_MOST_BOXES):
        around = box.getparent()
        if around is None or around.tag in ("body", "html"):
            break
        look = (box.tag, box.get("class"))
        alike = [each for each in around if (each.tag, each.get("class")) == look]
        if sum(any(map(_is_prose, lines(each))) for each in alike) >= _FEWEST_ALIKE:
            return around
        box = around
    return body


def _share(body: Element, root: Element, lines: FramedLines) -> float:
    """Of the page's prose, that which stands in the body."""
    part, whole = (
        sum(len(line.text) for line in lines(each) if _is_prose(line)) for each in (body, root)
    )
    return part / max(part, whole, 1)


def _is_prose(line: Line) -> bool:
    return not line.link and len(line.text) >= _PROSE

"""The part of a page that holds its article, with what stands beside it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.article_head import NAMED_TITLES, WrittenDate, dates_of, title_of
from jobs.article_lines import is_credit, is_label
from jobs.markup.body import FramedLines, find_body, framed_lines, fullest
from jobs.markup.frames import is_frame, is_framed
from jobs.markup.lines import Line
from jobs.markup.tree import Element, classes, first, is_unseen, select, text_of
from jobs.text import fold

_MOST_LEVELS = 4  # between a text and what holds its title, its lead and its credit too
_LONGEST_NAME = 80  # characters of an author's
_SHORTEST_LEAD = 60  # characters of one that nothing marks
_LONGEST_FOOT = 300  # characters right below a text; more is something else
_CONTENTS = (".journal-content-article", ".asset-content")
_LEADS = (
    ".hometext, #hometext, [class*=tandan-][class*=summary], .sapo, .lead, .lead-text,"
    " .article-sapo, .detail-sapo, .news-sapo, .news-summary, .article-summary, .tom-tat, .tomtat,"
    " .mo-ta, .trich-dan, .article__sapo, [itemprop=description]"
)
_AUTHORS = (
    ".author, .tac-gia, .tacgia, .article-author, .news-author, .source, .nguon, .nguon-tin,"
    " .credit, .but-danh, [rel=author], .author-info, .article__author,"
    " [class*=tandan-][class*=author]"
)
_NOBODY = frozenset({"admin", "administrator", "quan tri", "quan tri vien", "webmaster", "editor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    lines: tuple[Line, ...]
    title: str = ""
    labels: tuple[str, ...] = ()  # what the page's portlets are called
    dates: tuple[WrittenDate, ...] = ()  # the surest first
    authors: tuple[str, ...] = ()  # named below the text
    entry_id: str = ""
    is_sure: bool = True  # that it is the whole article


def find_scope(root: Element) -> Scope:
    """The surest scope the page has; its lines may hold no article at all."""
    lines = framed_lines()
    full = fullest(select(root, ".asset-full-content"), lines)
    if full is not None:
        return _liferay(root, full, lines)
    body = find_body(root, lines)
    box = _around(body.element)
    return _scope(root, body.element, box, lines, is_sure=body.is_sure)


def scope_of(root: Element, body: Element) -> Scope:
    """For a text that was found otherwise; `body` need not be of the same tree."""
    return _scope(root, body, body, framed_lines())


def _liferay(root: Element, full: Element, lines: FramedLines) -> Scope:
    box = _around(full)
    parts = (fullest(select(full, css), lines) for css in _CONTENTS)
    body = next((part for part in parts if part is not None), full)
    named = [*select(full, ".asset-title"), *select(box, ".header-title")]
    titles = (text_of(element, _is_unseen_or_back) for element in named)
    return _scope(root, body, box, lines, title=next((text for text in titles if text), ""))


def _is_unseen_or_back(element: Element) -> bool:
    return is_unseen(element) or "header-back-to" in classes(element)


def _scope(
    root: Element,
    body: Element,
    box: Element,
    lines: FramedLines,
    *,
    title: str = "",
    is_sure: bool = True,
) -> Scope:
    portlets = select(root, ".portlet-title-text, .portlet-title")
    beside = _Beside(box, body)
    title = title or title_of(root, box, body, lines(body))
    return Scope(
        lines=(*beside.lead(lines, title), *lines(body)),
        title=title,
        labels=tuple(text_of(portlet) for portlet in portlets),
        dates=tuple(dates_of(root, box)),
        authors=tuple(beside.authors()) or tuple(beside.credits_below(lines)),
        entry_id=_entry_id(box),
        is_sure=is_sure,
    )


class _Beside:
    """What belongs to an article and stands in its box, before or below its text."""

    def __init__(self, box: Element, body: Element) -> None:
        self._box, self._body = box, body
        self._order = {element: place for place, element in enumerate(box.iter())}
        self._start = self._order.get(body, 0)
        self._inside = {body, *body.iterancestors(), *body.iterdescendants()}

    def lead(self, lines: FramedLines, title: str) -> list[Line]:
        """A lead that stands before the text rather than in it."""
        for element in select(self._box, _LEADS):
            if element.tag != "meta" and self._order[element] < self._start and self._is(element):
                return lines(element)
        return self._gap(lines, fold(title))

    def _gap(self, lines: FramedLines, title: str) -> list[Line]:
        """The prose between the title and the text, where nothing is called a lead."""
        found: list[Line] = []
        for around in (self._body, *self._body.iterancestors()):
            if around is self._box:
                break
            for before in around.itersiblings(preceding=True):
                here = [] if is_frame(before) else lines(before)
                says_title = any(fold(line.text) == title for line in here)
                if says_title or before.tag == "h1" or select(before, f"h1, {NAMED_TITLES}"):
                    return found
                prose = (line for line in here if len(line.text) >= _SHORTEST_LEAD)
                found[:0] = [line for line in prose if not line.link]
        return []

    def authors(self) -> Iterator[str]:
        """Who is named below the text."""
        for element in select(self._box, _AUTHORS):
            if self._order[element] > self._start and self._is(element):
                text = text_of(element)
                is_name = 0 < len(text) <= _LONGEST_NAME and fold(text) not in _NOBODY
                if is_name or is_credit(text):
                    yield text

    def credits_below(self, lines: FramedLines) -> Iterator[str]:
        """What the engine itself writes right below the text: NukeViet before 4.5."""
        for element in self._body.itersiblings():
            if is_frame(element):
                return
            below = lines(element)
            yield from (
                line.text
                for line in below
                if is_credit(line.text) and not line.link and not is_label(line.text)
            )
            if sum(len(line.text) for line in below) > _LONGEST_FOOT:
                return

    def _is(self, element: Element) -> bool:
        return element not in self._inside and not is_framed(element, self._box)


def _around(body: Element) -> Element:
    """The portlet the text is in, else what holds its title too, else its parent."""
    for around in body.iterancestors():
        if "portlet-boundary" in classes(around) or around.get("id", "").startswith("p_p_id_"):
            return around
    for level, around in enumerate(body.iterancestors()):
        if around.tag in ("body", "html") or level == _MOST_LEVELS:
            break
        if select(around, "h1") or not all(map(_is_linked, select(around, NAMED_TITLES))):
            return around
    parent = body.getparent()
    return body if parent is None or body.tag == "body" else parent


def _is_linked(title: Element) -> bool:
    """Whether it leads to an article and so is another's."""
    return bool(select(title, "a[href]")) or next(title.iterancestors("a"), None) is not None


def _entry_id(box: Element) -> str:
    anchor = first(box, ".asset-anchor[id], .lfr-asset-anchor[id]")
    if anchor is not None and anchor.get("id", "").isdecimal():
        return anchor.get("id", "")
    for content in select(box, ".asset-content[id]"):  # 6.2
        found = re.fullmatch(r"_.+_INSTANCE_[^_]+_(\d+)", content.get("id", ""))
        if found:
            return found[1]
    return ""

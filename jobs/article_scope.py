"""Which part of a page holds its article, and what the page's markup says about it. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jobs.article_lines import is_label, title_among
from jobs.markup.lines import Line, lines_of
from jobs.markup.tree import Element, classes, first, is_unseen, plain, select, text_of
from jobs.text import fold
from jobs.vietnamese_date import is_only_date

FEWEST_LETTERS = 60  # of an article's text
_HEAD_LINES = 20  # in which a page without any markup for it puts its date
_PROSE = 25  # letters from which a line counts as prose
_FRAME_TAGS = frozenset({"nav", "header", "footer", "aside", "dialog"})
_FRAME = re.compile(  # classes and ids of what stands around an article, whole names
    r"asset-(?:links|more|actions|details|metadata|categories|tags|ratings|flag|priority|user-actions|user-info)"
    r"|asset-view-count-info|taglib-(?:asset-links|social.*|ratings|flags|discussion|page-iterator|header)"
    r"|lfr-(?:discussion|meta-actions|pagination)|metadata-author|print-actions?|export-actions?|locale-actions"
    r"|header-back-to|portlet-(?:topper|header|title.*)|subscribe-action|date-now|current-time"
    r"|breadcrumbs?|pagination|pager|page-iterator|social.*|share.*|addthis.*|fb-.*|zalo-.*|rating.*|comments?"
    r"|related.*|.*lien-?quan|.*tin-?khac|other-?news.*|tin-?moi|side-?bar.*|navbar.*|menu.*|footer|banner"
    r"|quang-?cao.*|ads?|advert.*|counter|alert|tandan-div-article-other|detail-related|quick-access-nav",
    re.IGNORECASE,
)
_HOLDS_ONE = (  # narrow to wide: the first that holds text is the article
    "[itemprop=articleBody]",
    ".journal-content-article",
    "[itemtype*=Article]",  # NukeViet: its lead stands outside of its body
    "#news-bodyhtml",
    ".entry-content, .post-content, .article-content, .article-body, .detail-content",
    ".content-detail",
    "article",
)
_MAY_HOLD_ONE = ("main", "[role=main]", "#main-content", "#content", "body")
_TITLES = (
    "[itemprop=headline], h1, h2, h3, h4, .asset-title, .tieude, .tieu-de, .title, .detail-title"
)
_DATES = (
    ".metadata-publish-date",
    ".date-info",
    "[itemprop=datePublished]",
    "time[datetime]",
    ".publish-date, .published, .post-date, .ngay-dang, .ngaydang, .date, .time, .date-time",
)
_SITE_NAME = re.compile(
    r"\s+[-–—|»]\s+(?:(?:tin tức|trang|cổng|huyện|tỉnh|xã|phường|thành phố|thị xã|thị trấn|ubnd"
    r"|ủy ban|báo|đảng bộ|sở)\b[^-–—|»]{0,80}|[^-–—|»]*\.vn[^-–—|»]*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The part of a page that holds its article."""

    lines: tuple[Line, ...]
    title: str = ""
    labels: tuple[str, ...] = ()  # what the page's portlets are called
    dates: tuple[str, ...] = ()  # as written, the surest first
    entry_id: str = ""


def find_scope(root: Element) -> Scope:
    """The surest scope the page has; its lines may hold no article at all."""
    full = _fullest(select(root, ".asset-full-content"))
    if full is not None:
        return _liferay(root, full)
    body = _general(root)
    box = _box_of(body)
    return _scope(root, body, box, title=_title(root, box, body))


def _liferay(root: Element, full: Element) -> Scope:
    box = _box_of(full)
    body = _fullest(select(full, ".journal-content-article"))
    if body is None:
        body = _fullest(select(full, ".asset-content"))
    if body is None:
        body = full
    named = [*select(full, ".asset-title"), *select(box, ".header-title")]
    titles = (text_of(element, _is_unseen_or_back) for element in named)
    title = next((text for text in titles if text), "") or _title(root, box, body)
    return _scope(root, body, box, title=title)


def _scope(root: Element, body: Element, box: Element, *, title: str) -> Scope:
    portlets = select(root, ".portlet-title-text, .portlet-title")
    return Scope(
        lines=tuple(lines_of(body, is_frame)),
        title=title,
        labels=tuple(text_of(portlet) for portlet in portlets),
        dates=tuple(_dates(root, box)),
        entry_id=_entry_id(box),
    )


def is_frame(element: Element) -> bool:
    """Whether an element stands around articles rather than in them."""
    if element.tag in _FRAME_TAGS or is_unseen(element):
        return True
    return any(map(_FRAME.fullmatch, (*classes(element), element.get("id", ""))))


def _is_unseen_or_back(element: Element) -> bool:
    return is_unseen(element) or "header-back-to" in classes(element)


def _box_of(element: Element) -> Element:
    """The portlet the element is in, else what holds it."""
    for around in element.iterancestors():
        if "portlet-boundary" in classes(around) or around.get("id", "").startswith("p_p_id_"):
            return around
    parent = element.getparent()
    return element if parent is None or element.tag == "body" else parent


def _fullest(elements: list[Element]) -> Element | None:
    sized = [(_letters(lines_of(element, is_frame)), element) for element in elements[:20]]
    size, element = max(sized, key=lambda pair: pair[0], default=(0, None))
    return element if size else None


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines if not line.link)


def _general(root: Element) -> Element:
    for css in _HOLDS_ONE:
        held = [
            found for found in select(root, css) if not any(map(is_frame, found.iterancestors()))
        ]
        element = _fullest(held)
        if element is not None and _letters(lines_of(element, is_frame)) >= FEWEST_LETTERS:
            return element
    for css in _MAY_HOLD_ONE:
        element = first(root, css)
        if element is not None and (densest := _densest(element)) is not None:
            return densest
    return root


def _densest(element: Element) -> Element | None:
    """What directly holds most prose; what holds that counts half of it."""
    letters: dict[Element, float] = defaultdict(float)
    for line in lines_of(element, is_frame):
        if line.link or line.container is None or len(line.text) < _PROSE:
            continue
        letters[line.container] += len(line.text)
        around = line.container.getparent()
        if around is not None and line.container is not element:
            letters[around] += len(line.text) / 2
    best = max(letters, key=lambda key: letters[key], default=None)
    return best if best is not None and letters[best] >= FEWEST_LETTERS else None


def _title(root: Element, box: Element, body: Element) -> str:
    """A heading that the page's head agrees with, else the head's title, else a line of text."""
    told = [_meta(root, "og:title"), text_of_title(root)]
    headings = _headings((*select(box, _TITLES), *select(root, "h1")))
    agreed = (
        h for h in headings for t in told if len(h) >= _PROSE and fold(t).startswith(fold(h))
    )
    lines = lines_of(body, is_frame)
    among = title_among(lines)
    own = next(iter(_headings(select(body, "h1"))), "")
    matching = next((line.text for line in lines if any(_opens(t, line.text) for t in told)), "")
    sure = next(agreed, "") or own or matching
    page = next((_SITE_NAME.sub("", t) for t in told if t and not is_label(t)), "")
    return sure or (
        among if among and not headings and _stands_twice(lines, among) else page or among
    )


def _headings(elements: Iterable[Element]) -> list[str]:
    """The texts of those that are seen and not a portal's own words."""
    seen = (text_of(element) for element in elements if not is_unseen(element))
    return [text for text in seen if text and not is_label(text)]


def _opens(title: str, line: str) -> bool:
    return len(line) >= _PROSE // 2 and fold(title).startswith(fold(line))


def _stands_twice(lines: list[Line], text: str) -> bool:
    return sum(fold(line.text).removeprefix("null ") == fold(text) for line in lines) > 1


def text_of_title(root: Element) -> str:
    title = first(root, "title")
    return text_of(title) if title is not None else ""


def _meta(root: Element, name: str) -> str:
    found = first(root, f"meta[property='{name}'], meta[name='{name}']")
    return plain(found.get("content", "")) if found is not None else ""


def _dates(root: Element, box: Element) -> Iterator[str]:
    for css in _DATES:
        for element in select(box, css):
            yield element.get("datetime") or element.get("content") or text_of(element)
    yield _meta(root, "article:published_time")
    for line in lines_of(box, is_frame)[:_HEAD_LINES]:
        if is_only_date(line.text):
            yield line.text


def _entry_id(box: Element) -> str:
    anchor = first(box, ".asset-anchor[id], .lfr-asset-anchor[id]")
    if anchor is not None and anchor.get("id", "").isdecimal():
        return anchor.get("id", "")
    for content in select(box, ".asset-content[id]"):  # 6.2
        found = re.fullmatch(r"_.+_INSTANCE_[^_]+_(\d+)", content.get("id", ""))
        if found:
            return found[1]
    return ""

"""What a page says about its article beside the text: its title, when it was published. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from jobs.article_lines import is_byline, is_label, title_among
from jobs.markup.frames import is_foreign, is_frame, is_framed
from jobs.markup.lines import Line, lines_of
from jobs.markup.linked_data import PUBLISHED_TIMES, LinkedArticle, linked_article
from jobs.markup.tree import Element, first, is_unseen, plain, select, text_of
from jobs.text import fold
from jobs.vietnamese_date import is_only_date

_HEAD_LINES = 20  # in which a page without any markup for it puts its date
_PROSE = 25  # letters from which a line counts as prose
_FEWEST_WORDS = 4  # of a heading that nothing else confirms
NAMED_TITLES = (  # what engines and templates call the title of an article
    "[itemprop=headline], .tandan-p-article-news-title, #news_detail h1, .entry-title,"
    " .article-title, .title-article, .article__title, .post-title, .detail-title, .title-detail,"
    " .news-title, .title-news, .tieude, .tieu-de, .tieu-de-bai-viet"
)
_TITLES = f"{NAMED_TITLES}, h1, h2, h3, h4, .asset-title, .title"
_LIKE_TITLE = re.compile(r"title|tieu-?de", re.IGNORECASE)
_SURE_DATES = (".metadata-publish-date", ".date-info")  # in what Liferay puts around an article
_SHOWN_DATES = (
    *_SURE_DATES,
    "[class*=tandan-][class*=date]",
    PUBLISHED_TIMES,
    ".entry-date, .publish-date, .published, .post-date, .posted-on, .date-publish, .date-post",
    ".ngay-dang, .ngaydang, .ngay-xuat-ban, .thoi-gian, .thoigian",
    ".date, .time, .date-time, .datetime, .article-date, .news-date, .pub-date, .post-time",
)
_TOLD_DATES = (
    "meta[property='article:published_time'], meta[itemprop=datePublished], meta[name=pubdate]"
)
_SITE_NAME = re.compile(
    r"\s+[-–—|»]\s+(?:(?:tin tức|trang|cổng|huyện|tỉnh|xã|phường|thành phố|thị xã|thị trấn|ubnd"
    r"|ủy ban|báo|đảng bộ|sở)\b[^-–—|»]{0,80}|[^-–—|»]*\.vn[^-–—|»]*)$",
    re.IGNORECASE,
)


class DateSource(StrEnum):
    """Where an article's date was found."""

    PAGE = "page"  # shown beside it
    MARKUP = "markup"  # told to machines: itemprop, JSON-LD, meta
    ADDRESS = "address"  # in its own address
    TEXT = "text"  # the day its text opens with: a guess, better than none
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    text: str
    source: DateSource


def title_of(root: Element, box: Element, body: Element, lines: list[Line]) -> str:
    """A heading that the page's head agrees with, else what the engine calls the title, else
    the head's title, else a line of text."""
    linked = linked_article(root)
    told = [_meta(root, "og:title"), _text_of_title(root), linked.headline if linked else ""]
    headings = _headings((*select(box, _TITLES), *select(root, "h1")))
    agreed = (h for h in headings if len(h) >= _PROSE and any(_opens(t, h) for t in told))
    own = next(iter(_headings(select(body, "h1"))), "")
    matching = next((line.text for line in lines if any(_opens(t, line.text) for t in told)), "")
    sure = next(agreed, "") or _named(root, box) or own or matching
    among = title_among(lines)
    twice = among if not headings and _stands_twice(lines, among) else ""
    return sure or twice or _of_page(told) or _loosely_named(box, body) or among


def _of_page(told: list[str]) -> str:
    bare = (_SITE_NAME.sub("", text) for text in told)
    return next((text for text in bare if text and not is_label(text)), "")


def _loosely_named(box: Element, body: Element) -> str:
    """What stands before the text and has a title's name in part: a portlet of a portal's own."""
    for element in box.iter():
        if element is body:
            break
        if _LIKE_TITLE.search(element.get("class", "")) and not is_framed(element, box):
            text = next(iter(_headings([element])), "")
            if len(text.split()) >= _FEWEST_WORDS and not select(element, "a[href]"):
                return text
    return ""


def _named(root: Element, box: Element) -> str:
    """What the engine calls the title, if it is one text alone."""
    for holder in (box, root):
        names = [
            element for element in select(holder, NAMED_TITLES) if not is_framed(element, holder)
        ]
        texts = dict.fromkeys(
            text for text in _headings(names) if len(text.split()) >= _FEWEST_WORDS
        )
        if len(texts) == 1 or (texts and holder is box):
            return next(iter(texts))
    return ""


def _headings(elements: Iterable[Element]) -> list[str]:
    """The texts of those that are seen and not a portal's own words."""
    seen = (text_of(element) for element in elements if not is_unseen(element))
    return [text for text in seen if text and not is_label(text)]


def _opens(title: str, line: str) -> bool:
    """Whether the line is how the title begins; white space may make it longer."""
    if not _PROSE // 2 <= len(line) <= len(title) + _PROSE:
        return False
    return fold(title).startswith(fold(line))


def _stands_twice(lines: list[Line], text: str) -> bool:
    return sum(fold(line.text).removeprefix("null ") == fold(text) for line in lines) > 1


def _text_of_title(root: Element) -> str:
    title = first(root, "title")
    return text_of(title) if title is not None else ""


def _meta(root: Element, name: str) -> str:
    found = first(root, f"meta[property='{name}'], meta[name='{name}']")
    return plain(found.get("content", "")) if found is not None else ""


def dates_of(root: Element, box: Element) -> Iterator[WrittenDate]:
    """As written, the surest first."""
    for css in _SHOWN_DATES:
        for element in select(box, css):
            if css in _SURE_DATES or not is_framed(element, box, is_foreign):
                said = element.get("datetime") or text_of(element)
                yield WrittenDate(text=said, source=DateSource.PAGE)
    for line in lines_of(box, is_frame, most=_HEAD_LINES):
        told = not (line.link or line.cell) and is_byline(line.text)
        if told or is_only_date(line.text):
            yield WrittenDate(text=line.text, source=DateSource.PAGE)
    yield from _told_dates(root, box, linked_article(root))


def _told_dates(
    root: Element, box: Element, linked: LinkedArticle | None
) -> Iterator[WrittenDate]:
    for element in (*select(box, "[itemprop=datePublished]"), *select(root, _TOLD_DATES)):
        told = element.get("content") or element.get("datetime") or text_of(element)
        yield WrittenDate(text=told, source=DateSource.MARKUP)
    if linked:
        yield WrittenDate(text=linked.published, source=DateSource.MARKUP)

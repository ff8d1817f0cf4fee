"""What holds one article of a list page: its link, title, date, lead and picture. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jobs.article_lines import is_byline, is_label, uncut
from jobs.identity import canonical_url
from jobs.markup.lines import lines_of
from jobs.markup.tree import BLOCKS, Element, classes, cut, is_unseen, select, text_of
from jobs.text import clean, fold
from jobs.vietnamese_date import PublishedDate, day_in_address, is_only_date, parse_date
from storage.records import NewArticle, Precision

LONGEST_TITLE = 300  # characters
MOST_ARTICLES = 500  # on one page
MOST_LINKS = 3000  # looked at on one page
_MOST_PARTS = 40  # of one article, looked at for a date
_MOST_PLACES = 4  # on a page that lists one article in several
_A_DATE = 12  # letters that a list may set beside a title
_SHORTEST_LEAD = 40  # characters of a line that nothing marks as a lead
_MOST_LEVELS = 3  # between a link and the heading around it
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HEADINGS = "h1, h2, h3, h4, h5, h6, .asset-title, .title"
_MAYBE_DATES = "time, td, li, i, em, small, span, p, div"
_MORE = re.compile(r"(?:(?:doc|xem) (?:tiep|them|chi tiet)|chi tiet|read more|more|ve)(?: .*)?|")
_MORE_AT_END = re.compile(r"\s*(?:Đọc tiếp|Xem tiếp|Xem thêm|Xem chi tiết|Chi tiết)?\s*[»>]*$")
_ALL = ("body", "html")
_AROUND_TAGS = frozenset({"aside", "nav", "footer", "header"})
_AROUND = re.compile(
    r"side-?bar.*|widget-area|tin-?(?:moi|khac|lien-?quan)|.*lien-?quan|related-?(?:posts?|news|articles?).*"
    r"|.*(?:xem|doc)-?nhieu|navbar.*|(?:main-?)?menu.*|.*-menu|breadcrumbs?|footer.*|banner|counter"
    r"|quang-?cao.*|taglib-page-iterator|pagination|paging|(?:taglib-)?asset-links|comments?"
    r"|tandan-div-article-other",
    re.IGNORECASE,
)
_THEME_IMAGE = re.compile(r"/(?:themes?|icons?|o)/|icon|logo|spacer|blank|data:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What holds one article of a list, and what its link and title are."""

    box: Element
    url: str
    title: str
    elsewhere: tuple[Element, ...] = ()  # on the page, said in fewer words


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where one article of a list has what; selectors, the surest first."""

    dates: Sequence[str] = ()
    leads: Sequence[str] = ()
    images: Sequence[str] = ()


def article_of(one: Listed, base: str, marks: Marks, *, now: datetime) -> NewArticle:
    date = next(_dates(one, marks.dates, now), None)
    images = (_image(box, marks.images, base) for box in (one.box, *one.elsewhere))
    return NewArticle(
        title=one.title,
        url=one.url,
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        lead=uncut(_lead(one, marks.leads)),
        image_url=next(filter(None, images), ""),
    )


def outermost(boxes: Iterable[Element]) -> list[Element]:
    """A list in an article of a list is none; a page left unclosed would nest all of them."""
    found: dict[Element, None] = {}
    for box in boxes:
        if not any(around in found for around in box.iterancestors()):
            found[box] = None
    return list(found)


def is_around(element: Element) -> bool:
    """Whether it stands beside the list: in a menu, a sidebar, a footer."""
    arounds = [each for each in (element, *element.iterancestors()) if each.tag not in _ALL]
    in_article = any(around.tag == "article" for around in arounds)
    return any(
        (around.tag in _AROUND_TAGS and not (in_article and around.tag == "header"))
        or any(map(_AROUND.fullmatch, (*classes(around), around.get("id", ""))))
        for around in arounds
    )


def urls_in(links: Mapping[str, Iterable[Element]]) -> dict[Element, set[str]]:
    """For what holds links: which articles they lead to."""
    found: dict[Element, set[str]] = defaultdict(set)
    for url, elements in links.items():
        for element in elements:
            for around in element.iterancestors():
                found[around].add(url)
    return found


def box_of(link: Element, shared: Mapping[Element, set[str]]) -> Element:
    """The widest element around the link that is about its article alone."""
    box = link
    for around in link.iterancestors():
        if (
            len(shared[around]) > 1
            or around.tag in ("body", "main", "form")
            or "portlet-boundary" in classes(around)
        ):
            break
        box = around
    return box


def boxes_of(links: Sequence[Element], shared: Mapping[Element, set[str]]) -> list[Element]:
    """The fullest first: a front page has a picture and a title above, a lead below."""
    boxes = list(dict.fromkeys(box_of(link, shared) for link in links[:_MOST_PLACES]))
    return boxes if len(boxes) == 1 else sorted(boxes, key=lambda box: -len(text_of(box)))


def title_of_links(box: Element, links: Sequence[Element]) -> str:
    """What a heading around or in the links says, else one beside them, else the fullest link."""
    near = (heading for link in links for heading in (*_around(link), *select(link, _HEADINGS)))
    for heading in (*near, *select(box, _HEADINGS)):
        text = _text_of_title(heading)
        if text and not is_label(text):
            return cut(text, LONGEST_TITLE)
    told = (link.get("title", "") for link in links)
    return cut(longest(links) or next(filter(None, map(clean, told)), ""), LONGEST_TITLE)


def _around(link: Element) -> list[Element]:
    """The heading that a link stands in, unless it holds more than a title."""
    for level, around in enumerate(link.iterancestors()):
        if around.tag in _HEADING_TAGS and len(select(around, "a[href]")) == 1:
            return [around]
        if level == _MOST_LEVELS:
            break
    return []


def longest(links: Iterable[Element]) -> str:
    """The fullest text of links to one article that is not "read more"."""
    texts = (_text_of_title(link) for link in links if not is_unseen(link))
    return max((text for text in texts if not _MORE.fullmatch(fold(text))), key=len, default="")


def _text_of_title(element: Element) -> str:
    return text_of(element, _is_beside_title)


def _is_beside_title(element: Element) -> bool:
    """A date, or the number that a list gives its articles."""
    if is_unseen(element):
        return True
    if element.tag not in ("em", "i", "span", "small", "time", "div", "p"):
        return False
    text = text_of(element)
    return (text.isdecimal() and element.tag not in BLOCKS) or is_only_date(text)


def _dates(one: Listed, css: Sequence[str], now: datetime) -> Iterator[PublishedDate]:
    sure = [date for each in css for date in select(one.box, each)]
    texts = [date.get("datetime") or text_of(date) for date in sure]
    maybe = [text_of(element) for element in select(one.box, _MAYBE_DATES)[:_MOST_PARTS]]
    rest = text_of(one.box).replace(one.title, " ")
    only = (*filter(is_only_date, maybe), *filter(is_only_date, [rest]))
    for text in (*texts, *only, *filter(is_byline, maybe)):
        if date := parse_date(text, now=now):
            yield date
    if date := day_in_address(one.url, now=now):
        yield date


def _lead(one: Listed, css: Sequence[str]) -> str:
    marked = (element for each in css for element in select(one.box, each))
    for text in (text_of(element, _is_beside_lead) for element in marked):
        if lead := _as_lead(text, one.title):
            return lead
    lines = (line for line in lines_of(one.box, _is_beside_lead) if not line.link)
    texts = (line.text for line in lines if len(line.text) >= _SHORTEST_LEAD)
    return next(filter(None, (_as_lead(text, one.title) for text in texts)), "")


def _as_lead(text: str, title: str) -> str:
    text = _MORE_AT_END.sub("", text)
    if not text or is_only_date(text) or is_label(text):
        return ""
    said, named = fold(text), fold(title)
    is_title = said == named or (len(said) < len(named) + _A_DATE and named in said)
    return "" if is_title or is_only_date(text.replace(title, " ", 1)) else text


def _is_beside_lead(element: Element) -> bool:
    if is_unseen(element) or classes(element) & {"asset-small-image", "asset-more"}:
        return True
    return element.tag == "a" and bool(_MORE.fullmatch(fold(text_of(element))))


def _image(box: Element, css: Sequence[str], base: str) -> str:
    marked = [image for each in css for image in select(box, each)]
    shown = [*marked, *(image for image in select(box, "img") if not _is_theme(image))]
    urls = (canonical_url(address_of(image), base) for image in shown if address_of(image))
    return next(filter(None, urls), "")


def _is_theme(image: Element) -> bool:
    return bool(_THEME_IMAGE.search(address_of(image)))


def address_of(image: Element) -> str:
    """A picture that is loaded late has its address elsewhere."""
    late = (image.get(name, "") for name in ("data-src", "data-lazy-src", "data-original"))
    return next(filter(None, late), "") or image.get("src", "")


def without_repeats(articles: Iterable[NewArticle]) -> list[NewArticle]:
    """A page may list one article in two places, and so under two addresses."""
    seen: set[str] = set()
    kept = []
    for article in articles:
        slug = urlsplit(article.url).path.rstrip("/").rpartition("/")[2]
        keys = {article.url, f"{slug} {fold(article.title)}", article.entry_id or article.url}
        if not keys & seen:
            kept.append(article)
        seen |= keys
    return kept

"""An article's own page → its title, text, lead, date, credit and image. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobs.article_lines import ArticleLines, sort_lines, title_among
from jobs.article_scope import FEWEST_LETTERS, Scope, find_scope
from jobs.identity import canonical_url, entry_id_in
from jobs.markup.decoding import decode
from jobs.markup.lines import lines_of_text
from jobs.markup.links import base_of, declared_address, same_host
from jobs.markup.tree import Element, cut, first, read_html
from jobs.source_errors import NoArticleText
from jobs.vietnamese_date import PublishedDate, find_day, parse_date
from storage.records import Precision

LONGEST_TITLE = 300  # characters
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|p|div|span|br|table|article|h[1-6]|ul|b|i|a)\b",
    re.IGNORECASE,
)
_FEED = re.compile(r"\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_DAY_OF_EVENT = re.compile(
    r"\W*(?:(?:vào|trong)\s+)?(?:sáng|chiều|tối|trưa|ngày|hôm nay)\b[^.;:]{0,80}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    title: str
    canonical: str
    paragraphs: tuple[str, ...]  # as published, glued sentences too
    lead: str = ""  # sapô: the first paragraph
    published_at: datetime | None = None
    precision: Precision = Precision.NONE
    date_from_text: bool = False  # only the day the text opens with: a guess, better than none
    credit: str = ""
    captions: tuple[str, ...] = ()
    image_url: str = ""
    entry_id: str = ""


def read_article(
    page: bytes, page_url: str, *, now: datetime, content_type: str = ""
) -> ArticleText:
    """Raises SourceError."""
    text = decode(page, content_type)
    if _FEED.match(text):
        raise NoArticleText
    if content_type.startswith("text/plain") or not _MARKUP.search(text):
        lines = tuple(lines_of_text(text))
        scope = Scope(lines=lines, title=title_among(lines))
        return _article(scope, canonical=canonical_url(page_url), base=page_url, now=now)
    return article_in(read_html(text), page_url, now=now)


def article_in(root: Element, page_url: str, *, now: datetime) -> ArticleText:
    """Raises NoArticleText."""
    return _article(
        find_scope(root),
        canonical=_canonical(root, page_url),
        base=base_of(root, page_url),
        shared_image=_shared_image(root),
        now=now,
    )


def _article(
    scope: Scope, *, canonical: str, base: str, now: datetime, shared_image: str = ""
) -> ArticleText:
    found = sort_lines(scope.lines, title=scope.title, labels=scope.labels)
    if not scope.title or sum(map(len, found.paragraphs)) < FEWEST_LETTERS:
        raise NoArticleText
    date, is_guess = _date(scope, found, now)
    images = (canonical_url(image, base) for image in (*found.images, shared_image) if image)
    return ArticleText(
        title=cut(scope.title, LONGEST_TITLE),
        canonical=canonical,
        paragraphs=tuple(found.paragraphs),
        lead=found.paragraphs[0],
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        date_from_text=is_guess,
        credit="; ".join(dict.fromkeys(found.authors or found.credits)),
        captions=tuple(found.captions),
        image_url=next(filter(None, images), ""),
        entry_id=scope.entry_id or entry_id_in(canonical),
    )


def _date(scope: Scope, found: ArticleLines, now: datetime) -> tuple[PublishedDate | None, bool]:
    """What the page says, else the day its first paragraph opens with."""
    said = next(_parsed((*scope.dates, *found.dates), now), None)
    if said:
        return said, False
    opening = _DAY_OF_EVENT.match(found.paragraphs[0])
    guess = find_day(opening[0], now=now) if opening else None
    return guess, guess is not None


def _parsed(dates: tuple[str, ...], now: datetime) -> Iterator[PublishedDate]:
    for raw in dates:
        date = parse_date(raw, now=now)
        if date:
            yield date


def _canonical(root: Element, page_url: str) -> str:
    """The page's own word, unless it names another host or, for every page, its front page."""
    here = canonical_url(page_url)
    declared = canonical_url(declared_address(root), page_url)
    if not here:
        return declared
    is_front_page = declared.count("/") <= 3 and "?" not in declared  # noqa: PLR2004  https://host/
    return declared if same_host(declared, here) and not is_front_page else here


def _shared_image(root: Element) -> str:
    meta = first(root, "meta[property='og:image'][content]")
    return meta.get("content", "") if meta is not None else ""

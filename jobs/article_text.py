"""An article's own page → its title, text, lead, date, credit and image. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.article_head import DateSource, WrittenDate
from jobs.article_lines import ArticleLines, sort_lines, title_among
from jobs.article_scope import Scope, find_scope, scope_of
from jobs.identity import canonical_url, entry_id_in
from jobs.markup.body import FEWEST_LETTERS
from jobs.markup.decoding import decode
from jobs.markup.lines import lines_of_text
from jobs.markup.linked_data import linked_article
from jobs.markup.links import base_of, declared_address, pages_of_text, same_host
from jobs.markup.obstacles import obstacle_in
from jobs.markup.readable import readable_part
from jobs.markup.tree import Element, cut, first, read_html
from jobs.source_errors import NoArticleText
from jobs.vietnamese_date import VIETNAM, PublishedDate, day_in_address, find_day, parse_date
from storage.records import Precision

LONGEST_TITLE = 300  # characters
_MUCH_MORE = 1.5  # times the text: then a guessed scope has missed most of the article
_SURE_LETTERS = 200  # of what only readability finds
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|p|div|span|br|table|article|h[1-6]|ul|b|i|a)\b",
    re.IGNORECASE,
)
_FEED = re.compile(r"\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_DAY_OF_EVENT = re.compile(
    r"\W*(?:(?:vào|trong)\s+)?(?:sáng|chiều|tối|trưa|ngày|hôm nay)\b[^.;:]{0,80}", re.IGNORECASE
)
_FINENESS = (Precision.NONE, Precision.DAY, Precision.HOUR, Precision.MINUTE, Precision.SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    title: str
    canonical: str
    paragraphs: tuple[str, ...]  # as published, glued sentences too
    lead: str = ""  # sapô: the first paragraph
    published_at: datetime | None = None
    precision: Precision = Precision.NONE
    date_source: DateSource = DateSource.NONE
    credit: str = ""
    captions: tuple[str, ...] = ()
    image_url: str = ""
    entry_id: str = ""
    next_page: str = ""  # where a long article goes on


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
    try:
        return article_in(read_html(text), page_url, now=now)
    except NoArticleText as error:
        if obstacle := obstacle_in(page, content_type):
            raise obstacle from error
        raise


def article_in(root: Element, page_url: str, *, now: datetime) -> ArticleText:
    """By the engine's scope or the densest part, else what readability finds.

    Raises NoArticleText.
    """
    canonical, base = _canonical(root, page_url), base_of(root, page_url)
    image = _shared_image(root)
    pages = pages_of_text(root, base, canonical)
    scope = find_scope(root)
    found: ArticleText | None = None
    with suppress(NoArticleText):
        found = _article(scope, canonical=canonical, base=base, now=now)
    if found is None or not scope.is_sure:
        found = _readable(root, found, canonical=canonical, base=base, now=now)
    return replace(
        found,
        image_url=found.image_url or (canonical_url(image, base) if image else ""),
        next_page=pages,
    )


def joined(article: ArticleText, rest: ArticleText) -> ArticleText:
    """A long article with its next page."""
    known = set(article.paragraphs)
    return replace(
        article,
        paragraphs=(*article.paragraphs, *(p for p in rest.paragraphs if p not in known)),
        captions=(*article.captions, *rest.captions),
        credit=article.credit or rest.credit,
        next_page=rest.next_page,
    )


def _readable(
    root: Element, found: ArticleText | None, *, canonical: str, base: str, now: datetime
) -> ArticleText:
    """What readability-lxml takes for the article, where that is more. Raises NoArticleText."""
    part = readable_part(root)
    more: ArticleText | None = None
    if part is not None:
        with suppress(NoArticleText):
            more = _article(scope_of(root, part), canonical=canonical, base=base, now=now)
    if more is not None and found is None and _letters(more) >= _SURE_LETTERS:
        return more
    if found is None:
        raise NoArticleText
    if more is None or _letters(more) < _MUCH_MORE * _letters(found):
        return found
    is_wider = set(found.paragraphs) <= set(more.paragraphs)
    return replace(found, paragraphs=more.paragraphs, lead=more.lead) if is_wider else found


def _letters(article: ArticleText) -> int:
    return sum(map(len, article.paragraphs))


def _article(scope: Scope, *, canonical: str, base: str, now: datetime) -> ArticleText:
    found = sort_lines(scope.lines, title=scope.title, labels=scope.labels)
    if not scope.title or sum(map(len, found.paragraphs)) < FEWEST_LETTERS:
        raise NoArticleText
    date, source = _date(scope, found, canonical, now)
    images = (canonical_url(image, base) for image in found.images if image)
    return ArticleText(
        title=cut(scope.title, LONGEST_TITLE),
        canonical=canonical,
        paragraphs=tuple(found.paragraphs),
        lead=found.paragraphs[0],
        published_at=date.at if date else None,
        precision=date.precision if date else Precision.NONE,
        date_source=source,
        credit="; ".join(dict.fromkeys(found.authors or found.credits or scope.authors)),
        captions=tuple(found.captions),
        image_url=next(filter(None, images), ""),
        entry_id=scope.entry_id or entry_id_in(canonical),
    )


def _date(
    scope: Scope, found: ArticleLines, address: str, now: datetime
) -> tuple[PublishedDate | None, DateSource]:
    """What the page says, as finely as it says it; else its address; else the day its first
    paragraph opens with."""
    lines = (WrittenDate(text=text, source=DateSource.PAGE) for text in found.dates)
    said = list(_parsed((*scope.dates, *lines), now))
    if said:
        date, source = said[0]
        same_day = [each for each, _ in said if _day(each) == _day(date)]
        return max(same_day, key=lambda each: _FINENESS.index(each.precision)), source
    if filed := day_in_address(address, now=now):
        return filed, DateSource.ADDRESS
    opening = _DAY_OF_EVENT.match(found.paragraphs[0])
    guess = find_day(opening[0], now=now) if opening else None
    return guess, DateSource.TEXT if guess else DateSource.NONE


def _parsed(
    dates: tuple[WrittenDate, ...], now: datetime
) -> Iterator[tuple[PublishedDate, DateSource]]:
    for written in dates:
        if date := parse_date(written.text, now=now):
            yield date, written.source


def _day(date: PublishedDate) -> str:
    return date.at.astimezone(VIETNAM).strftime("%Y-%m-%d")


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
    linked = linked_article(root)
    return meta.get("content", "") if meta is not None else linked.image if linked else ""

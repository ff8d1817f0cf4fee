"""`bantin preview URL`: what subscribers would receive of an article."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.existing import existing
from bot.cli.parts import show_content
from bot.cli.problem import Refused
from bot.cli.screen import say
from bot.cli.visit import get
from bot.cli.waiting import waiting
from bot.settings import Settings, load
from jobs.article_text import ArticleText, read_article
from jobs.bulletin_text import article_content
from jobs.clock import SystemClock
from jobs.extract import find
from jobs.new_bulletin import new_code
from jobs.page import Page, PageError
from jobs.shelf import WITH_TEXT
from jobs.source_errors import NoArticleList, SourceError
from jobs.summary.choose import ChosenSummary, How, summarise
from jobs.summary.piece import LEAD
from storage.records import NewArticle, Precision, SummarisedArticle

_RULES = {
    How.LEAD: "lời dẫn (sapô) của bài",
    How.OPENING: "đoạn mở đầu nêu sự việc",
    How.RANKED: "những câu tiêu biểu nhất trong bài",
    How.FIRST_SENTENCE: "câu trọn ý đầu tiên của bài",
    How.TITLE: "không có câu nào trọn ý, chỉ gửi tiêu đề",
    How.FAILED: "không tóm tắt được, chỉ gửi tiêu đề",
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def preview(
    url: Annotated[
        str, typer.Argument(help="Địa chỉ bài viết, trang danh sách tin hoặc nguồn RSS.")
    ],
) -> None:
    settings = load()
    try:
        with waiting(f"Đang đọc {url} …"):
            article, chosen = asyncio.run(_summarised(url, settings))
    except (PageError, SourceError) as error:
        raise Refused(f"Không đọc được: {error.reason}") from error
    say(f"{article.title}\n{article.url}", style="bold")
    say(f"Tóm tắt lấy từ: {_RULES[chosen.how]}.")
    for line in _places(chosen):
        say(line, style="dim")
    say(f"Một dòng cho bản tin ngày: {chosen.line}\n" if chosen.line else "")
    show_content(article_content(article, code=new_code()), settings)


def _places(chosen: ChosenSummary) -> Iterator[str]:
    """Where in the article each sentence stands."""
    for number, sentence in enumerate(chosen.sentences, 1):
        places = "; ".join(
            f"{'lời dẫn' if span.paragraph == LEAD else f'đoạn {span.paragraph + 1}'}"
            f", ký tự {span.start + 1}–{span.start + span.length}"
            for span in sentence.spans
        )
        yield f"  Câu {number}: {places}"


async def _summarised(url: str, settings: Settings) -> tuple[SummarisedArticle, ChosenSummary]:
    """As the stages would: poll, then summarise. Raises PageError, SourceError."""
    words = await _words(url, settings)
    chosen = summarise(words.title, words.lead, words.paragraphs)
    now = SystemClock().now()
    article = SummarisedArticle(
        article_id=0,
        version_id=0,
        title=words.title,
        summary=chosen.text,
        line=chosen.line,
        published_at=words.published_at,
        precision=words.precision,
        first_seen_at=now,
        news_at=now,
        summarised_at=now,
        source_name=await _source_name(words.url, settings),
        url=words.url,
        topic_ids=frozenset(),
    )
    return article, chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What is known of an article before it is summarised."""

    title: str
    lead: str
    paragraphs: Sequence[str]
    published_at: datetime | None
    precision: Precision
    url: str


async def _words(url: str, settings: Settings) -> _Words:
    page = await get(url, settings)
    now = SystemClock().now()
    found = find(page.body, page.final_url, now=now, content_type=page.content_type)
    if found.article is not None:
        return _of_page(found.article, None)
    if found.listing is None or not found.listing.articles:
        raise NoArticleList
    newest = max(found.listing.articles, key=lambda each: each.published_at or _LONG_AGO)
    if found.kind in WITH_TEXT and (newest.lead or newest.text):
        return _of_list(newest)
    return _of_page(_text_of(await get(newest.url, settings)), newest)


def _text_of(page: Page) -> ArticleText:
    now = SystemClock().now()
    return read_article(page.body, page.final_url, now=now, content_type=page.content_type)


def _of_list(listed: NewArticle) -> _Words:
    return _Words(
        title=listed.title,
        lead=listed.lead,
        paragraphs=listed.text,
        published_at=listed.published_at,
        precision=listed.precision,
        url=listed.url,
    )


def _of_page(text: ArticleText, listed: NewArticle | None) -> _Words:
    """The page's own words first, then the list's."""
    own = _Words(
        title=text.title,
        lead=text.lead,
        paragraphs=text.paragraphs,
        published_at=text.published_at,
        precision=text.precision,
        url=text.canonical,
    )
    if listed is None:
        return own
    if own.published_at is None:
        own = replace(own, published_at=listed.published_at, precision=listed.precision)
    return replace(
        own, title=own.title or listed.title, lead=own.lead or listed.lead, url=listed.url
    )


async def _source_name(url: str, settings: Settings) -> str:
    """As readers know it; the server's name while it is no source of ours."""
    host = urlsplit(url).hostname or url
    async with existing(settings) as database:
        if database is None:
            return host
        async with database.transaction() as tx:
            sources = await tx.sources.all()
    return next((each.name for each in sources if urlsplit(each.url).hostname == host), host)

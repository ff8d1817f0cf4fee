"""`bantin preview URL`: what subscribers would receive of an article."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.app import opened
from bot.cli.parts import show_content
from bot.cli.problem import Refused
from bot.cli.screen import say
from bot.cli.visit import get
from bot.cli.waiting import waiting
from bot.settings import Settings, load
from jobs.article_text import ArticleText, read_article
from jobs.bulletin_text import article_content
from jobs.clock import SystemClock
from jobs.compose import new_code
from jobs.extract import what_is
from jobs.page import Page, PageError
from jobs.source_errors import SourceError
from jobs.sources.kinds import PARSERS
from jobs.summary.choose import How, summarise
from storage.checkup import file_of
from storage.database import open_database
from storage.records import NewArticle, Precision, SourceKind, SummarisedArticle

_KINDS = {"feed": SourceKind.FEED, "list": SourceKind.LIFERAY}
_RULES = {
    How.LEAD: "lời dẫn (sapô) của bài",
    How.FIRST_SENTENCE: "câu đầu của bài",
    How.SENTENCES: "những câu trọn ý đầu tiên trong bài",
    How.TITLE: "không có câu nào trọn ý, chỉ gửi tiêu đề",
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
            article, how = asyncio.run(_summarised(url, settings))
    except (PageError, SourceError) as error:
        raise Refused(f"Không đọc được: {error.reason}") from error
    say(f"{article.title}\n{article.url}", style="bold")
    say(f"Tóm tắt lấy từ: {_RULES[how]}.\n")
    show_content(article_content(article, code=new_code()))


async def _summarised(url: str, settings: Settings) -> tuple[SummarisedArticle, How]:
    """As the stages would: poll, then summarise. Raises PageError, SourceError."""
    words = await _words(url, settings)
    chosen = summarise(words.title, words.lead, words.paragraphs)
    now = SystemClock().now()
    article = SummarisedArticle(
        article_id=0,
        version_id=0,
        title=words.title,
        summary=chosen.text,
        published_at=words.published_at,
        precision=words.precision,
        first_seen_at=now,
        summarised_at=now,
        source_name=await _source_name(words.url, settings),
        url=words.url,
        topic_ids=frozenset(),
    )
    return article, chosen.how


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
    read = what_is(page.body, page.final_url, now=now, content_type=page.content_type)
    if read["kind"] == "article":
        return _of_page(_text_of(page), None)
    kind = _KINDS[str(read["kind"])]
    listed = PARSERS[kind](page.body, page.final_url, now=now, content_type=page.content_type)
    newest = max(listed, key=lambda each: each.published_at or _LONG_AGO)
    if kind is SourceKind.FEED and (newest.lead or newest.text):  # it carries the text
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
    database = open_database(settings.database_url.get_secret_value())
    try:
        path = file_of(database)
        if path is not None and not path.exists():
            return host
    finally:
        await database.close()
    async with opened(settings) as known, known.transaction() as tx:
        sources = await tx.sources.all()
    return next((each.name for each in sources if urlsplit(each.url).hostname == host), host)

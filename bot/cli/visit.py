"""One look at a source before it is saved: what it is, and what would be read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.app import user_agent
from bot.cli.problem import Refused
from bot.cli.screen import say
from bot.settings import Settings
from jobs.clock import SystemClock
from jobs.page import Page, PageError, build_client, fetch
from jobs.source_errors import NotAFeed, SourceError
from jobs.sources.kinds import PARSERS
from jobs.vietnamese_date import VIETNAM
from storage.records import NewArticle, Precision, SourceKind

SHOWN = 5
KINDS = {SourceKind.FEED: "nguồn RSS", SourceKind.LIFERAY: "trang danh sách Liferay"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    kind: SourceKind
    articles: Sequence[NewArticle]


async def get(url: str, settings: Settings) -> Page:
    """Raises PageError."""
    async with build_client(user_agent()) as client:
        return await fetch(
            client,
            url,
            limit_bytes=settings.fetch_limit_bytes,
            deadline=timedelta(seconds=settings.fetch_deadline_seconds),
        )


async def visit(url: str, kind: SourceKind | None, settings: Settings) -> Visit:
    """Finds the kind itself when it is None. Raises PageError or SourceError."""
    page = await get(url, settings)
    if kind is not None:
        return _read(page, kind)
    try:
        return _read(page, SourceKind.FEED)
    except NotAFeed:
        return _read(page, SourceKind.LIFERAY)


def look(url: str, kind: SourceKind | None, settings: Settings) -> Visit:
    """For a person at the terminal. Raises Refused."""
    say(f"Đang đọc thử {url} …")
    try:
        return asyncio.run(visit(url, kind, settings))
    except (PageError, SourceError) as error:
        raise Refused(f"Không đọc được nguồn tin này: {error.reason}") from error


def _read(page: Page, kind: SourceKind) -> Visit:
    articles = PARSERS[kind](
        page.body, page.final_url, now=SystemClock().now(), content_type=page.content_type
    )
    return Visit(kind=kind, articles=articles)


def show(found: Visit) -> None:
    say(f"Đọc được {len(found.articles)} tin ({KINDS[found.kind]}). Trước hết:")
    for article in found.articles[:SHOWN]:
        say(f"  {_day(article)}  {article.title}")


def _day(article: NewArticle) -> str:
    if article.published_at is None or article.precision is Precision.NONE:
        return "(chưa rõ)  "
    return f"{article.published_at.astimezone(VIETNAM):%d/%m/%Y}"

"""One look at a source before it is saved: what it is, and what would be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.app import user_agent
from bot.cli.screen import say
from bot.settings import Settings
from jobs.clock import SystemClock
from jobs.page import Page, build_client, fetch
from jobs.source_errors import NotAFeed
from jobs.sources.kinds import PARSERS
from jobs.vietnamese_date import VIETNAM
from storage.records import NewArticle, Precision, SourceKind

SHOWN = 5


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
        return Visit(kind=kind, articles=_read(page, kind))
    try:
        return Visit(kind=SourceKind.FEED, articles=_read(page, SourceKind.FEED))
    except NotAFeed:
        return Visit(kind=SourceKind.LIFERAY, articles=_read(page, SourceKind.LIFERAY))


def _read(page: Page, kind: SourceKind) -> Sequence[NewArticle]:
    now = SystemClock().now()
    return PARSERS[kind](page.body, page.final_url, now=now, content_type=page.content_type)


def show(found: Visit) -> None:
    say(f"Đọc được {len(found.articles)} tin ({found.kind}). Mới nhất:")
    for article in found.articles[:SHOWN]:
        day = "        --"
        if article.published_at is not None and article.precision is not Precision.NONE:
            day = f"{article.published_at.astimezone(VIETNAM):%d/%m/%Y}"
        say(f"  {day}  {article.title}")

"""Each source visited once, now, and when it was last read well."""

import asyncio
from datetime import datetime, timedelta

from bot.cli.checks.finding import Check, Finding, carry_out, critical, fine, warning
from bot.cli.visit import Wish, open_scout, visit
from bot.commands.wording import counted
from bot.settings import Settings
from jobs.bulletin_text import show_moment
from jobs.page import PageError
from jobs.scout import Scout
from jobs.source_errors import SourceError
from jobs.source_list import access_of
from storage.database import Database
from storage.records import Source

TO_READ = timedelta(seconds=15)  # what was fetched
LONG = timedelta(days=1)  # a portal's bad night is over by then
LONGEST_PAUSE = timedelta(hours=6)  # between two visits to a source that is ill


async def look_at_sources(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    """All at the same time, those of one server in turn; each with its own deadline."""
    async with database.transaction() as tx:
        sources = await tx.sources.all()
    if not sources:
        return [warning("chưa có nguồn tin nào.", "Hãy gõ: bantin source add ĐỊA-CHỈ")]
    async with open_scout(settings) as scout:
        checks = [_check(each, scout, settings, now) for each in sources]
        found = await asyncio.gather(*map(carry_out, checks))
    return [finding for findings in found for finding in findings]


def _check(source: Source, scout: Scout, settings: Settings, now: datetime) -> Check:
    # robots.txt comes first
    within = 2 * timedelta(seconds=settings.fetch_deadline_seconds) + TO_READ
    return Check("source", source.name, lambda: _look_at(source, scout, settings, now), within)


async def _look_at(
    source: Source, scout: Scout, settings: Settings, now: datetime
) -> list[Finding]:
    last = f"lần đọc tốt gần nhất: {_moment(source)}"
    try:
        wish = Wish(
            url=source.url, kind=source.kind, config=source.config, access=access_of(source)
        )
        found = await visit(scout, wish)
    except (PageError, SourceError) as error:
        say = critical if _age(source, now) > LONG else warning
        return [
            say(
                f"“{source.name}” không đọc được, {last}. {error.reason}",
                f"Hãy mở {source.url} bằng trình duyệt. Xem thêm: bantin source test {source.id}",
            )
        ]
    seen = f"“{source.name}” đọc tốt, {counted(len(found.articles), 'tin')}; {last}."
    if _age(source, now) > LONGEST_PAUSE + timedelta(seconds=settings.poll_interval_seconds):
        return [warning(seen, "Đã lâu không đọc nguồn này: hãy xem Bản tin có đang chạy không.")]
    return [fine(seen)]


def _age(source: Source, now: datetime) -> timedelta:
    return now - (source.last_ok_at or source.created_at)


def _moment(source: Source) -> str:
    return show_moment(source.last_ok_at) if source.last_ok_at else "chưa có"

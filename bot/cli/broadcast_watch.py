"""Watches a broadcast to its end; breaking off stops the watching, not the sending."""

import asyncio

from bot.cli.existing import existing, is_running
from bot.cli.problem import Refused
from bot.cli.progress_bar import progress_bar
from bot.cli.screen import say
from bot.settings import Settings
from jobs.clock import SystemClock
from jobs.progress import Status, status_of, status_text
from jobs.quiet import QuietHours
from storage.database import Database
from storage.records import BulletinKind

ALL_REACHED = 0
NOT_ALL_REACHED = 3
BROKEN_OFF = 130  # 128 + SIGINT, as shells say it
EVERY_SECONDS = 1.0


def watch_to_the_end(settings: Settings, code: str) -> int:
    """The exit code. Raises Refused."""
    try:
        return asyncio.run(_watch(settings, code))
    except KeyboardInterrupt:
        return broken_off(code)


def broken_off(code: str) -> int:
    """The exit code of who no longer looks on."""
    say(f"\nViệc gửi vẫn tiếp tục. Xem tiếp: bantin broadcast --watch {code}")
    return BROKEN_OFF


async def _watch(settings: Settings, code: str) -> int:
    clock = SystemClock()
    async with existing(settings) as database:
        if database is None:
            raise Refused(_unknown(code))
        with progress_bar() as show:
            while True:
                status, text = await _look(database, settings, code)
                if status.is_finished:
                    break
                show(status.total - status.waiting, status.total, text)
                if not await is_running(database):
                    break
                await clock.sleep_until(clock.monotonic() + EVERY_SECONDS)
    if not status.is_finished:
        text = f"{text}\nBản tin đang không chạy nên chưa gửi tiếp. Hãy chạy: bantin run"
    say(text)
    is_well = status.is_finished and status.sent == status.total
    return ALL_REACHED if is_well else NOT_ALL_REACHED


async def _look(database: Database, settings: Settings, code: str) -> tuple[Status, str]:
    async with database.transaction() as tx:
        bulletin = await tx.bulletins.named(code.strip().upper())
        if bulletin is None or bulletin.kind is not BulletinKind.BROADCAST:
            raise Refused(_unknown(code))
        report = await tx.outbox.report(bulletin.id)
        broadcast = await tx.broadcasts.of_bulletin(bulletin.id)
    status = status_of(report, bulletin)
    ended_at = broadcast.finished_at if broadcast else None
    text = status_text(
        status,
        bulletin,
        now=ended_at or SystemClock().now(),
        per_second=settings.messages_per_second,
        quiet=QuietHours(from_hour=settings.quiet_from_hour, to_hour=settings.quiet_to_hour),
    )
    return status, text


def _unknown(code: str) -> str:
    return f"Không có thông báo nào mang mã “{code}”."

"""What a check makes of what it finds: how bad it is, and when a check itself goes wrong."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.cli.checks import machine
from bot.cli.checks.finding import Check, Finding, Level, carry_out
from bot.cli.checks.sources import look_at_sources
from bot.cli.checks.stored import look_at_deliveries
from bot.cli.checks.telegram import look_at_bot
from bot.cli.checks.zalo import look_at_bots
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.portal.portal import PortalFault
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.zalo.faults import Fault as ZaloFault
from bot.settings import Settings, exactly
from jobs.fan_out import fan_out_ready
from jobs.quiet import QuietHours
from jobs.thrift import month_of
from storage.database import Database
from storage.records import Ending, Limits, Outcome, Platform, Reason
from storage.repositories.sources import Visited
from storage.repositories.subscribers import ChatAddress
from tests.bot.rehearsal.hook import Hook, serving
from tests.samples import NOW, a_bot, a_bulletin, a_source, a_subscriber, at, claimed

NEVER_QUIET = QuietHours(from_hour=0, to_hour=0)
GIBIBYTE = 1024**3


async def fails() -> Sequence[Finding]:
    raise RuntimeError("7000000001:a-token")


async def never_ends() -> Sequence[Finding]:
    await asyncio.Event().wait()
    return []


async def test_a_check_that_fails_is_named_without_its_words() -> None:
    (found,) = await carry_out(Check("x", "Phép thử", fails))
    assert found.level is Level.CRITICAL
    assert "Phép thử" in found.found
    assert "RuntimeError" in found.found
    assert "token" not in found.found


async def test_a_check_that_hangs_ends_at_its_deadline() -> None:
    (found,) = await carry_out(Check("x", "Phép thử", never_ends, timedelta(0)))
    assert found.level is Level.CRITICAL
    assert "Phép thử" in found.found


@pytest.mark.parametrize(
    ("free_bytes", "level"),
    [(GIBIBYTE, Level.OK), (400 * 1024**2, Level.WARNING), (40 * 1024**2, Level.CRITICAL)],
    ids=["enough", "little", "hardly any"],
)
def test_how_much_disk_is_enough(free_bytes: int, level: Level) -> None:
    assert machine.space(Path("data"), free_bytes).level is level


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [
        (0, Level.OK, "đúng giờ"),
        (-60, Level.OK, "đúng giờ"),
        (61, Level.WARNING, "nhanh 1 phút"),
        (-3 * 3600, Level.WARNING, "chậm 3 giờ"),
        (-400 * 86400, Level.WARNING, "chậm 400 ngày"),
    ],
)
def test_how_wrong_a_clock_may_be(seconds: int, level: Level, said: str) -> None:
    found = machine.drift(NOW, NOW + timedelta(seconds=seconds))
    assert found.level is level
    assert said in found.found


async def a_delivery(database: Database) -> int:
    """Given out at NOW, not sent. Its bot."""
    bot_id = await a_bot(database)
    await a_subscriber(database, at(bot_id, "1"))
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    return bot_id


async def tried(
    database: Database, bot_id: int, ending: Ending, reason: Reason, now: datetime
) -> None:
    process, (claim,) = await claimed(database, bot_id, now=now)
    until = now + timedelta(minutes=5)
    outcome = Outcome(delivery_id=claim.id, ending=ending, reason=reason, at=now, until=until)
    async with database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [], [outcome]))


@pytest.mark.parametrize(
    ("minutes", "was_tried", "level"),
    [(59, False, Level.OK), (61, False, Level.CRITICAL), (61, True, Level.CRITICAL)],
    ids=["soon", "stuck", "stuck though tried"],
)
async def test_what_waits_for_more_than_an_hour_is_stuck(
    database: Database, minutes: int, was_tried: bool, level: Level
) -> None:
    bot_id = await a_delivery(database)
    later = NOW + timedelta(minutes=minutes)
    if was_tried:
        await tried(database, bot_id, Ending.BACK, Reason.UNREACHABLE, later)
    found = await look_at_deliveries(database, NEVER_QUIET, later)
    assert max(each.level for each in found) is level


async def test_what_a_bot_lets_wait_on_purpose_is_not_stuck(database: Database) -> None:
    async with database.transaction() as tx:
        zalo = (await tx.bots.register(Platform.ZALO, "800", "Bản tin")).id
        await tx.quotas.set_limits(zalo, Limits(messages=3000, people=50, groups=3))
    where = ChatAddress(platform=Platform.ZALO, bot_id=zalo, address="6ede9a")
    await a_subscriber(database, where)
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    later = NOW + timedelta(hours=2)
    (stuck,) = await look_at_deliveries(database, NEVER_QUIET, later)
    assert stuck.level is Level.CRITICAL
    async with database.transaction() as tx:
        await tx.quotas.mark_gone(zalo, month_of(later), NOW)
    (fine,) = await look_at_deliveries(database, NEVER_QUIET, later)
    assert fine.level is Level.OK


async def test_what_quiet_hours_hold_back_is_not_stuck(database: Database) -> None:
    await a_delivery(database)
    quiet = QuietHours(from_hour=9, to_hour=11)  # NOW is 8:30
    for hours, level in ((1, Level.OK), (3, Level.OK), (4, Level.CRITICAL)):
        found = await look_at_deliveries(database, quiet, NOW + timedelta(hours=hours))
        assert max(each.level for each in found) is level


@pytest.mark.parametrize(
    ("reason", "level"),
    [(Reason.CHAT_GONE, Level.OK), (Reason.UNCONFIRMED, Level.WARNING)],
    ids=["who left", "whom it did not reach"],
)
async def test_what_failed_within_a_day_is_told(
    database: Database, reason: Reason, level: Level
) -> None:
    await tried(database, await a_delivery(database), Ending.FAILED, reason, NOW)
    today = await look_at_deliveries(database, NEVER_QUIET, NOW + timedelta(hours=2))
    assert max(each.level for each in today) is level
    assert any("1 " in each.found for each in today)
    later = await look_at_deliveries(database, NEVER_QUIET, NOW + timedelta(hours=25))
    assert [each.level for each in later] == [Level.OK]


@pytest.mark.parametrize(
    ("is_ill", "hours", "level"),
    [
        (False, 1, Level.OK),
        (False, 9, Level.WARNING),
        (True, 23, Level.WARNING),
        (True, 25, Level.CRITICAL),
    ],
    ids=["well", "well but not visited", "ill since a while", "ill since yesterday"],
)
async def test_how_long_a_source_may_be_ill(
    database: Database, is_ill: bool, hours: int, level: Level
) -> None:
    async with RehearsalServer(now=lambda: NOW) as server:
        await a_source(database, server.portal_url)
        async with database.transaction() as tx:
            await tx.sources.record_visit(1, Visited(now=NOW, next_visit_at=NOW))
        if is_ill:
            server.portal.break_down(PortalFault.EMPTY)
        settings = exactly(fetch_allowed_hosts=urlsplit(server.url).netloc)
        (found,) = await look_at_sources(database, settings, NOW + timedelta(hours=hours))
    assert found.level is level
    assert "08:30 ngày 12/11/2026" in found.found


async def test_a_telegram_that_is_silent_is_not_the_tokens_fault() -> None:
    silence = Fault(kind=FaultKind.SILENCE_BEFORE)
    async with RehearsalServer(now=lambda: NOW) as server:
        server.telegram.faults.add(silence)
        settings = exactly(telegram_token=server.telegram.token, telegram_api_url=server.api_url)
        (found,) = await look_at_bot(settings, answer_within=timedelta(seconds=0.2))
    assert found.level is Level.CRITICAL
    assert "không kết nối được" in found.found
    assert "telegram_proxy" in found.advice


def _at_zalo(server: RehearsalServer, hook: Hook) -> Settings:
    """The bot's webhook is where the settings have it."""
    account = server.zalo.bot
    base = hook.url.removesuffix("/hook")
    account.webhook.set(f"{base}/zalo/{account.id}", "mot-bi-mat-dai", NOW)
    return exactly(
        zalo_tokens=account.token,
        zalo_api_url=server.zalo_api_url,
        zalo_webhook_url=base,
        zalo_webhook_secret="mot-bi-mat-dai",  # noqa: S106 - opens nothing
    )


async def _of_webhook(settings: Settings) -> Finding:
    _, found = await look_at_bots(settings, answer_within=timedelta(seconds=10))
    return found


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        (200, Level.OK, "Zalo gọi tới được"),
        (503, Level.CRITICAL, "webhook.http.5xx"),
        (404, Level.CRITICAL, "webhook.http.404"),
    ],
)
async def test_whether_zalo_reaches_the_webhook_is_tried(
    status: int, level: Level, said: str
) -> None:
    async with RehearsalServer(now=lambda: NOW) as server, serving() as hook:
        hook.statuses = [status]
        found = await _of_webhook(_at_zalo(server, hook))
    assert found.level is level
    assert said in found.found


@pytest.mark.parametrize("code", [400, 403, 404, 426, 500])
async def test_a_webhook_that_zalo_does_not_try_is_not_known(code: int) -> None:
    refusal = ZaloFault(method="testWebhook", code=code)
    async with RehearsalServer(now=lambda: NOW) as server, serving() as hook:
        server.zalo.faults.add(refusal)
        found = await _of_webhook(_at_zalo(server, hook))
    assert found.level is Level.OK
    assert "không biết" in found.found


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/zalo/{}", "Zalo chưa gọi tới"),
        ("http://127.0.0.1:9/other", "nơi khác"),
    ],
    ids=["our old one", "somebody else's"],
)
async def test_a_webhook_at_another_address_is_critical(url: str, said: str) -> None:
    async with RehearsalServer(now=lambda: NOW) as server, serving() as hook:
        settings = _at_zalo(server, hook)
        server.zalo.bot.webhook.set(url.format(server.zalo.bot.id), "x" * 8, NOW)
        found = await _of_webhook(settings)
    assert found.level is Level.CRITICAL
    assert said in found.found

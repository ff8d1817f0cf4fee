"""What the admins hear of a bot's limits: each thing once, on their phones."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.alarm_buttons import alarm_buttons
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.records import Person, Standing
from jobs.thrift import reserve_of
from jobs.watch import watch
from storage.database import Database
from storage.records import ChatKind, Role, Urgency
from tests.jobs.rig import QUIET
from tests.jobs.zalo_office import MONTHLY, ZaloOffice, at_zalo, opened_zalo_office
from tests.samples import a_subscriber

ADMIN = Person(id="ad", name="Quản trị")
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)  # 07:00 in Viet Nam


async def an_admin(zalo: ZaloOffice, *, bot: Account | None = None, bot_id: int = 0) -> int:
    admin = await zalo.joins(ADMIN, bot=bot, bot_id=bot_id)
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(admin, zalo.now)  # receives no news himself
        await tx.subscribers.set_role(admin, Role.ADMIN)
    return admin


@pytest.fixture
async def admin(zalo: ZaloOffice) -> int:
    return await an_admin(zalo)


async def told(zalo: ZaloOffice, *, minutes: int = 3) -> list[str]:
    """All that the admin has been told, after so many looks."""
    for _ in range(minutes):
        zalo.clock.advance(timedelta(minutes=1))
        await watch(zalo.database, zalo.lines, zalo.clock, quiet=QUIET, buttons=alarm_buttons)
    return zalo.server.zalo.texts(ADMIN.id)


@pytest.mark.usefixtures("admin")
async def test_at_eighty_percent_they_are_told_once_a_month(zalo: ZaloOffice) -> None:
    await zalo.used_before(MONTHLY * 79 // 100)
    assert await told(zalo) == []
    await zalo.used_before(MONTHLY // 100)
    (alarm,) = await told(zalo)
    assert "đã dùng 80 % số tin được phép" in alarm
    assert "tháng 11" in alarm
    zalo.goes_to(FIRST_OF_DECEMBER)
    assert len(await told(zalo)) == 1  # a new month is no news
    await zalo.used_before(MONTHLY * 80 // 100)
    assert "tháng 12" in (await told(zalo))[-1]


@pytest.mark.usefixtures("admin")
async def test_what_changes_near_the_end_is_told_step_by_step(zalo: ZaloOffice) -> None:
    await zalo.used_before(MONTHLY * 80 // 100)
    await told(zalo)
    await zalo.used_before(MONTHLY * 15 // 100)
    assert "được gộp thành một bản tổng hợp mỗi ngày" in (await told(zalo))[-1]
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY) - (await zalo.usage()).used)
    assert "chỉ còn đủ để gửi thông báo khẩn" in (await told(zalo))[-1]
    assert len(await told(zalo)) == 3


async def test_when_nothing_more_goes_out_who_has_another_bot_is_told_once(
    database: Database,
) -> None:
    async with opened_zalo_office(database, tokens=("801:one", "802:two")) as zalo:
        second = zalo.server.zalo.bots["802:two"]
        other_id = next(bot_id for bot_id in zalo.lines if bot_id != zalo.bot_id)
        await an_admin(zalo, bot=second, bot_id=other_id)
        await zalo.joins(MEMBER)
        zalo.server.zalo.faults.add(Fault(account="801", only_messages=True, code=429))
        await zalo.notice(Urgency.URGENT)
        (alarm,) = await told(zalo)
        assert "(801) đã hết số tin của tháng 11" in alarm
        assert "từ ngày 01/12" in alarm
        assert alarm.endswith("Xem và trả lời: /hanmuc")  # nothing can be pressed
        zalo.server.zalo.faults.clear()
        zalo.goes_to(FIRST_OF_DECEMBER)
        await zalo.flow()
        assert zalo.heads() == ["‼️ Thông báo của Đảng ủy xã Tân Lập"]
        assert (await told(zalo))[-1].startswith("✅ Đã trở lại bình thường")


@pytest.mark.usefixtures("admin")
async def test_nobody_tries_to_tell_it_through_the_bot_that_is_used_up(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    zalo.allows_monthly(0)
    await zalo.notice(Urgency.URGENT)
    refused = zalo.server.zalo.refused[429]
    assert await told(zalo) == []
    assert zalo.server.zalo.refused[429] == refused


@pytest.mark.usefixtures("admin")
async def test_what_waits_on_purpose_is_no_second_alarm(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY))
    await told(zalo)
    await zalo.notice()
    zalo.clock.advance(timedelta(hours=3))
    assert not [text for text in await told(zalo) if "quá một giờ" in text]


@pytest.mark.usefixtures("admin")
async def test_an_urgent_notice_waits_on_purpose_for_no_reserve(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY))
    lines = dict(zalo.lines)
    zalo.lines.clear()  # nobody sends
    await zalo.notice(Urgency.URGENT)
    zalo.lines |= lines
    zalo.clock.advance(timedelta(hours=3))
    assert [text for text in await told(zalo) if "1 lượt gửi chờ quá một giờ" in text]


@pytest.mark.usefixtures("admin")
async def test_they_are_told_when_a_bot_is_full_of_people_or_groups(zalo: ZaloOffice) -> None:
    await zalo.several(48)
    assert await told(zalo) == []
    await zalo.joins(MEMBER)  # with the admin, fifty
    (full,) = await told(zalo)
    assert "50/50 người" in full
    for group in "abc":
        await a_subscriber(zalo.database, at_zalo(zalo.bot_id, group), kind=ChatKind.GROUP)
    assert "3/3 nhóm" in (await told(zalo))[-1]


async def test_who_is_reached_at_two_places_is_told_at_one(database: Database) -> None:
    elsewhere = Person(id="ad-elsewhere", name="Quản trị")
    async with opened_zalo_office(database, tokens=("801:one", "802:two")) as zalo:
        admin = await an_admin(zalo)
        second = zalo.server.zalo.bots["802:two"]
        other_id = next(bot_id for bot_id in zalo.lines if bot_id != zalo.bot_id)
        zalo.server.zalo.add_person(elsewhere, bot=second, standing=Standing.MEMBER)
        async with database.transaction() as tx:
            await tx.subscribers.add_chat(admin, at_zalo(other_id, elsewhere.id), ChatKind.PERSON)
        await zalo.used_before(MONTHLY * 80 // 100)
        assert len(await told(zalo)) == 1
        assert zalo.server.zalo.texts(elsewhere.id) == []

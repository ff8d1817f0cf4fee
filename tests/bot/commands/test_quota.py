"""/hanmuc and /trangthai: what each bot may still use, and letting a stopped one go on."""

import pytest

from bot.commands.alarm_buttons import alarm_buttons
from jobs.quota_alarms import QUOTA_GONE
from jobs.thrift import month_of
from storage.database import Database
from storage.records import Limits, Platform, Role
from tests.bot.commands.phone import Phone, Town
from tests.bot.commands.stored import actions, give_role
from tests.samples import NOW

MONTH = month_of(NOW)


@pytest.fixture
async def admin(town: Town, database: Database) -> Phone:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    return phone


@pytest.fixture
async def zalo(database: Database) -> int:
    """A bot with limits that has sent and received something this month."""
    async with database.transaction() as tx:
        bot = await tx.bots.register(Platform.ZALO, "800", "Bản tin")
        await tx.quotas.set_limits(bot.id, Limits(messages=3000, people=50, groups=3))
        await tx.quotas.count(bot.id, MONTH, sent=1900, received=12)
    return bot.id


async def stop(database: Database, bot_id: int) -> None:
    async with database.transaction() as tx:
        await tx.quotas.mark_gone(bot_id, MONTH, NOW)
        await tx.alarms.raise_(QUOTA_GONE, str(bot_id), "Đã hết.", NOW)


async def test_where_no_bot_has_limits_none_are_shown(admin: Phone) -> None:
    assert "không có hạn mức" in await admin.say("hạn mức")
    assert "Hạn mức" not in await admin.say("/trangthai")


@pytest.mark.usefixtures("zalo")
@pytest.mark.parametrize("command", ["/hanmuc", "/trangthai"])
async def test_both_directions_people_and_groups_are_shown(admin: Phone, command: str) -> None:
    answer = await admin.say(command)
    assert (
        "- bot Zalo Bản tin (800): tháng 11 đã dùng 1.912/3.000 tin (gửi 1.900, nhận 12); "
        "0/50 người, 0/3 nhóm" in answer
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (940, "Sắp hết: tin thường đang được gộp"),
        (1100, "dành cho thông báo khẩn và đáp lời người nhắn. Tin được giữ lại để gửi gộp từ"),
    ],
    ids=["95 %", "the reserve"],
)
async def test_what_follows_from_it_is_said(
    admin: Phone, database: Database, zalo: int, sent: int, expected: str
) -> None:
    async with database.transaction() as tx:
        await tx.quotas.count(zalo, MONTH, sent=sent)
    assert expected in await admin.say("/hanmuc")
    assert admin.labels == []


async def test_an_admin_lets_a_stopped_bot_go_on(
    admin: Phone, database: Database, zalo: int
) -> None:
    await stop(database, zalo)
    assert "tạm dừng gửi đến ngày 01/12" in await admin.say("/hanmuc")
    assert admin.labels == ["Gửi tiếp qua bot 800"]
    answer = await admin.press("Gửi tiếp qua bot 800")
    assert answer.startswith("Đang gửi tiếp qua bot Zalo Bản tin (800).")
    assert admin.labels == []
    async with database.transaction() as tx:
        assert [each.gone_at for each in await tx.quotas.usage(MONTH)] == [None]
        assert await tx.alarms.all() == []
    assert "quota_resumed" in await actions(database)


async def test_the_alarm_leads_there(admin: Phone) -> None:
    ((button,),) = alarm_buttons(QUOTA_GONE)
    assert "không có hạn mức" in await admin.say(f"/{button.data.partition(':')[0]}")


async def test_a_member_may_not(town: Town, database: Database, zalo: int) -> None:
    await stop(database, zalo)
    assert "quản trị viên của cơ quan" in await town.person().say("/hanmuc")

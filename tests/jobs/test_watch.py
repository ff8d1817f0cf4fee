"""What the admins are told when something goes wrong: once, and once when it is over."""

from datetime import timedelta

import pytest

from bot.commands.alarm_buttons import alarm_buttons
from bot.rehearsal.telegram.cast import MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Standing
from jobs.fan_out import fan_out_ready
from jobs.watch import ELSEWHERE, watch
from storage.records import Role
from tests.jobs.rig import QUIET, Office
from tests.samples import a_bulletin, a_subscriber, at

ADMIN = OFFICE_ADMIN.id
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def admin(office: Office) -> int:
    office.server.telegram.chat(ADMIN).standing = Standing.MEMBER
    admin = await a_subscriber(office.database, at(office.bot_id, str(ADMIN)))
    async with office.database.transaction() as tx:
        await tx.subscribers.deactivate(admin, office.clock.now())  # receives no news himself
        await tx.subscribers.set_role(admin, Role.ADMIN)
    return admin


async def look(office: Office, *, times: int = 1) -> list[str]:
    """What the admin has on his phone after so many minutes."""
    for _ in range(times):
        office.clock.advance(A_MINUTE)
        await watch(
            office.database,
            {office.bot_id: office.line},
            office.clock,
            quiet=QUIET,
            buttons=alarm_buttons,
        )
    return office.texts(ADMIN)


async def raised(office: Office, text: str = "Có sự cố.") -> None:
    async with office.database.transaction() as tx:
        await tx.alarms.raise_(ELSEWHERE, "1", text, office.clock.now())


async def cleared(office: Office) -> None:
    async with office.database.transaction() as tx:
        await tx.alarms.clear(ELSEWHERE, "1", office.clock.now())


@pytest.mark.usefixtures("admin", "member")
async def test_where_all_is_well_nobody_is_told_anything(office: Office) -> None:
    await office.bulletin()
    await office.deliver()
    assert await look(office, times=3) == []


@pytest.mark.usefixtures("admin", "member")
async def test_deliveries_that_wait_too_long_are_told_once_and_once_when_they_are_gone(
    office: Office,
) -> None:
    await office.bulletin()
    office.clock.advance(timedelta(minutes=61))
    (told,) = await look(office, times=3)
    assert told.startswith("⚠️ 1 lượt gửi chờ quá một giờ")
    await office.deliver()
    _, over = await look(office, times=3)
    assert over.startswith("✅ Đã trở lại bình thường")
    await raised(office, "Chuyện khác.")  # and it can begin anew
    assert (await look(office))[-1] == "⚠️ Chuyện khác."


@pytest.mark.usefixtures("admin", "member")
async def test_a_bulletin_that_was_never_given_out_is_told(office: Office) -> None:
    await a_bulletin(office.database)
    (told,) = await look(office, times=2)
    assert "1 bản tin đã đến giờ nhưng chưa được gửi đi" in told
    await fan_out_ready(office.database, office.clock.now())
    assert (await look(office))[-1].startswith("✅")


@pytest.mark.usefixtures("admin")
async def test_what_was_over_before_it_could_be_told_is_forgotten(office: Office) -> None:
    await raised(office)
    await cleared(office)
    assert await look(office) == []


@pytest.mark.usefixtures("admin")
async def test_what_begins_again_before_its_end_was_told_goes_on(office: Office) -> None:
    await raised(office)
    assert len(await look(office)) == 1
    await cleared(office)
    await raised(office)
    assert len(await look(office)) == 1


@pytest.mark.usefixtures("admin")
async def test_nobody_is_woken_at_night(office: Office) -> None:
    office.clock.advance(timedelta(hours=14))  # 22:46 in Viet Nam
    await raised(office)
    assert await look(office, times=5) == []
    office.clock.advance(timedelta(hours=8))
    assert len(await look(office, times=5)) == 1


@pytest.mark.usefixtures("admin")
async def test_while_telegram_is_down_it_is_kept_and_told_later(office: Office) -> None:
    await raised(office)
    office.server.telegram.faults.add(Fault(code=500, method="sendMessage", times=1))
    assert await look(office) == []
    assert len(await look(office)) == 1


async def test_members_are_told_nothing(office: Office, member: int) -> None:
    assert member
    await raised(office)
    assert await look(office, times=2) == []
    assert office.texts(MEMBER.id) == []


@pytest.mark.usefixtures("admin", "member")
async def test_news_that_came_too_late_is_offered_with_buttons(office: Office) -> None:
    await office.bulletin()
    office.clock.advance(timedelta(days=3, hours=1))
    await office.deliver()
    (told,) = await look(office, times=2)
    assert "1 tin ngày 12/11 chưa gửi được tới đủ người nhận" in told
    (message,) = office.server.telegram.from_bot(ADMIN)
    assert message.keyboard is not None
    assert office.texts(MEMBER.id) == []

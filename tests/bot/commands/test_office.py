"""/trangthai and /nguon: how the system does, for admins."""

from datetime import timedelta

import pytest

from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import Health, Role
from storage.repositories.sources import Visited
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import give_role
from tests.samples import NOW, a_bulletin, a_source, an_article


@pytest.fixture
async def admin(town: Town, database: Database) -> Phone:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    return phone


async def _is_read(database: Database, source_id: int) -> None:
    async with database.transaction() as tx:
        visited = Visited(now=NOW, next_visit_at=NOW + timedelta(minutes=15))
        await tx.sources.record_visit(source_id, visited)


async def _falls_ill(database: Database, source_id: int, reason: str) -> None:
    async with database.transaction() as tx:
        await tx.sources.record_failure(
            source_id,
            now=NOW + timedelta(minutes=15),
            next_visit_at=NOW + timedelta(minutes=30),
            health=Health.LAYOUT_CHANGED,
            reason=reason,
        )


async def test_without_sources_admins_are_told_how_to_add_one(admin: Phone) -> None:
    assert "bantin source add" in await admin.say("/nguon")
    assert admin.labels == []
    assert "Chưa có nguồn tin nào." in await admin.say("/trangthai")


async def test_the_health_of_a_source_is_said_in_words(admin: Phone, database: Database) -> None:
    source_id = await a_source(database)
    assert "Chưa đọc lần nào." in await admin.say("nguồn tin")
    await _is_read(database, source_id)
    answer = await admin.say("/nguon")
    assert "Đọc tốt." in answer
    assert "Lần đọc tốt gần nhất: 08:30 ngày 12/11/2026" in answer
    await _falls_ill(database, source_id, "Trang mở được nhưng không thấy danh sách.")
    answer = await admin.say("/nguon")
    assert "Không đọc được. Trang mở được nhưng không thấy danh sách." in answer
    assert "Số lần lỗi liên tiếp: 1" in answer
    assert "không đọc được, lần cuối đọc tốt 08:30" in await admin.say("/trangthai")


@pytest.mark.parametrize("health", [health for health in Health if health is not Health.OK])
async def test_every_illness_has_words(admin: Phone, database: Database, health: Health) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        await tx.sources.record_failure(
            source_id, now=NOW, next_visit_at=NOW, health=health, reason=""
        )
    assert health.value not in await admin.say("/nguon")
    assert await admin.say("/trangthai")


@BUTTONS_ONLY
async def test_sources_are_read_again_at_once_on_demand(
    admin: Phone, town: Town, database: Database
) -> None:
    await _is_read(database, await a_source(database))
    await admin.say("/nguon")
    shown = admin.seen
    await admin.press("Đọc lại ngay")
    assert admin.toast
    async with database.transaction() as tx:
        assert len(await tx.sources.due(town.clock.now())) == 1
    await admin.press("Đọc lại ngay", on=shown)
    assert "Đọc tốt." in await admin.press("Xem kết quả")


async def test_the_status_counts_what_matters(
    admin: Phone, town: Town, database: Database
) -> None:
    await town.subscriber()
    gone = await town.subscriber()
    await town.desk.left(gone.address)
    group = town.group_admin()
    await group.say("/dangky")
    await group.press("Đồng ý nhận tin")
    await a_bulletin(database)
    source_id = await a_source(database)
    async with database.transaction() as tx:
        await an_article(tx, source_id)
    await fan_out_ready(database, NOW)
    answer = await admin.say("trạng thái")
    assert answer.startswith("Tình trạng lúc 08:30 ngày 12/11/2026")
    assert "Tin mới hôm nay: 2\u00a0tin" in answer
    assert "Đang nhận tin: 2\u00a0người, 1\u00a0nhóm" in answer
    assert "không gửi tới được: 1 " in answer
    assert "đang chờ: 2" in answer


async def test_today_begins_at_midnight_in_viet_nam(
    admin: Phone, town: Town, database: Database
) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        await an_article(tx, source_id)  # at 08:30
    town.clock.pass_time(timedelta(hours=15))
    assert "Tin mới hôm nay: 1" in await admin.say("/trangthai")
    town.clock.pass_time(timedelta(hours=1))
    assert "Tin mới hôm nay: 0" in await admin.say("/trangthai")

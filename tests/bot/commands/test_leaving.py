"""/caidat, /huy, /dulieu and /xoadulieu: seeing, stopping, erasing, coming back."""

from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import DeliveryState, Reason, Role, SubscriberState
from tests.bot.commands.phone import Phone, Town
from tests.bot.commands.stored import actions, audit, give_role, stored, subscriber_of, topics_of
from tests.samples import NOW, a_bulletin, end_all


async def _fan_out(database: Database, key: str = "k") -> int:
    bulletin_id = await a_bulletin(database, key=key)
    await fan_out_ready(database, NOW)
    return bulletin_id


async def _delivery(database: Database, bulletin_id: int) -> tuple[DeliveryState, Reason | None]:
    async with database.transaction() as tx:
        [delivery] = await tx.outbox.of_bulletin(bulletin_id)
    return delivery.state, delivery.reason


async def _stop(phone: Phone) -> str:
    await phone.say("/huy")
    return await phone.press("Có, dừng nhận tin")


async def _erase(phone: Phone) -> str:
    await phone.say("/xoadulieu")
    return await phone.press("Có, xóa dữ liệu")


async def test_settings_show_everything_with_a_button_to_change_each(town: Town) -> None:
    phone = await town.subscriber()
    answer = await phone.say("cài đặt")
    assert "Trạng thái: đang nhận tin" in answer
    assert "Chuyên mục (tất cả):" in answer
    assert "Tổ chức: chưa chọn" in answer
    assert phone.labels == [
        "Đổi chuyên mục",
        "Đổi tổ chức",
        "Đổi giờ nhận tin",
        "Dừng nhận tin",
    ]
    assert (await phone.press("Dừng nhận tin")).startswith("Dừng nhận tin?")


async def test_stopping_asks_once(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("dừng")
    assert (await subscriber_of(database, phone)).state is SubscriberState.ACTIVE
    assert await phone.press("Không, giữ nguyên") == "Vẫn nhận tin như trước."
    assert (await subscriber_of(database, phone)).state is SubscriberState.ACTIVE


async def test_stopping_ends_the_subscription_and_keeps_the_row(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    bulletin_id = await _fan_out(database)
    answer = await _stop(phone)
    assert "/dangky" in answer
    assert "/xoadulieu" in answer
    subscriber = await subscriber_of(database, phone)
    assert subscriber.state is SubscriberState.INACTIVE
    assert subscriber.ended_at == town.clock.now()
    assert len(await topics_of(database, phone)) == 5
    assert await _delivery(database, bulletin_id) == (DeliveryState.CANCELLED, Reason.LEFT)
    assert await actions(database) == ["subscribed", "stopped"]


async def test_stopping_twice_is_harmless(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    first = await _stop(phone)
    assert await phone.press_data("huy:yes") == first
    assert "hiện chưa nhận tin" in await phone.say("hủy")
    assert await actions(database) == ["subscribed", "stopped"]
    assert "đã dừng nhận tin từ 08:30 ngày 12/11/2026" in await phone.say("/caidat")
    assert phone.labels == ["Nhận tin trở lại"]


async def test_a_typed_yes_stops(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("huy dang ky")
    assert (await phone.say("CÓ")).startswith("Đã dừng nhận tin.")


async def test_my_data_shows_all_that_is_stored(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("dk pn")
    await _fan_out(database)
    await end_all(database, town.bot_id)
    answer = await phone.say("dữ liệu của tôi")
    for line in (
        f"Mã cuộc trò chuyện: {phone.person}",
        "Tên hiển thị: Trần Văn Mẫu",
        "Vai trò: người nhận tin",
        "- Xây dựng Đảng",
        "Tổ chức: Hội Liên hiệp Phụ nữ",
        "Trạng thái: đang nhận tin",
        "Lưu từ 08:30 ngày 12/11/2026.",
        "Đồng ý nhận tin lúc 08:30 ngày 12/11/2026.",
        "Đã gửi 1\u00a0tin.",
        "Nhật ký thao tác: 1\u00a0dòng.",
    ):
        assert line in answer.splitlines()


async def test_my_data_in_a_group_are_the_groups(town: Town) -> None:
    admin = town.group_admin()
    assert await admin.say("/dulieu") == "Hệ thống không lưu dữ liệu nào về nhóm này."
    await admin.say("/dangky")
    await admin.press("Đồng ý nhận tin")
    answer = await admin.say("/dulieu")
    assert "Tên nhóm: Nhóm thôn Đông" in answer
    assert admin.name not in answer
    assert "Vai trò" not in answer


async def test_of_a_stranger_nothing_is_stored_and_he_is_told_so(town: Town) -> None:
    phone = town.person()
    nothing = "Hệ thống không lưu dữ liệu nào về cuộc trò chuyện này."
    assert await phone.say("/dulieu") == nothing
    assert await phone.say("/xoadulieu") == nothing


async def test_erasing_asks_once(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("xóa dữ liệu")
    assert await phone.press("Không, giữ lại") == "Dữ liệu được giữ nguyên."
    assert await stored(database, phone) is not None


async def test_erasing_leaves_counts_without_a_name(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    subscriber_id = (await subscriber_of(database, phone)).id
    await _fan_out(database, "a")
    await end_all(database, town.bot_id)
    waiting = await _fan_out(database, "b")
    assert "Còn lại số tin đã gửi" in await _erase(phone)
    assert await stored(database, phone) is None
    async with database.transaction() as tx:
        left = await tx.subscribers.get(subscriber_id)
        assert await tx.subscribers.chats(subscriber_id) == []
        assert await tx.outbox.count_sent_to(subscriber_id) == 1
    assert (left.state, left.name) == (SubscriberState.ERASED, "")
    assert (left.consented_at, left.organisation_id) == (None, None)
    assert await _delivery(database, waiting) == (DeliveryState.CANCELLED, Reason.LEFT)
    entry = (await audit(database))[-1]
    assert (entry.action, entry.actor_id) == ("erased", subscriber_id)
    assert phone.person not in entry.target + entry.detail


async def test_who_was_erased_is_a_stranger_again_and_may_come_back(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    old = await subscriber_of(database, phone)
    await _erase(phone)
    assert "không lưu dữ liệu nào" in await phone.press_data("xoadulieu:yes")
    assert "trước đây" not in await phone.say("/dangky")
    await phone.press("Đồng ý")
    new = await subscriber_of(database, phone)
    assert new.id != old.id
    assert new.state is SubscriberState.ACTIVE


async def test_the_last_owner_is_warned_before_he_erases_himself(
    town: Town, database: Database
) -> None:
    owner, other = town.person(), town.person()
    await give_role(database, owner, Role.OWNER)
    assert "bantin init" in await owner.say("/xoadulieu")
    await give_role(database, other, Role.OWNER)
    answer = await owner.say("/xoadulieu")
    assert "bantin init" not in answer
    assert "quyền “người quản lý hệ thống” cũng mất theo" in answer
    await owner.press("Có, xóa dữ liệu")
    assert "quản trị viên của cơ quan" in await owner.say("/trangthai")


async def test_a_group_is_erased_by_its_admin(town: Town, database: Database) -> None:
    admin = town.group_admin()
    await admin.say("/dangky")
    await admin.press("Đồng ý nhận tin")
    assert "của nhóm này" in await admin.say("/xoadulieu")
    await admin.press("Có, xóa dữ liệu")
    assert await stored(database, admin) is None

"""/dangky: joining, the organisation, coming back."""

import pytest

from storage.database import Database
from storage.records import ChatKind, SubscriberState
from tests.bot.commands.phone import BUTTONS_ONLY, Town
from tests.bot.commands.stored import (
    actions,
    audit,
    organisation_of,
    stored,
    subscriber_of,
    topics_of,
)


async def test_joining_stores_consent_and_follows_every_topic(
    town: Town, database: Database
) -> None:
    phone = town.person(name="Lê Thị Mẫu")
    await phone.say("dk")
    answer = await phone.press("Đồng ý")
    assert "Xây dựng Đảng" in answer
    assert phone.labels == ["Đổi chuyên mục", "Chọn tổ chức", "Bỏ qua"]
    subscriber = await subscriber_of(database, phone)
    assert subscriber.state is SubscriberState.ACTIVE
    assert subscriber.kind is ChatKind.PERSON
    assert subscriber.name == "Lê Thị Mẫu"
    assert subscriber.consent_version == 1
    assert subscriber.consented_at == town.clock.now()
    assert len(await topics_of(database, phone)) == 5


@BUTTONS_ONLY
async def test_a_double_press_says_the_same_and_joins_once(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("/dangky")
    question = phone.seen
    first = await phone.press("Đồng ý")
    assert await phone.press("Đồng ý", on=question) == first
    assert await actions(database) == ["subscribed"]


async def test_who_joined_is_in_the_audit_without_a_name(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    subscriber = await subscriber_of(database, phone)
    [entry] = await audit(database)
    assert (entry.action, entry.actor_id) == ("subscribed", subscriber.id)
    assert entry.target == f"subscriber:{subscriber.id}"
    assert entry.detail == ""


async def test_the_organisation_is_chosen_from_the_list(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("/dangky")
    await phone.press("Đồng ý")
    await phone.press("Chọn tổ chức")
    answer = await phone.press("Hội Nông dân")
    assert "Tổ chức: Hội Nông dân" in answer
    assert await organisation_of(database, phone) == "Hội Nông dân"
    await phone.press("Đổi tổ chức")
    assert "✓ Hội Nông dân" in phone.labels
    await phone.press("Không thuộc tổ chức nào")
    assert await organisation_of(database, phone) == ""


async def test_the_organisation_may_be_skipped(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("/dangky")
    await phone.press("Đồng ý")
    answer = await phone.press("Bỏ qua")
    assert "Tổ chức: chưa chọn" in answer
    assert phone.labels == ["Đổi chuyên mục"]
    assert await organisation_of(database, phone) == ""


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("dangky phụ nữ", "Hội Liên hiệp Phụ nữ"),
        ("ĐK PN", "Hội Liên hiệp Phụ nữ"),
        ("Đăng ký Hội Nông dân xã Tân Lập", "Hội Nông dân"),
        ("/dangky đoàn thanh niên", "Đoàn Thanh niên Cộng sản Hồ Chí Minh"),
        ("dk uy ban mat tran", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
        ("dk ccb", "Hội Cựu chiến binh"),
    ],
)
async def test_the_organisation_may_be_named_when_joining(
    town: Town, database: Database, text: str, organisation: str
) -> None:
    phone = town.person()
    await phone.say(text)
    assert await stored(database, phone) is None
    answer = await phone.press("Đồng ý")
    assert f"Tổ chức: {organisation}" in answer
    assert await organisation_of(database, phone) == organisation


async def test_a_subscriber_changes_his_organisation_by_name(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    assert "Tổ chức: Công đoàn" in await phone.say("đăng ký công đoàn")
    assert await organisation_of(database, phone) == "Công đoàn"


async def test_an_unknown_organisation_is_said_and_the_list_shown(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    assert "chưa có tổ chức này" in await phone.say("dk câu lạc bộ cờ")
    assert "Hội Nông dân" in phone.labels
    assert await organisation_of(database, phone) == ""


async def test_an_organisation_that_is_gone_is_said(town: Town) -> None:
    phone = await town.subscriber()
    assert "không còn trong danh sách" in await phone.press_data("dangky:org=99")


async def test_who_joined_already_is_told_so(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    assert (await phone.say("Đăng ký")).startswith("Anh/chị đã đăng ký nhận tin rồi.")
    assert await actions(database) == ["subscribed"]


async def test_who_comes_back_consents_again_and_keeps_his_choices(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    await phone.press("✓ Xây dựng Đảng")
    await phone.say("dk pn")
    await phone.say("/huy")
    await phone.press("Có, dừng nhận tin")
    assert "Các lựa chọn trước đây vẫn được giữ." in await phone.say("/dangky")
    await phone.press("Đồng ý")
    assert "Xây dựng Đảng" not in await topics_of(database, phone)
    assert await organisation_of(database, phone) == "Hội Liên hiệp Phụ nữ"
    subscriber = await subscriber_of(database, phone)
    assert subscriber.state is SubscriberState.ACTIVE
    assert subscriber.ended_at is None
    assert await actions(database) == ["subscribed", "stopped", "subscribed"]


async def test_a_group_is_joined_by_its_admin(town: Town, database: Database) -> None:
    admin = town.group_admin()
    await admin.join()
    answer = await admin.press("Đồng ý nhận tin")
    assert answer.startswith("Nhóm này đã được đăng ký nhận tin.")
    subscriber = await subscriber_of(database, admin)
    assert subscriber.kind is ChatKind.GROUP
    assert subscriber.name == "Nhóm thôn Đông"
    await admin.press("Chọn tổ chức")
    await admin.press("Hội Chữ thập đỏ")
    assert await organisation_of(database, admin) == "Hội Chữ thập đỏ"


async def test_joining_in_a_group_does_not_join_the_person(town: Town, database: Database) -> None:
    person = town.person()
    admin = town.in_group(person, is_chat_admin=True)
    await admin.say("/dangky")
    await admin.press("Đồng ý nhận tin")
    assert await stored(database, person) is None
    assert (await audit(database))[-1].actor_id is None


@pytest.mark.parametrize("data", ["dangky:org", "dangky:org=1", "dangky:skip"])
async def test_an_old_button_does_not_store_a_stranger(
    town: Town, database: Database, data: str
) -> None:
    phone = town.person()
    assert "hiện chưa nhận tin" in await phone.press_data(data)
    assert await stored(database, phone) is None

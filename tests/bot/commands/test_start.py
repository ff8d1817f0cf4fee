"""/start: who this is, and consent before anything is stored."""

import pytest

from bot.commands.command import Office
from storage.database import Database
from tests.bot.commands.phone import GROUP, Town
from tests.bot.commands.stored import actions, stored


async def test_a_stranger_is_told_who_this_is_and_asked(town: Town, database: Database) -> None:
    phone = town.person()
    answer = await phone.say("/start")
    assert answer.startswith("Đây là Bản tin của Đảng ủy xã Tân Lập.")
    assert "/dulieu" in answer
    assert "/xoadulieu" in answer
    assert answer.endswith("Anh/chị có đồng ý nhận tin không?")
    assert phone.labels == ["Đồng ý", "Không"]
    assert await stored(database, phone) is None


async def test_who_says_no_is_not_stored_and_told_how_to_come_back(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await phone.say("/start")
    answer = await phone.press("Không")
    assert "không lưu" in answer
    assert "/dangky" in answer
    assert await stored(database, phone) is None
    assert await actions(database) == []


async def test_a_deep_link_is_accepted(town: Town) -> None:
    phone = town.person()
    assert await phone.say("/start hoi-phu-nu") == await phone.say("bắt đầu")


async def test_who_is_subscribed_is_told_so(town: Town) -> None:
    phone = await town.subscriber()
    answer = await phone.say("/start")
    assert answer.startswith("Anh/chị đang nhận Bản tin của Đảng ủy xã Tân Lập.")
    assert "Cài đặt" in phone.labels


async def test_consent_may_be_typed_and_nothing_is_stored_before(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await phone.say("/start")
    async with database.transaction() as tx:
        assert (
            await tx.questions.open(town.bot_id, phone.person, phone.person, town.clock.now())
            == []
        )
    assert (await phone.say("đồng ý")).startswith("Đã đăng ký nhận tin.")
    assert await stored(database, phone) is not None


async def test_yes_without_having_read_the_question_is_no_consent(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await phone.say("đồng ý")
    assert await stored(database, phone) is None


async def test_a_group_is_told_who_can_set_it_up(town: Town, database: Database) -> None:
    admin = town.group_admin()
    answer = await admin.join()
    assert "quản trị viên của nhóm" in answer
    assert "tin mới và thông báo sẽ được gửi vào nhóm này" in answer
    assert admin.labels == ["Đồng ý nhận tin"]
    assert await stored(database, admin) is None
    assert await admin.say("/start") == answer
    assert admin.address.chat == GROUP


@pytest.mark.parametrize(
    "office", [Office(name="Hội Nông dân xã Tân Lập", address_form="", contact="")], ids=["plain"]
)
async def test_the_pronoun_may_be_left_out(town: Town) -> None:
    phone = town.person()
    assert (await phone.say("/start")).endswith("\n\nCó đồng ý nhận tin không?")
    await phone.press("Đồng ý")
    assert "Đang sinh hoạt ở tổ chức nào?" in (phone.seen.text.text if phone.seen else "")
    assert (await phone.say("/start")).startswith("Đang nhận Bản tin của Hội Nông dân")

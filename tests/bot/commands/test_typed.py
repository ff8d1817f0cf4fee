"""Talking to the bot where there are no buttons: ticks, misunderstandings, groups."""

from datetime import timedelta

import pytest

from bot.commands.command import Office
from storage.database import Database
from storage.records import SubscriberState
from tests.bot.commands.phone import TYPED_ONLY, Phone, Town
from tests.bot.commands.stored import organisation_of, stored, subscriber_of, topics_of

pytestmark = TYPED_ONLY

PARTY, ECONOMY = "Xây dựng Đảng", "Kinh tế - xã hội"


@pytest.mark.parametrize(
    ("said", "followed"),
    [
        (["2 4"], {PARTY, ECONOMY}),
        (["2,4"], {PARTY, ECONOMY}),
        (["2 và 4"], {PARTY, ECONOMY}),
        (["xay dung dang"], {PARTY}),
        (["2", "thêm 4"], {PARTY, ECONOMY}),
        (["2 4", "bỏ 4"], {PARTY}),
        (["2", "9", "4"], {ECONOMY}),
        (["bỏ hết", "2"], {PARTY}),
    ],
)
async def test_topics_are_ticked_by_their_numbers(
    town: Town, database: Database, said: list[str], followed: set[str]
) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    for text in said:
        await phone.say(text)
    assert await topics_of(database, phone) == followed
    assert (await phone.say("0")).startswith("Đã lưu.\n\nTrạng thái: đang nhận tin")


async def test_the_list_shows_whole_names_and_what_was_saved(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    assert (
        await phone.say("3")
        == "Đã lưu các chuyên mục muốn nhận.\n\nĐang chọn 1 trong 5 chuyên mục."
    )
    assert "✓ Mặt trận và các tổ chức chính trị - xã hội" in phone.labels


async def test_what_cannot_be_read_is_answered_with_the_choices_then_with_help_then_not_at_all(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    await phone.say("/huy")
    choices = phone.labels
    assert await phone.say("để xem đã") == "Bản tin chưa hiểu câu này. Có thể chọn:"
    assert phone.labels == choices
    assert await phone.say("hỏi vợ đã") == (
        "Bản tin vẫn chưa hiểu.\n\nGửi “trợ giúp” để xem hướng dẫn.\n"
        "Liên hệ: đồng chí Mẫu, 0900 000 000."
    )
    assert phone.labels == []
    assert [await phone.say("sao thế"), await phone.say("alo")] == ["", ""]
    await phone.say("có")
    assert (await subscriber_of(database, phone)).state is SubscriberState.INACTIVE


async def test_who_was_understood_or_waited_is_answered_again(town: Town) -> None:
    phone = await town.subscriber()
    for _ in range(3):
        await phone.say("abc")
    await phone.say("cài đặt")
    assert "chưa hiểu" in await phone.say("abc")
    for _ in range(3):
        await phone.say("abc")
    town.clock.pass_time(timedelta(minutes=15))
    assert "chưa hiểu" in await phone.say("abc")


@pytest.mark.parametrize("text", ["cảm ơn", "Dạ, đã nhận ạ", "ok", "vâng ạ", "👍", "đã rõ"])
async def test_thanks_for_the_news_cost_no_answer_and_choose_nothing(
    town: Town, text: str
) -> None:
    phone = await town.subscriber()
    assert await phone.say(text) == ""
    await phone.say("/caidat")
    assert await phone.say(text) == ""
    assert (await phone.say("1")).startswith("Chuyên mục muốn nhận.")


@pytest.mark.parametrize("office", [Office(name="Xã", address_form="", contact="")], ids=["none"])
async def test_help_names_nobody_where_there_is_nobody_to_ask(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("abc")
    assert (await phone.say("abc")).endswith("Gửi “trợ giúp” để xem hướng dẫn.")


async def test_an_answer_is_taken_for_a_quarter_of_an_hour(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    town.clock.pass_time(timedelta(minutes=15))
    assert "chưa hiểu" in await phone.say("2")
    assert len(await topics_of(database, phone)) == 5


async def test_a_stranger_answers_by_number_too(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("chào")
    await phone.say("1")
    assert await stored(database, phone) is not None


@pytest.mark.parametrize("said", ["Hội Nông dân", "nông dân", "hoi nong dan xa tan lap", "5"])
async def test_the_organisation_may_be_named_where_it_is_asked_for(
    town: Town, database: Database, said: str
) -> None:
    phone = town.person()
    await phone.say("dk")
    await phone.say("có")
    if said.isdecimal():
        await phone.press("Chọn tổ chức")
    assert "Đã lưu tổ chức." in await phone.say(said)
    assert await organisation_of(database, phone) == "Hội Nông dân"


async def test_talk_about_an_organisation_chooses_none(town: Town, database: Database) -> None:
    phone = town.person()
    await phone.say("dk")
    await phone.say("có")
    await phone.say("hội nông dân thôn mình chiều nay họp ở đâu vậy")
    await phone.press("Bỏ qua")
    await phone.say("cài đặt")
    assert "chưa hiểu" in await phone.say("hội nông dân họp chưa")
    assert await organisation_of(database, phone) == ""


@pytest.mark.parametrize("no", ["thôi", "khỏi", "ko", "không"])
async def test_a_no_to_the_list_of_organisations_keeps_the_one_he_has(
    town: Town, database: Database, no: str
) -> None:
    phone = await town.subscriber()
    await phone.say("dk nông dân")
    await phone.press("Đổi tổ chức")
    await phone.say(no)
    assert await organisation_of(database, phone) == "Hội Nông dân"


async def test_zero_leads_back_to_the_settings(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/caidat")
    for label in ("Đổi tổ chức", "Đổi giờ nhận tin"):
        await phone.press(label)
        assert (await phone.say("0")).startswith("Cài đặt nhận tin")


@pytest.mark.parametrize(
    "text",
    ["thôi nhận tin", "Thoi nhan tin", "không nhận nữa", "tắt tin", "tawts tin", "/tat tin"],
)
async def test_there_are_many_ways_to_say_that_one_wants_no_more(town: Town, text: str) -> None:
    phone = await town.subscriber()
    assert (await phone.say(text)).startswith("Dừng nhận tin?")


@pytest.mark.parametrize("text", ["ddawng kys", "DDAWNG KYS", "dangf kys", "đk", "Dang ky."])
async def test_a_command_is_understood_without_marks_and_with_leftovers_of_telex(
    town: Town, text: str
) -> None:
    assert (await town.person().say(text)).startswith("Đây là Bản tin")


async def _asked_in_a_group(town: Town) -> tuple[Phone, Phone]:
    """The one who asked, and another admin."""
    admin, other = town.group_admin(), town.group_admin()
    await admin.say("/dangky")
    await admin.say("1")
    await admin.say("/huy")
    return admin, other


async def test_in_a_group_a_question_is_answered_by_who_was_asked(
    town: Town, database: Database
) -> None:
    admin, other = await _asked_in_a_group(town)
    assert admin.seen is not None
    assert "Trả lời tin nhắn này bằng số 1 hoặc 2" in admin.seen.text.text
    assert await other.say("1") == ""
    assert (await subscriber_of(database, admin)).state is SubscriberState.ACTIVE
    assert (await admin.say("có")).startswith("Đã dừng nhận tin.")
    assert await admin.say("có") == ""


async def test_a_strangers_question_in_a_group_is_not_the_one_in_his_own_chat(
    town: Town, database: Database
) -> None:
    person = town.person()
    in_group = town.in_group(person, is_chat_admin=True)
    await in_group.say("/dangky")
    assert "chào" not in await person.say("alo")
    await in_group.say("1")
    assert await stored(database, person) is None
    assert await stored(database, in_group) is not None


async def test_in_a_group_what_cannot_be_read_is_left_alone(town: Town) -> None:
    admin, _ = await _asked_in_a_group(town)
    assert [await admin.say("họp lúc mấy giờ"), await admin.say("7")] == ["", ""]
    assert (await admin.say("2")) == "Vẫn nhận tin như trước."


async def test_members_of_a_group_answer_no_question_of_its_admins(
    town: Town, database: Database
) -> None:
    admin, member = town.group_admin(), town.group_member()
    await admin.say("/dangky")
    assert await member.say("1") == ""
    assert "quản trị viên của nhóm" in await member.say("/dangky")
    assert await stored(database, admin) is None

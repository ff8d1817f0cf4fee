"""/chuyenmuc: ticking topics."""

from storage.database import Database
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import stored, topics_of

PARTY = "Xây dựng Đảng"


async def _no_topics(phone: Phone) -> str:
    answer = await phone.say("/chuyenmuc")
    for label in phone.labels:
        if label.startswith("✓"):
            answer = await phone.press(label)
    return answer


async def test_a_press_ticks_and_unticks_in_the_same_message(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    await phone.say("chuyên mục")
    await phone.press(f"✓ {PARTY}")
    assert phone.seen is not None
    assert phone.seen.edit == phone.buttons
    assert PARTY not in await topics_of(database, phone)
    await phone.press(PARTY)
    assert PARTY in await topics_of(database, phone)


@BUTTONS_ONLY
async def test_a_double_press_ends_where_a_single_one_does(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    shown = phone.seen
    first = await phone.press(f"✓ {PARTY}")
    assert await phone.press(f"✓ {PARTY}", on=shown) == first
    assert PARTY not in await topics_of(database, phone)


async def test_who_ticks_nothing_is_told_what_that_means(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    assert "sẽ không có tin, chỉ có thông báo" in await _no_topics(phone)
    assert await topics_of(database, phone) == set()
    assert "Chuyên mục: chưa chọn, chỉ nhận thông báo." in await phone.press("Xong")


async def test_the_end_shows_what_was_chosen(town: Town) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    await phone.press(f"✓ {PARTY}")
    answer = await phone.press("Xong")
    assert answer.startswith("Đã lưu.")
    assert PARTY not in answer
    assert "Kinh tế - xã hội" in answer


@BUTTONS_ONLY
async def test_topics_may_be_ticked_by_number_and_name(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    await phone.say("2")
    assert PARTY not in await topics_of(database, phone)
    await phone.say("xay dung dang")
    assert PARTY in await topics_of(database, phone)
    assert (await phone.say("xong")).startswith("Đã lưu.")


async def test_a_stranger_is_told_that_he_is_not_subscribed(
    town: Town, database: Database
) -> None:
    phone = town.person()
    assert "hiện chưa nhận tin" in await phone.say("/chuyenmuc")
    assert phone.labels == ["Đăng ký nhận tin"]
    assert await stored(database, phone) is None


async def test_a_topic_that_is_gone_is_said(town: Town) -> None:
    phone = await town.subscriber()
    assert "không còn" in await phone.press_data("chuyenmuc:+99")
    assert "không còn" in await phone.press_data("chuyenmuc:+")

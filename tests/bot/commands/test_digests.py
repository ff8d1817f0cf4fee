"""/gionhan: each article at once, or one digest a day."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.bot.commands.phone import BUTTONS_ONLY, TYPED_ONLY, Town
from tests.bot.commands.stored import stored, subscriber_of

AT_ONCE = "Cách nhận tin: từng tin ngay khi có"
AT_SEVEN = "Cách nhận tin: một bản tổng hợp mỗi ngày lúc 7 giờ"


async def test_the_settings_lead_to_the_hours(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    assert AT_ONCE in await phone.say("/caidat")
    await phone.press("Đổi giờ nhận tin")
    assert ("✓ Từng tin ngay khi có" in phone.labels) == phone.buttons
    assert AT_SEVEN in await phone.press("7 giờ")
    subscriber = await subscriber_of(database, phone)
    assert (subscriber.digest_hour, subscriber.digest_since) == (7, town.clock.now())
    answer = await phone.say("giờ nhận tin")
    assert "mỗi ngày lúc 7 giờ" in answer
    assert ("✓ 7 giờ" in phone.labels) == phone.buttons


@pytest.mark.parametrize("hour", [6, 7, 11, 17, 19])
async def test_each_hour_may_be_chosen_and_typed(
    town: Town, database: Database, hour: int
) -> None:
    phone = await town.subscriber()
    await phone.say("gio nhan tin")
    await phone.say(f"{hour} giờ")
    assert (await subscriber_of(database, phone)).digest_hour == hour


@BUTTONS_ONLY
async def test_a_bare_number_that_may_mean_two_things_is_not_guessed(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    await phone.say("/gionhan")
    assert "chưa hiểu" in await phone.say("6")  # the sixth is 19 giờ
    await phone.say("/gionhan")
    await phone.say("19")
    assert (await subscriber_of(database, phone)).digest_hour == 19


@TYPED_ONLY
@pytest.mark.parametrize("chosen", [6, 17])
async def test_of_numbered_hours_six_is_the_hour(
    town: Town, database: Database, chosen: int
) -> None:
    phone = await town.subscriber()
    for hour in (chosen, 6):
        await phone.say("/gionhan")
        await phone.say(f"{hour}")
    assert (await subscriber_of(database, phone)).digest_hour == 6


async def test_the_choice_is_among_what_is_stored_about_him(town: Town) -> None:
    phone = await town.subscriber()
    assert AT_ONCE in await phone.say("/dulieu")
    await phone.press_data("gionhan:7")
    assert AT_SEVEN in await phone.say("/dulieu")
    assert AT_SEVEN in await phone.say("/start")


@pytest.mark.parametrize("data", ["gionhan:now", "gionhan:17"], ids=["at once", "another hour"])
async def test_who_changes_his_mind_is_told_where_the_rest_is(
    town: Town, database: Database, data: str
) -> None:
    phone = await town.subscriber()
    assert "/moinhat" not in await phone.press_data("gionhan:7")
    town.clock.pass_time(timedelta(hours=5))
    assert "/moinhat" in await phone.press_data(data)
    subscriber = await subscriber_of(database, phone)
    expected = (None, None) if data == "gionhan:now" else (17, town.clock.now())
    assert (subscriber.digest_hour, subscriber.digest_since) == expected


async def test_a_second_press_loses_no_news(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    since = town.clock.now()
    await phone.press_data("gionhan:7")
    town.clock.pass_time(timedelta(hours=5))
    assert "/moinhat" not in await phone.press_data("gionhan:7")
    assert (await subscriber_of(database, phone)).digest_since == since


async def test_in_a_group_its_admins_choose(town: Town, database: Database) -> None:
    admin = town.group_admin()
    await admin.say("/dangky")
    await admin.press("Đồng ý nhận tin")
    await town.group_member().press_data("gionhan:7")
    assert (await subscriber_of(database, admin)).digest_hour is None
    await admin.press_data("gionhan:7")
    assert (await subscriber_of(database, admin)).digest_hour == 7


async def test_a_stranger_is_told_that_he_is_not_subscribed(
    town: Town, database: Database
) -> None:
    phone = town.person()
    assert "hiện chưa nhận tin" in await phone.press_data("gionhan:7")
    assert await stored(database, phone) is None


@pytest.mark.parametrize("choice", ["5", "25", "x"])
async def test_an_hour_that_is_not_offered_is_refused(
    town: Town, database: Database, choice: str
) -> None:
    phone = await town.subscriber()
    assert "Không có giờ này" in await phone.press_data(f"gionhan:{choice}")
    assert (await subscriber_of(database, phone)).digest_hour is None

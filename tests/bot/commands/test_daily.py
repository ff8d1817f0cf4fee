"""Where each message costs one of the month's, nobody is answered for ever."""

from datetime import timedelta

import pytest

from bot.commands.command import Office
from storage.database import Database
from storage.records import Role, SubscriberState
from tests.bot.commands.phone import BUTTONS_ONLY, TYPED_ONLY, Phone, Town
from tests.bot.commands.stored import give_role, subscriber_of

MOST = Office(name="", address_form="", contact="").answers_a_day


async def _asks_all_day(phone: Phone) -> list[str]:
    return [await phone.say("trợ giúp") for _ in range(MOST + 5)]


@TYPED_ONLY
async def test_the_last_answer_of_the_day_says_so(town: Town) -> None:
    *usual, last, _, _, _, _, nothing = await _asks_all_day(town.person())
    assert all(usual)
    assert last.startswith("Hôm nay Bản tin đã trả lời nhiều lần, ngày mai sẽ trả lời tiếp.")
    assert nothing == ""


@TYPED_ONLY
async def test_what_is_important_takes_none_of_the_others_nor_their_last(town: Town) -> None:
    phone = town.person()
    for _ in range(MOST - 1):
        await phone.say("trợ giúp")
    assert await phone.say("/dulieu")
    assert (await phone.say("trợ giúp")).startswith("Hôm nay Bản tin đã trả lời nhiều lần")
    assert await phone.say("trợ giúp") == ""


@TYPED_ONLY
@pytest.mark.usefixtures("database")
async def test_others_and_the_next_day_are_not_concerned(town: Town) -> None:
    phone = town.person()
    await _asks_all_day(phone)
    assert await town.person().say("trợ giúp")
    town.clock.pass_time(timedelta(days=1))
    assert "Hôm nay" not in await phone.say("trợ giúp")


@TYPED_ONLY
async def test_who_wants_to_leave_is_always_answered(town: Town, database: Database) -> None:
    phone = await town.subscriber()
    await _asks_all_day(phone)
    await phone.say("dừng")
    assert (await phone.say("có")).startswith("Đã dừng nhận tin.")
    assert (await subscriber_of(database, phone)).state is SubscriberState.INACTIVE


@TYPED_ONLY
async def test_nor_is_who_wants_to_join_or_to_know_what_is_stored_left_alone(town: Town) -> None:
    phone = town.person()
    await _asks_all_day(phone)
    assert "đồng ý nhận tin không" in await phone.say("dk")
    await phone.press("Đồng ý")
    assert "Dữ liệu đang lưu" in await phone.say("/dulieu")
    assert [await phone.say("/dulieu") for _ in range(MOST)][-1] == ""


@TYPED_ONLY
async def test_the_office_is_always_answered(town: Town, database: Database) -> None:
    phone = town.person()
    await give_role(database, phone, Role.EDITOR)
    assert all(await _asks_all_day(phone))


@BUTTONS_ONLY
async def test_where_messages_cost_nothing_everybody_is(town: Town) -> None:
    assert all(await _asks_all_day(town.person()))

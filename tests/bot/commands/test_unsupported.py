"""Who writes what the platform keeps back: greeted now and then, enrolled by the office."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.rights import FOR_OFFICE
from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import Role, SubscriberState
from tests.bot.commands.phone import Phone, Town, check_manners
from tests.bot.commands.stored import audit, give_role, stored, subscriber_of, topics_of
from tests.samples import NOW, a_bulletin


async def _writes(phone: Phone) -> str:
    reply = await phone.desk.answer(replace(phone.incoming(), unsupported=True))
    if reply is None:
        return ""
    check_manners(reply)
    return reply.text.text


async def _admin(town: Town, database: Database) -> Phone:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    return phone


def _command_in(greeting: str) -> str:
    return greeting[greeting.index("/ghidanh ") :]


async def test_he_is_greeted_and_told_how_the_office_enrols_him(
    town: Town, database: Database
) -> None:
    phone = town.person()
    assert await _writes(phone) == (
        "Đây là Bản tin của Đảng ủy xã Tân Lập. Bản tin không đọc được tin nhắn vừa rồi.\n\n"
        "Muốn nhận tin, xin chuyển tiếp tin nhắn này cho cơ quan để được ghi danh giúp.\n\n"
        "Liên hệ: đồng chí Mẫu, 0900 000 000.\n"
        f"Cơ quan gửi cho Bản tin dòng này:\n/ghidanh {town.bot_id}-{phone.person}"
    )
    assert await stored(database, phone) is None


async def test_he_is_greeted_once_a_day(town: Town) -> None:
    phone, other = town.person(), town.person()
    assert await _writes(phone)
    town.clock.pass_time(timedelta(hours=23))
    assert await _writes(phone) == ""
    assert await _writes(other)
    town.clock.pass_time(timedelta(hours=1))
    assert await _writes(phone)


async def test_in_a_group_nothing_is_said(town: Town) -> None:
    assert await _writes(town.group_member()) == ""


async def test_it_is_no_content_of_a_notice(town: Town, database: Database) -> None:
    phone = town.person()
    await give_role(database, phone, Role.EDITOR)
    await phone.say("/thongbao")
    assert "không đọc được" in await _writes(phone)


async def test_who_was_known_before_is_enrolled_for_all_topics_too(
    town: Town, database: Database
) -> None:
    phone, admin = town.person(), await _admin(town, database)
    await give_role(database, phone, Role.EDITOR)
    await admin.say(_command_in(await _writes(phone)))
    assert len(await topics_of(database, phone)) == 5


async def test_the_office_enrols_him_by_what_he_was_told(town: Town, database: Database) -> None:
    phone, admin = town.person(), await _admin(town, database)
    command = _command_in(await _writes(phone))
    assert "Đã ghi danh “Trần Thị Mẫu”." in await admin.say(f"{command} Trần Thị Mẫu")
    subscriber = await subscriber_of(database, phone)
    assert (subscriber.state, subscriber.name) == (SubscriberState.ACTIVE, "Trần Thị Mẫu")
    assert subscriber.consent_version == 1
    assert len(await topics_of(database, phone)) == 5
    town.clock.pass_time(timedelta(days=1))
    assert "Muốn dừng nhận tin, xin chuyển tiếp tin nhắn này" in await _writes(phone)
    entry, by = (await audit(database))[-1], await subscriber_of(database, admin)
    assert (entry.action, entry.actor_id) == ("enrolled", by.id)
    await a_bulletin(database)
    assert (await fan_out_ready(database, NOW)).deliveries == 1
    assert "đang nhận Bản tin" in await _after_a_day(town, phone)


async def _after_a_day(town: Town, phone: Phone) -> str:
    town.clock.pass_time(timedelta(days=1))
    return await _writes(phone)


async def test_the_office_stops_it_in_the_same_way(town: Town, database: Database) -> None:
    phone, admin = town.person(), await _admin(town, database)
    command = _command_in(await _writes(phone))
    await admin.say(command)
    assert "đang nhận tin" in await admin.say(command)
    assert "Đã dừng" in await admin.press("Dừng gửi tin tới đó")
    assert (await subscriber_of(database, phone)).state is SubscriberState.INACTIVE
    assert (await audit(database))[-1].action == "unenrolled"
    await admin.say(command)
    assert (await subscriber_of(database, phone)).state is SubscriberState.ACTIVE


async def test_who_is_enrolled_again_can_be_written_to_again(
    town: Town, database: Database
) -> None:
    phone, admin = town.person(), await _admin(town, database)
    command = _command_in(await _writes(phone))
    await admin.say(command)
    async with database.transaction() as tx:
        await tx.subscribers.mark_gone(phone.incoming().where, NOW)
    assert "đang nhận tin" in await admin.say(command)
    await a_bulletin(database)
    assert (await fan_out_ready(database, NOW)).deliveries == 1


async def test_the_office_may_pass_on_all_that_he_was_told(town: Town, database: Database) -> None:
    phone, admin = town.person(), await _admin(town, database)
    assert "Đã ghi danh người đó." in await admin.say(await _writes(phone))
    assert (await subscriber_of(database, phone)).state is SubscriberState.ACTIVE


async def test_a_group_is_not_enrolled(town: Town, database: Database) -> None:
    group, admin = town.group_admin(), await _admin(town, database)
    await group.say("/dangky")
    await group.press("Đồng ý nhận tin")
    answer = await admin.say(f"/ghidanh {town.bot_id}-{group.group}")
    assert answer.startswith("Mã này là của một nhóm.")


@pytest.mark.parametrize("code", ["", "abc", "99-5006", "1", "1-", "0-5006", "1-a b", "1-;drop"])
async def test_what_is_no_code_enrols_nobody(town: Town, database: Database, code: str) -> None:
    admin = await _admin(town, database)
    answer = await admin.say(f"/ghidanh {code}")
    assert ("Mã ghi danh không đúng" if code and code != "1-a b" else "danh") in answer
    async with database.transaction() as tx:
        assert sum((await tx.subscribers.counts()).values()) == (1 if code == "1-a b" else 0)


async def test_only_the_office_enrols(town: Town, database: Database) -> None:
    phone, member = town.person(), await town.subscriber()
    command = _command_in(await _writes(phone))
    assert (await member.say(command)).startswith(FOR_OFFICE)
    assert await stored(database, phone) is None

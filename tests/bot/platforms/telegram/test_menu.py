"""Whom Telegram shows which commands."""

import pytest

from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.menu import publish_menu
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Person
from jobs.messenger import Unreachable

PRIVATE = [("dangky", "Đăng ký nhận tin"), ("huy", "Ngừng nhận tin")]
GROUPS = [("moinhat", "Tin mới nhất")]
GROUP_ADMINS = [*GROUPS, ("caidat", "Cài đặt")]
STAFF = [*PRIVATE, ("trangthai", "Trạng thái hệ thống")]


def seen_by(server: RehearsalServer, person: Person, chat: int) -> list[tuple[str, str]]:
    commands = server.telegram.menus.seen_by(person.id, server.telegram.chat(chat))
    return [(command["command"], command["description"]) for command in commands]


async def publish(bot: TelegramBot, **staff: list[tuple[str, str]]) -> None:
    by_chat = {chat.removeprefix("chat_"): menu for chat, menu in staff.items()}
    await publish_menu(
        bot, private=PRIVATE, groups=GROUPS, group_admins=GROUP_ADMINS, staff=by_chat
    )


async def test_each_sees_his_own_menu(server: RehearsalServer, bot: TelegramBot) -> None:
    await publish(bot, **{f"chat_{OFFICE_ADMIN.id}": STAFF})

    assert seen_by(server, MEMBER, MEMBER.id) == PRIVATE
    assert seen_by(server, OFFICE_ADMIN, OFFICE_ADMIN.id) == STAFF
    assert seen_by(server, GROUP_MEMBER, GROUP_ID) == GROUPS
    assert seen_by(server, GROUP_ADMIN, GROUP_ID) == GROUP_ADMINS


async def test_who_is_of_the_staff_no_more_sees_what_all_see(
    server: RehearsalServer, bot: TelegramBot
) -> None:
    await publish(bot, **{f"chat_{OFFICE_ADMIN.id}": STAFF})

    await publish(bot, **{f"chat_{OFFICE_ADMIN.id}": []})

    assert seen_by(server, OFFICE_ADMIN, OFFICE_ADMIN.id) == PRIVATE


async def test_one_person_who_cannot_be_reached_does_not_cost_the_others_theirs(
    server: RehearsalServer, bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(bot, chat_123=STAFF, **{f"chat_{OFFICE_ADMIN.id}": STAFF})

    assert seen_by(server, OFFICE_ADMIN, OFFICE_ADMIN.id) == STAFF
    assert "a person's command menu could not be set" in caplog.text


async def test_no_connection_is_said(server: RehearsalServer, bot: TelegramBot) -> None:
    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY))

    with pytest.raises(Unreachable):
        await publish(bot)


async def test_a_menu_that_telegram_does_not_take_is_logged_and_costs_no_other(
    server: RehearsalServer, bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    refused = Fault(
        code=400,
        method="setMyCommands",
        description="Bad Request: BOT_COMMAND_INVALID",
        times=1,
    )
    server.telegram.faults.add(refused)

    await publish(bot, **{f"chat_{OFFICE_ADMIN.id}": STAFF})

    assert seen_by(server, MEMBER, MEMBER.id) == []
    assert seen_by(server, GROUP_MEMBER, GROUP_ID) == GROUPS
    assert seen_by(server, OFFICE_ADMIN, OFFICE_ADMIN.id) == STAFF
    assert [record.levelname for record in caplog.records if "menu" in record.message] == ["ERROR"]

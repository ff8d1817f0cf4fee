"""Who may do what."""

import pytest

from bot.commands.command import Command
from bot.commands.registry import COMMANDS
from bot.commands.rights import FOR_CHAT_ADMINS, FOR_OFFICE
from storage.database import Database
from storage.records import Role
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import audit, give_role, stored, subscriber_of

PLACES = ("person", "group admin", "group member")


def _phone(town: Town, place: str) -> Phone:
    match place:
        case "group admin":
            return town.group_admin()
        case "group member":
            return town.group_member()
        case _:
            return town.person()


def _is_allowed(command: Command, role: Role, place: str) -> bool:
    return role.includes(command.role) and not (command.changes_chat and place == "group member")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "stranger")
async def test_every_command_is_for_whom_it_declares(
    town: Town, database: Database, role: Role | None, place: str
) -> None:
    phone = _phone(town, place)
    if role is not None:
        await give_role(database, phone, role)
    refused = []
    for command in COMMANDS:
        answer = await phone.say(f"/{command.name}")
        assert answer
        is_refused = answer.startswith((FOR_OFFICE, FOR_CHAT_ADMINS))
        assert is_refused != _is_allowed(command, role or Role.MEMBER, place), command.name
        refused += [command.name] if is_refused else []
    entries = [entry for entry in await audit(database) if entry.action == "refused"]
    assert [entry.target for entry in entries] == refused


async def test_who_lacks_a_right_is_told_whom_to_ask_and_it_is_written_down(
    town: Town, database: Database
) -> None:
    phone = await town.subscriber()
    assert await phone.say("nguồn tin") == (
        "Chức năng này dành cho quản trị viên của cơ quan. Liên hệ: đồng chí Mẫu, 0900 000 000."
    )
    entry = (await audit(database))[-1]
    subscriber = await subscriber_of(database, phone)
    assert (entry.action, entry.target) == ("refused", "nguon")
    assert (entry.actor_id, entry.detail) == (subscriber.id, "")


async def test_a_refused_stranger_leaves_no_trace_of_himself(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await phone.say("/trangthai")
    [entry] = await audit(database)
    assert (entry.actor_id, entry.target, entry.detail) == (None, "trangthai", "")
    assert await stored(database, phone) is None


async def test_a_right_counts_in_a_group_too(town: Town, database: Database) -> None:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    assert "Chưa có nguồn tin nào." in await town.in_group(phone).say("/nguon")
    assert (await town.in_group(phone).say("/huy")) == FOR_CHAT_ADMINS


@BUTTONS_ONLY
async def test_a_stranger_who_presses_an_admins_button_gets_a_toast_alone(
    town: Town, database: Database
) -> None:
    person = town.person()
    await give_role(database, person, Role.ADMIN)
    admin, stranger = town.in_group(person), town.group_member()
    await admin.say("/nguon")
    assert await stranger.press_data("nguon:now") == ""
    assert stranger.toast.startswith(FOR_OFFICE)
    assert stranger.seen is not None
    assert not stranger.seen.edit
    assert (await audit(database))[-1].action == "refused"


@BUTTONS_ONLY
async def test_a_member_who_presses_the_groups_consent_changes_nothing(
    town: Town, database: Database
) -> None:
    admin, member = town.group_admin(), town.group_member()
    await admin.join()
    assert await member.press("Đồng ý nhận tin", on=admin.seen) == ""
    assert member.toast == FOR_CHAT_ADMINS
    assert await stored(database, admin) is None


async def test_a_right_that_was_taken_away_no_longer_opens_old_buttons(
    town: Town, database: Database
) -> None:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    await give_role(database, phone, Role.MEMBER)
    assert (await phone.press_data("nguon:now")).startswith(FOR_OFFICE)


async def test_who_hides_his_name_in_a_group_has_no_role(town: Town) -> None:
    anonymous = town.group_admin()
    anonymous.person = ""
    assert (await anonymous.say("/nguon")).startswith(FOR_OFFICE)
    assert (await anonymous.say("/dangky")).startswith("Đây là Bản tin")

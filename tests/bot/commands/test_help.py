"""/trogiup: what one may do, and whom to ask."""

import pytest

from bot.commands.command import Office
from storage.database import Database
from storage.records import Role
from tests.bot.commands.phone import Town
from tests.bot.commands.stored import give_role


async def test_help_lists_what_a_member_may_do_and_whom_to_ask(town: Town) -> None:
    answer = await town.person().say("help")
    newest = "/moinhat - " if town.buttons else "- mới nhất: "
    assert f"{newest}Xem tin mới nhất." in answer
    assert "nguồn tin" not in answer
    assert answer.endswith("Liên hệ: đồng chí Mẫu, 0900 000 000.")


async def test_help_shows_admins_their_commands(town: Town, database: Database) -> None:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    answer = await phone.say("Trợ giúp")
    assert "Xem tình trạng hệ thống." in answer
    assert "Xem và thêm nguồn tin." in answer


async def test_help_in_a_group_says_who_may_what(town: Town) -> None:
    answer = await town.group_member().say("/trogiup")
    everybody, admins = answer.split("Dành cho quản trị viên của nhóm:")
    assert "Xem tin mới nhất." in everybody
    assert "Dừng nhận tin." in admins
    assert "nguồn tin" not in answer


@pytest.mark.parametrize(
    "office", [Office(name="Xã Tân Lập", address_form="quý vị", contact="")], ids=["no contact"]
)
async def test_without_a_contact_none_is_named(town: Town) -> None:
    assert "Liên hệ" not in await town.person().say("/trogiup")
    assert "Liên hệ" not in await town.person().say("/nguon")

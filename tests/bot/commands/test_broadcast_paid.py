"""A notice to very many: faster for the office's money, only where it pays and only when asked."""

from dataclasses import replace

import pytest

from storage.database import Database
from storage.records import Bulletin, ChatKind
from tests.bot.commands.conftest import OFFICE
from tests.bot.commands.notices import a_draft, an_editor, bulletins
from tests.bot.commands.phone import Phone, Town
from tests.samples import at, joined

MANY = 241  # two minutes and more at two a second
FREE, PAID = "Gửi ngay", "Gửi nhanh, trả phí"


async def the_question(
    town: Town, database: Database, *, people: int, paid_per_second: float
) -> tuple[Phone, str]:
    office = replace(OFFICE, messages_per_second=2, paid_per_second=paid_per_second)
    phone = await an_editor(town, database)
    phone.desk = town.new_desk(database, office)
    async with database.transaction() as tx:
        for number in range(people):
            await joined(tx, at(town.bot_id, f"9{number:06}"), kind=ChatKind.PERSON)
    await a_draft(phone)
    return phone, await phone.press("Gửi")


@pytest.mark.parametrize(
    ("people", "paid_per_second"), [(MANY, 0), (240, 1000)], ids=["not set", "soon done anyhow"]
)
async def test_it_is_offered_only_where_it_is_worth_it(
    town: Town, database: Database, people: int, paid_per_second: float
) -> None:
    phone, question = await the_question(
        town, database, people=people, paid_per_second=paid_per_second
    )
    assert "Sao" not in question
    assert phone.labels == [FREE, "Quay lại"]


@pytest.mark.parametrize(("label", "is_paid"), [(FREE, False), (PAID, True)])
async def test_the_author_sees_time_and_price_and_chooses(
    town: Town, database: Database, label: str, *, is_paid: bool
) -> None:
    phone, question = await the_question(town, database, people=MANY, paid_per_second=1000)
    assert "miễn phí: khoảng 3\u00a0phút" in question
    assert "trả phí: khoảng 1\u00a0phút, Telegram trừ nhiều nhất 25\u00a0Sao" in question
    await phone.press(label)
    (bulletin,) = await the_bulletins(town, database)
    assert bulletin.is_paid is is_paid


async def the_bulletins(town: Town, database: Database) -> list[Bulletin]:
    return await bulletins(database, town.clock.now())

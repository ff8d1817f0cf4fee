"""The front desk on a real database, with a clock that stands still."""

import pytest

from bot.commands.command import Office
from bot.commands.dispatch import FrontDesk
from storage.database import Database
from tests.bot.commands.phone import StoppedClock, Town
from tests.samples import a_bot

OFFICE = Office(
    name="Đảng ủy xã Tân Lập", address_form="anh/chị", contact="đồng chí Mẫu, 0900 000 000"
)


@pytest.fixture
def office() -> Office:
    return OFFICE


@pytest.fixture
async def town(database: Database, office: Office) -> Town:
    clock = StoppedClock()
    bot_id = await a_bot(database)
    desk = FrontDesk(database=database, office=office, clock=clock, bot_id=bot_id)
    return Town(desk=desk, bot_id=bot_id, clock=clock)

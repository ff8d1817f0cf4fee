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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """How choices are made is one thing, where they are stored another: typed on SQLite alone."""
    needless = [item for item in items if _is_typed_on_postgresql(item)]
    if needless:
        config.hook.pytest_deselected(items=needless)
        items[:] = [item for item in items if not _is_typed_on_postgresql(item)]


def _is_typed_on_postgresql(item: pytest.Item) -> bool:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return params.get("database") == "postgresql" and params.get("buttons") is False


@pytest.fixture
def office() -> Office:
    return OFFICE


@pytest.fixture(params=[True, False], ids=["buttons", "typed"])
def buttons(request: pytest.FixtureRequest) -> bool:
    """The same conversation where choices are pressed and where they are typed."""
    has_buttons: bool = request.param
    return has_buttons


@pytest.fixture
async def town(database: Database, office: Office, *, buttons: bool) -> Town:
    clock = StoppedClock()
    bot_id = await a_bot(database)
    desk = FrontDesk(database=database, office=office, clock=clock, bot_id=bot_id, buttons=buttons)
    return Town(desk=desk, bot_id=bot_id, clock=clock, buttons=buttons)

"""`bantin move-database`: an office moves to a server and goes on there; or nothing happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import open_database
from storage.upgrade import upgrade
from tests.bot.cli.console import command_beside
from tests.bot.cli.office import OWNER, Office, an_office
from tests.bot.cli.terminal import CTRL_C, at_terminal
from tests.postgres import Postgres
from tests.program import ROOT, Ended, running

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
async def office(tmp_path: Path, migrated: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, migrated) as office:
        yield office


@pytest.fixture
async def server(postgres_server: Postgres, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database where nothing is."""
    yield await postgres_server.create(tmp_path.name, template="template0")
    await postgres_server.drop(tmp_path.name)


async def move_database(
    office: Office, *arguments: str, answers: str = "", **settings: str
) -> Ended:
    own = {f"BANTIN_{name.upper()}": value for name, value in settings.items()}
    return await command_beside(
        "move-database", *arguments, folder=office.folder, env=office.env | own, answers=answers
    )


async def sources_at(url: str) -> int:
    database = open_database(url)
    async with database.transaction() as tx:
        number = len(await tx.sources.all())
    await database.close()
    return number


async def test_what_waited_is_sent_from_the_server(office: Office, server: str) -> None:
    (office.folder / "notice.txt").write_text("Kính mời họp lúc 14 giờ.", "utf-8")
    (office.folder / "bantin.toml").write_text('office = "Xã Tân Lập"\n', "utf-8")
    await office.bantin("broadcast", "notice.txt", "--yes")
    moved = await move_database(office, server, "--yes")
    assert moved.code == 0, moved.err
    assert "Đã kiểm tra lại" in moved.out
    assert "BANTIN_DATABASE_URL đang được đặt" in moved.err
    written = (office.folder / "bantin.toml").read_text("utf-8")
    assert written == f'office = "Xã Tân Lập"\ndatabase_url = "{server}"\n'
    env = {name: each for name, each in office.env.items() if name != "BANTIN_DATABASE_URL"}
    async with running(office.folder, env):
        await office.server.telegram.until(
            lambda: bool(office.server.telegram.texts(OWNER.id)), seconds=60
        )
    (notice,) = office.server.telegram.texts(OWNER.id)
    assert "Kính mời họp" in notice


async def test_it_asks_before_it_moves_and_before_it_writes(office: Office, server: str) -> None:
    declined = await move_database(office, server, answers="\n")
    assert (declined.code, "Không thay đổi gì" in declined.err) == (1, True)
    moved = await move_database(office, answers=f"{server}\nc\n\n")
    assert moved.code == 0, moved.err
    assert "database_url = " in moved.out
    assert not (office.folder / "bantin.toml").exists()
    assert await sources_at(server) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+asyncpg://mai:hidden-word@127.0.0.1:1/bantin", "Không kết nối được"),
        ("postgresql://mai:hidden-word@127.0.0.1/bantin", "postgresql+asyncpg://"),
        ("postgresql+asyncpg://mai:hidden-word@127.0.0.1/x?sslmode=require", "không đọc được"),
    ],
    ids=["no server", "no address", "no parameter"],
)
async def test_an_address_that_leads_nowhere_is_one_sentence(
    office: Office, url: str, said: str
) -> None:
    refused = await move_database(office, url, "--yes")
    assert (refused.code, said in refused.err) == (1, True), refused.err
    assert "hidden-word" not in refused.out + refused.err


async def test_nothing_is_moved_to_where_it_is_or_from_where_nothing_is(
    office: Office, server: str, tmp_path: Path
) -> None:
    here = office.env["BANTIN_DATABASE_URL"]
    assert "chính nơi đó" in (await move_database(office, here, "--yes")).err
    nothing = f"sqlite+aiosqlite:///{tmp_path}/nothing.db"
    empty = await move_database(office, server, "--yes", database_url=nothing)
    assert (empty.code, "Chưa có dữ liệu" in empty.err) == (1, True)
    assert not (tmp_path / "nothing.db").exists()


async def test_a_running_bot_is_not_moved(office: Office, server: str) -> None:
    async with running(office.folder, office.env):
        await office.until_read()
        refused = await move_database(office, server, "--yes")
    assert (refused.code, "đang chạy" in refused.err) == (1, True)


@asynccontextmanager
async def stuck(server: str) -> AsyncIterator[None]:
    """Until the block ends, whoever writes messages there waits; it begins when somebody does."""
    database = open_database(server)
    async with database.engine.connect() as connection:
        await connection.execute(text("LOCK TABLE message IN ACCESS EXCLUSIVE MODE"))
        yield
    await database.close()


async def _until_stuck(server: str) -> None:
    database = open_database(server)
    async with asyncio.timeout(60), database.engine.connect() as connection:
        while not await connection.scalar(_WAITING):
            await connection.rollback()
    await database.close()


@pytest.mark.parametrize("how", ["killed", "Ctrl-C"])
async def test_broken_off_in_the_middle_it_leaves_the_target_empty(
    office: Office, server: str, how: str
) -> None:
    database = open_database(server)
    await upgrade(database)
    await database.close()
    arguments = ("move-database", server, "--yes")
    env = office.env | {"PYTHONPATH": str(ROOT)}
    async with at_terminal(*arguments, folder=office.folder, env=env) as terminal:
        async with stuck(server):
            await _until_stuck(server)
            if how == "killed":
                terminal.kill()
            else:
                terminal.types(CTRL_C)
                await terminal.sees("Không thay đổi gì")
        await terminal.ends()
    assert await sources_at(server) == 0
    again = await move_database(office, server, "--yes")
    assert again.code == 0, again.err
    assert await sources_at(server) == 1
    assert await sources_at(office.env["BANTIN_DATABASE_URL"]) == 1


async def test_on_a_terminal_a_bar_shows_how_far_it_is(office: Office, server: str) -> None:
    async with at_terminal("move-database", folder=office.folder, env=office.env) as terminal:
        await terminal.answers("Địa chỉ cơ sở dữ liệu mới", server)
        await terminal.answers("Chuyển dữ liệu từ", "c")
        await terminal.sees("Đã chuyển và kiểm tra")
        await terminal.answers("Ghi vào", "c")
        await terminal.sees("Dữ liệu cũ còn nguyên")
        assert await terminal.ends() == 0
    assert server in (office.folder / "bantin.toml").read_text("utf-8")

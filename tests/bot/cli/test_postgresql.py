"""Every command with a PostgreSQL server in the SQLite file's place."""

import json
import shlex
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.checks.finding import Level
from bot.cli.checks.server import drift
from storage.database import Database, open_database
from storage.upgrade import versions
from tests.bot.cli.console import command, command_beside
from tests.postgres import Postgres
from tests.program import Ended
from tests.samples import a_bot, a_source, a_subscriber, at, claimed

NOWHERE = "postgresql+asyncpg://mai:hidden-word@127.0.0.1:1/bantin"


def settings(url: str) -> dict[str, str]:
    return {"BANTIN_DATABASE_URL": url, "BANTIN_TELEGRAM_TOKEN": f"12345:{'x' * 35}"}


async def on(url: str, *arguments: str, folder: Path) -> Ended:
    return await command_beside(*arguments, folder=folder, env=settings(url))


@pytest.fixture
async def empty(postgres_server: Postgres, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database where nothing is."""
    yield await postgres_server.create(tmp_path.name, template="template0")
    await postgres_server.drop(tmp_path.name)


async def found_by_check(url: str, folder: Path) -> dict[str, dict[str, str]]:
    """What the checks that need no network found."""
    ended = await on(url, "check", "--json", folder=folder)
    assert "hidden-word" not in ended.out + ended.err
    return {each["check"]: each for each in json.loads(ended.out)["checks"]}


async def test_the_status_tells_who_works_it(postgresql: Database, tmp_path: Path) -> None:
    bot_id = await a_bot(postgresql)
    await a_subscriber(postgresql, at(bot_id, "1"))
    await a_source(postgresql)
    before = await on(postgresql.url, "status", folder=tmp_path)
    await claimed(postgresql, bot_id)
    after = await on(postgresql.url, "status", folder=tmp_path)
    assert "Bản tin không chạy" in before.out
    assert "Người nhận: 1" in before.out
    assert "Cổng thông tin xã Tân Lập" in before.out
    assert "Bản tin đang chạy, 1 chương trình: test." in after.out


async def test_to_look_at_an_empty_database_makes_nothing_in_it(
    empty: str, tmp_path: Path
) -> None:
    for arguments in (("status",), ("source", "list"), ("check",)):
        ended = await on(empty, *arguments, folder=tmp_path)
        assert "Traceback" not in ended.err
    assert "Đã tạo" in (await on(empty, "upgrade", folder=tmp_path)).out
    assert "mới nhất" in (await on(empty, "upgrade", folder=tmp_path)).out


@pytest.mark.parametrize(
    "arguments",
    [("run",), ("status",), ("upgrade",), ("source", "list"), ("init", "--owner-code")],
    ids=" ".join,
)
def test_a_server_that_cannot_be_reached_is_one_sentence(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    ended = command(*arguments, folder=tmp_path, env=settings(NOWHERE))
    assert ended.code == 1
    assert "Không kết nối được tới máy chủ cơ sở dữ liệu PostgreSQL" in ended.err
    assert "hidden-word" not in ended.out + ended.err


async def test_a_copy_is_made_and_restored_with_the_servers_own_tools(
    postgres_server: Postgres, postgresql: Database, tmp_path: Path
) -> None:
    """By the very lines that it says."""
    await a_source(postgresql)
    other = open_database(await postgres_server.create("restored"))
    for database, subcommand in ((postgresql, "backup"), (other, "restore")):
        told = await on(database.url, subcommand, "my copy.dump", folder=tmp_path)
        assert told.code == 1
        tool, *arguments = shlex.split(told.err.splitlines()[-1])
        done = subprocess.run(  # noqa: ASYNC221, S603 - what the person would type
            [postgres_server.server.bin_path / tool, *arguments],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    async with other.transaction() as tx:
        assert len(await tx.sources.all()) == 1
    await other.close()
    await postgres_server.drop("restored")


async def test_the_servers_tools_are_told_without_the_password(tmp_path: Path) -> None:
    for subcommand in ("backup", "restore"):
        told = await on(NOWHERE, subcommand, "copy", folder=tmp_path)
        assert "postgresql://mai@127.0.0.1:1/bantin" in told.err
        assert "hidden-word" not in told.err


async def test_the_doctor_looks_at_the_server(postgresql: Database, tmp_path: Path) -> None:
    await a_bot(postgresql)
    found = await found_by_check(postgresql.url, tmp_path)
    assert found["database"]["level"] == "ok"
    assert "PostgreSQL 18, " in found["database"]["found"]
    assert versions()[0] in found["database"]["found"]
    assert found["server_clock"]["level"] == "ok"
    assert "không chạy ở máy nào" in found["program"]["found"]
    assert found["deliveries"]["level"] == "ok"
    assert "damage" not in found


@pytest.mark.parametrize(
    ("version", "said"),
    [("0001", "bantin upgrade"), ("9999", "phiên bản bantin mới nhất")],
    ids=["older", "newer"],
)
async def test_the_doctor_says_which_version_it_is(
    postgresql: Database, tmp_path: Path, version: str, said: str
) -> None:
    async with postgresql.engine.begin() as connection:
        await connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))  # noqa: S608
    found = await found_by_check(postgresql.url, tmp_path)
    assert found["database"]["level"] == "critical"
    assert said in found["database"]["advice"]
    assert "deliveries" not in found


async def test_the_doctor_finds_no_server_and_nothing_in_a_new_one(
    empty: str, tmp_path: Path
) -> None:
    assert "Không kết nối được" in (await found_by_check(NOWHERE, tmp_path))["database"]["found"]
    assert "bantin upgrade" in (await found_by_check(empty, tmp_path))["database"]["advice"]


@pytest.mark.parametrize(
    ("ahead", "answer", "level", "said"),
    [
        (0.0, 0.0, Level.OK, "cùng giờ"),
        (1.9, 0.0, Level.OK, "cùng giờ"),
        (-1.9, 0.0, Level.OK, "cùng giờ"),
        (3.0, 0.0, Level.WARNING, "nhanh 3 giây"),
        (-8.0, 0.0, Level.WARNING, "chậm 8 giây"),
        (5.0, 6.0, Level.OK, "cùng giờ"),
    ],
    ids=["right", "nearly", "nearly the other way", "fast", "slow", "a slow answer"],
)
def test_a_clock_that_is_not_the_servers_is_a_warning(
    ahead: float, answer: float, level: Level, said: str
) -> None:
    finding = drift(timedelta(seconds=ahead), answer=timedelta(seconds=answer))
    assert (finding.level, said in finding.found) == (level, True)

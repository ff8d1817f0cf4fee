"""`bantin run`, `upgrade`, `status`: what stops them is one sentence, and nothing is lost."""

import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.problem import sentence_for
from bot.rehearsal.server import PortTaken, RehearsalServer
from jobs.clock import SystemClock
from storage.database import open_database
from storage.problems import DatabaseProblem
from tests.bot.cli.console import command, command_beside
from tests.program import bantin, environment, for_rehearsal, log_of, running
from tests.samples import a_bot, a_source, a_subscriber, at

CLOCK = SystemClock()
TOKEN = "12345:" + "x" * 35
TOKEN_SET = {"BANTIN_TELEGRAM_TOKEN": TOKEN}


def test_without_a_token_it_says_what_to_do(tmp_path: Path) -> None:
    ended = command("run", folder=tmp_path)
    assert ended.code == 1
    assert "bantin init" in ended.err


@pytest.mark.parametrize("subcommand", ["run", "status", "upgrade"])
def test_a_wrong_setting_stops_it_before_anything_is_made(tmp_path: Path, subcommand: str) -> None:
    env = {"BANTIN_POLL_INTERVAL_SECONDS": "mười", "BANTIN_TELEGRAM_TOKEN": "hunter2"}
    ended = command(subcommand, folder=tmp_path, env=env)
    assert ended.code == 1
    assert "poll_interval_seconds" in ended.err
    assert "“mười”" in ended.err
    assert "từ 1 đến 86400" in ended.err
    assert "telegram_token" in ended.err
    assert "hunter2" not in ended.err
    assert list(tmp_path.iterdir()) == []


async def test_as_a_program_it_ends_with_a_sentence_too(tmp_path: Path) -> None:
    env = environment(tmp_path, telegram_token=TOKEN, log_level="LOUD")
    ended = await bantin("run", folder=tmp_path, env=env)
    assert (ended.code, ended.out) == (1, "")
    assert "log_level" in ended.err
    assert len(ended.err.splitlines()) == 1


def a_newer_database(path: Path) -> None:
    command("upgrade", folder=path.parent)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def no_database(path: Path) -> None:
    path.write_text("Đây là một tệp văn bản.\n" * 100, "utf-8")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("made", "told"),
    [(a_newer_database, "mới hơn"), (no_database, "hỏng"), (a_folder, "Không mở được")],
    ids=["newer than the program", "no database", "a folder"],
)
def test_a_database_that_cannot_be_used_is_left_as_it_is(
    tmp_path: Path, made: object, told: str
) -> None:
    path = tmp_path / "bantin.db"
    assert callable(made)
    made(path)
    before = path.is_file() and path.read_bytes()
    for arguments in (("run",), ("status",), ("upgrade",), ("source", "list")):
        ended = command(*arguments, folder=tmp_path, env=TOKEN_SET)
        assert (ended.code, told in ended.err) == (1, True), ended.err
    assert (path.is_file() and path.read_bytes()) == before


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(["mount", *options], check=False, capture_output=True)  # noqa: S603, S607 - fixed words
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if mounted.returncode:
        pytest.skip("a file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 - fixed words


def stored_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bantin.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM topic").fetchone()[0])


def test_a_full_disk_loses_nothing(disk: Path) -> None:
    assert command("upgrade", folder=disk).code == 0
    topics = stored_in(disk)
    with (disk / "fill").open("wb", buffering=0) as fill, pytest.raises(OSError, match="space"):
        while True:
            fill.write(bytes(4096))
    for arguments in (("run",), ("init", "--owner-code")):
        ended = command(*arguments, folder=disk, env=TOKEN_SET)
        assert (ended.code, "đĩa" in ended.err) == (1, True), ended.err
    (disk / "fill").unlink()
    assert stored_in(disk) == topics
    assert command("status", folder=disk).code == 0


def test_a_read_only_disk_is_said_in_one_sentence(disk: Path) -> None:
    assert command("upgrade", folder=disk).code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)  # noqa: S603, S607 - fixed words
    for arguments in (("run",), ("status",), ("upgrade",)):
        ended = command(*arguments, folder=disk, env=TOKEN_SET)
        assert (ended.code, "quyền" in ended.err) == (1, True), ended.err


def test_an_upgrade_says_what_it_did(tmp_path: Path) -> None:
    first = command("upgrade", folder=tmp_path)
    assert (first.code, "Đã tạo" in first.out) == (0, True)
    second = command("upgrade", folder=tmp_path)
    assert (second.code, "mới nhất" in second.out) == (0, True)


def test_the_status_of_an_empty_folder(tmp_path: Path) -> None:
    ended = command("status", folder=tmp_path)
    assert ended.code == 0
    assert "chưa có bantin.toml" in ended.out
    assert "Chưa có dữ liệu" in ended.out
    assert list(tmp_path.iterdir()) == []  # to look makes nothing


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now) as server:
        yield server


async def test_the_status_tells_whether_it_runs(tmp_path: Path, server: RehearsalServer) -> None:
    await command_beside("upgrade", folder=tmp_path)
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bantin.db")
    bot_id = await a_bot(database)
    await a_subscriber(database, at(bot_id, "700001"))
    await a_source(database, server.portal_url)
    await database.close()
    async with running(tmp_path, for_rehearsal(tmp_path, server)) as process:
        while "Đọc tốt" not in (status := await command_beside("status", folder=tmp_path)).out:
            assert process.returncode is None
        assert status.code == 0
        assert "Bản tin đang chạy" in status.out
        assert "Người nhận: 1" in status.out
        process.terminate()
        assert await process.wait() == 0
    assert "Đã dừng" in log_of(tmp_path).read_text("utf-8")
    assert "không chạy" in (await command_beside("status", folder=tmp_path)).out


def test_errors_of_tasks_that_come_in_groups_are_found() -> None:
    group = ExceptionGroup("tasks", [ValueError(), ExceptionGroup("", [DatabaseProblem("Đầy.")])])
    assert sentence_for(group) == "Đầy."
    assert sentence_for(ExceptionGroup("tasks", [ValueError()])) is None
    assert "8765" in (sentence_for(PortTaken(8765)) or "")

"""A copy of the database is whole, is nobody else's to read, and can take its place."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import back_up, restore
from storage.database import Database, open_database
from storage.problems import DatabaseProblem
from storage.upgrade import upgrade
from tests.samples import a_bot, a_source, a_subscriber, at


async def names_in(path: Path) -> list[str]:
    database = open_database(f"sqlite+aiosqlite:///{path}")
    await upgrade(database)
    async with database.transaction() as tx:
        names = [source.name for source in await tx.sources.all()]
    await database.close()
    return names


async def test_a_copy_made_beside_a_running_program_is_whole(
    tmp_path: Path, sqlite: Database
) -> None:
    await a_source(sqlite)  # is in the -wal only
    path, copy = tmp_path / "bantin.db", tmp_path / "copy.db"
    assert back_up(path, copy) == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    assert await names_in(copy) == ["Cổng thông tin xã Tân Lập"]
    await a_subscriber(sqlite, at(await a_bot(sqlite), "1"))  # it goes on


async def test_nothing_is_overwritten(tmp_path: Path, sqlite: Database) -> None:
    await a_source(sqlite)
    copy = tmp_path / "copy.db"
    copy.write_text("something else", "utf-8")
    with pytest.raises(FileExistsError):
        back_up(tmp_path / "bantin.db", copy)
    assert copy.read_text("utf-8") == "something else"


def test_what_went_wrong_leaves_no_half_copy(tmp_path: Path) -> None:
    (tmp_path / "bantin.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseProblem):
        back_up(tmp_path / "bantin.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


async def test_a_copy_takes_the_place_of_what_was_there_which_is_kept(
    tmp_path: Path, migrated: Path
) -> None:
    path, copy, aside = (tmp_path / name for name in ("bantin.db", "copy.db", "old.db"))
    shutil.copy(migrated, path)
    database = open_database(f"sqlite+aiosqlite:///{path}")
    await a_source(database)
    back_up(path, copy)
    async with database.transaction() as tx:
        await tx.sources.remove(1, (await tx.sources.all())[0].created_at)
    killed = shutil.copytree(tmp_path, tmp_path / "killed")  # as a kill leaves it, with its -wal
    await database.close()
    path = killed / "bantin.db"
    restore(copy, path, aside=aside)
    assert path.stat().st_mode & 0o777 == 0o600
    assert await names_in(path) == ["Cổng thông tin xã Tân Lập"]
    assert await names_in(aside) == []  # with its own -wal


async def test_a_broken_database_can_be_replaced(tmp_path: Path, sqlite: Database) -> None:
    await a_source(sqlite)
    back_up(tmp_path / "bantin.db", tmp_path / "copy.db")
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"\xff" * 100_000)
    restore(tmp_path / "copy.db", broken, aside=tmp_path / "aside.db")
    assert await names_in(broken) == ["Cổng thông tin xã Tân Lập"]


@pytest.mark.parametrize("what", ["nothing", "rubbish", "another program's", "damaged"])
def test_what_is_no_backup_of_ours_changes_nothing(
    tmp_path: Path, migrated: Path, what: str
) -> None:
    source, path = tmp_path / "source.db", tmp_path / "bantin.db"
    path.write_bytes(migrated.read_bytes())
    match what:
        case "rubbish":
            source.write_bytes(b"rubbish" * 1000)
        case "another program's":
            with closing(sqlite3.connect(source, isolation_level=None)) as connection:
                connection.execute("CREATE TABLE other (id)")
        case "damaged":
            content = bytearray(migrated.read_bytes())
            content[4096 * 20 :] = b"\xff" * (len(content) - 4096 * 20)
            source.write_bytes(content)
        case _:
            pass
    with pytest.raises(DatabaseProblem):
        restore(source, path, aside=tmp_path / "aside.db")
    assert path.read_bytes() == migrated.read_bytes()

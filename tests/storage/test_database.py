"""Transactions, and a database that cannot be used."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from jobs.fan_out import fan_out_ready
from storage.database import Database, open_database
from storage.problems import AlreadyThere, DatabaseProblem
from storage.records import NewSource, SourceKind
from storage.repositories.claims import Claims
from storage.upgrade import upgrade
from tests.samples import NOW, a_bot, a_bulletin, a_source, a_subscriber, at

SOURCE = NewSource(
    name="Cổng", url="https://tanlap.example/", kind=SourceKind.FEED, topics={"": 1}
)


async def test_a_transaction_that_raises_keeps_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.sources.add(SOURCE, NOW)
            raise ZeroDivisionError
    async with database.transaction() as tx:
        assert await tx.sources.all() == []


async def test_a_source_that_is_there_is_refused_and_the_rest_is_kept(database: Database) -> None:
    await a_source(database, SOURCE.url)
    async with database.transaction() as tx:
        with pytest.raises(AlreadyThere):
            await tx.sources.add(SOURCE, NOW)
        await tx.audit.record("kept", at=NOW)
    async with database.transaction() as tx:
        assert len(await tx.sources.all()) == 1
        assert [entry.action for entry in await tx.audit.newest(9)] == ["kept"]


async def test_a_removed_source_may_be_added_again(database: Database) -> None:
    source = await a_source(database, SOURCE.url)
    async with database.transaction() as tx:
        await tx.sources.remove(source, NOW)
        assert await tx.sources.all() == []
        assert (await tx.sources.add(SOURCE, NOW)).id != source


async def test_a_transaction_inside_a_transaction_fails_at_once(database: Database) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError):
            async with database.transaction():
                pass


async def test_claims_that_raise_keep_nothing_and_the_next_ones_go_on(database: Database) -> None:
    bot_id = await a_bot(database)
    await a_subscriber(database, at(bot_id, "1"))
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    async with database.transaction() as tx:
        process = await tx.processes.begin("test", NOW, ttl=timedelta(minutes=1))

    def claim(claims: Claims) -> int:
        return len(claims.claim(process, bot_id, 9, now=NOW, least_urgent=2))

    def claim_and_fail(claims: Claims) -> None:
        assert claim(claims) == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.claims(claim_and_fail)
    assert await database.claims(claim) == 1
    assert await database.claims(claim) == 0


async def test_claims_inside_a_transaction_fail_at_once(database: Database) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError):
            await database.claims(lambda claims: claims.release(1, [1]))


async def test_claims_of_a_deleted_file_are_refused(sqlite: Database) -> None:
    await sqlite.claims(lambda claims: claims.release(1, [1]))
    Path(str(sqlite.engine.url.database)).unlink()  # noqa: ASYNC240 - nothing else runs
    with pytest.raises(DatabaseProblem):
        await sqlite.claims(lambda claims: claims.release(1, [1]))


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        async with database.transaction() as tx:
            await tx.sources.add(SOURCE, datetime(2026, 1, 1))  # noqa: DTZ001 - the point


async def test_a_character_that_postgresql_cannot_hold_is_left_out(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.audit.record("a\0b", at=NOW)

    async with database.transaction() as tx:
        assert [entry.action for entry in await tx.audit.newest(9)] == ["ab"]


async def test_sqlite_is_opened_as_the_outbox_needs_it(sqlite: Database) -> None:
    async with sqlite.engine.connect() as connection:
        for pragma, value in {"journal_mode": "wal", "foreign_keys": 1}.items():
            assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
        assert (await connection.scalar(text("PRAGMA busy_timeout")) or 0) >= 1000


async def _opened(url: str) -> None:
    database = open_database(url)
    try:
        await upgrade(database)
    finally:
        await database.close()


async def test_a_file_that_is_no_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bantin.db"
    path.write_bytes("Đây là một tệp văn bản, không phải cơ sở dữ liệu.\n".encode() * 100)
    before = path.read_bytes()
    with pytest.raises(DatabaseProblem, match="hỏng"):
        await _opened(f"sqlite+aiosqlite:///{path}")
    assert path.read_bytes() == before


async def test_a_folder_that_does_not_exist_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="Không mở được"):
        await _opened(f"sqlite+aiosqlite:///{tmp_path}/none/bantin.db")


@pytest.mark.parametrize("url", ["", "bantin.db", "mysql+nothing://x:secret@y/z"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseProblem) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


async def test_a_read_only_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bantin.db"
    await _opened(f"sqlite+aiosqlite:///{path}")
    database = open_database(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseProblem, match="chỉ đọc"):
        async with database.transaction() as tx:
            await tx.sources.add(SOURCE, NOW)
    await database.close()


async def test_a_full_disk_is_said_in_one_sentence_and_nothing_is_lost(
    sqlite: Database,
) -> None:
    await a_source(sqlite)
    with pytest.raises(DatabaseProblem, match="đầy"):
        async with sqlite.transaction() as tx:
            # what SQLite does when no page can be added: the disk's end, drawn nearer
            await tx.audit._session.execute(text("PRAGMA max_page_count=1"))  # noqa: SLF001
            for number in range(2000):
                await tx.audit.record("x" * 4000, at=NOW, target=str(number))
    async with sqlite.transaction() as tx:
        assert len(await tx.sources.all()) == 1
        assert await tx.audit.newest(1) == []


async def test_a_file_that_is_deleted_or_replaced_while_running_is_noticed(
    sqlite: Database, tmp_path: Path
) -> None:
    await a_source(sqlite)
    path = tmp_path / "bantin.db"
    path.rename(tmp_path / "moved.db")
    with pytest.raises(DatabaseProblem, match="đã bị xóa hoặc thay"):
        await a_source(sqlite, "https://b.example/")
    path.write_bytes(b"")
    with pytest.raises(DatabaseProblem, match="đã bị xóa hoặc thay"):
        await a_source(sqlite, "https://b.example/")

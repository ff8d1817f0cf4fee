"""Carries everything from one database into another one, which is empty, and checks it there."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, open_database
from storage.models import Base, ProcessRow
from storage.problems import DatabaseProblem, translated
from storage.single import alone
from storage.upgrade import upgrade_on, version_on, versions

_AT_A_TIME = 1000  # rows in memory
_LARGE_AT_A_TIME = 20  # of those that hold a page

Rows = Sequence[RowMapping]


class Step(StrEnum):
    COPY = "copy"
    CHECK = "check"


Show = Callable[[Step, int, int], None]  # rows done, of how many


@dataclass(slots=True)
class _Content:
    """How many rows, and a number that any other row or value changes, whatever their order."""

    rows: int = 0
    number: int = 0

    def add(self, some: Rows) -> None:
        for row in some:
            told = repr([_told(value) for value in row.values()]).encode()
            digest = hashlib.blake2b(told, digest_size=16).digest()
            self.number = (self.number + int.from_bytes(digest)) % 2**128
        self.rows += len(some)


async def move(source: Database, target: Database, show: Show) -> dict[str, int]:
    """How many rows each table has. It is one transaction: all is in the target, or nothing.

    Nobody may work either of them meanwhile. Raises DatabaseProblem.
    """
    is_server = not (source.is_sqlite and target.is_sqlite)
    async with AsyncExitStack() as stack:
        stack.enter_context(translated(is_server=is_server))
        stack.enter_context(alone(source))
        stack.enter_context(alone(target))
        old = await stack.enter_async_context(_looking_at(source))
        await _must_be_ready(old)
        new = await stack.enter_async_context(_changing(target))
        await _make_room(new)
        return await _Carriage(old, new, show).carry()


class _Carriage:
    def __init__(self, old: AsyncConnection, new: AsyncConnection, show: Show) -> None:
        self._old = old
        self._new = new
        self._show = show
        self._tables = Base.metadata.sorted_tables  # what others refer to comes first
        self._total = 0

    async def carry(self) -> dict[str, int]:
        for table in self._tables:
            rows = await self._old.scalar(select(func.count()).select_from(table))
            self._total += rows or 0
        carried: dict[Table, _Content] = {}
        for table in self._tables:
            carried[table] = await self._copy(table, done=_rows_in(carried))
        checked: dict[Table, _Content] = {}
        for table, expected in carried.items():
            checked[table] = await self._read_back(table, done=_rows_in(checked))
            if checked[table] != expected:
                raise DatabaseProblem(
                    f"Dữ liệu chép sang không khớp ở bảng {table.name} "
                    f"({checked[table].rows}/{expected.rows} dòng). Không thay đổi gì."
                )
            await _go_on_counting(self._old, self._new, table)
        if _is_postgresql(self._new):
            await self._new.execute(text("ANALYZE"))  # else it would be slow at first
        return {table.name: content.rows for table, content in carried.items()}

    async def _copy(self, table: Table, *, done: int) -> _Content:
        content = _Content()
        # what refers to another row of the table follows when all of them are there
        inner = [each for each in table.c if any(map(each.references, table.primary_key))]
        later = dict.fromkeys(column.name for column in inner)
        async for some in _batches(self._old, table):
            content.add(some)
            try:
                with translated(is_server=True):
                    await self._new.execute(insert(table), [{**row, **later} for row in some])
            except DBAPIError as error:
                raise DatabaseProblem(
                    f"Bảng {table.name} có giá trị mà cơ sở dữ liệu đích không nhận. "
                    "Không thay đổi gì. Hãy gửi dòng này cho người phát triển."
                ) from error
            self._show(Step.COPY, done + content.rows, self._total)
        for column in inner:
            await self._refer(table, column)
        return content

    async def _refer(self, table: Table, column: "Column[Any]") -> None:
        (key,) = table.primary_key
        setting = update(table).where(key == bindparam("which")).values({column: bindparam("to")})
        async for some in _batches(self._old, table):
            refers = [
                {"which": row[key.name], "to": row[column.name]}
                for row in some
                if row[column.name] is not None
            ]
            if refers:
                await self._new.execute(setting, refers)

    async def _read_back(self, table: Table, *, done: int) -> _Content:
        content = _Content()
        async for some in _batches(self._new, table):
            content.add(some)
            self._show(Step.CHECK, done + content.rows, self._total)
        return content


@asynccontextmanager
async def _looking_at(database: Database) -> AsyncIterator[AsyncConnection]:
    """All of it as it stood at one moment; an SQLite file is not changed by others meanwhile."""
    patient = database.opened_again(patience=None)
    try:
        async with patient.engine.connect() as connection:
            if _is_postgresql(connection):
                await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection
    finally:
        await patient.close()


@asynccontextmanager
async def _changing(database: Database) -> AsyncIterator[AsyncConnection]:
    """Kept when the block ends, and nothing of it when it raises."""
    patient = database.opened_again(patience=None)
    try:
        async with patient.engine.begin() as connection:
            yield connection
    finally:
        await patient.close()


async def _must_be_ready(old: AsyncConnection) -> None:
    """At the newest version, and nobody works it. Raises DatabaseProblem."""
    if await old.run_sync(version_on) != versions()[0]:
        raise DatabaseProblem(
            "Dữ liệu đang có chưa ở phiên bản mới nhất. Hãy chạy bantin upgrade trước."
        )
    if _is_postgresql(old):  # of an SQLite file the lock has told
        living = select(ProcessRow.id).where(ProcessRow.alive_until > func.clock_timestamp())
        if await old.scalar(living.limit(1)) is not None:
            raise DatabaseProblem("Bản tin đang chạy với dữ liệu này. Hãy dừng Bản tin trước.")


async def _make_room(new: AsyncConnection) -> None:
    """Our tables, without a row. Raises DatabaseProblem where anything else is in them."""
    version = await new.run_sync(version_on)
    there = await new.run_sync(_tables_on)
    if there and version is None:
        raise DatabaseProblem(_NOT_EMPTY)
    await new.run_sync(upgrade_on)
    fresh = await _as_migrated()
    for table in reversed(Base.metadata.sorted_tables):
        found = _Content()
        async for some in _batches(new, table):
            found.add(some)
            if found.rows > fresh[table.name].rows:
                break
        if found != fresh[table.name]:
            raise DatabaseProblem(_NOT_EMPTY)
        await new.execute(delete(table))


def _tables_on(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


_NOT_EMPTY = (
    "Cơ sở dữ liệu đích đã có dữ liệu nên không chép vào. "
    "Hãy tạo một cơ sở dữ liệu mới, trống, rồi chạy lại."
)


async def _as_migrated() -> dict[str, _Content]:
    """What every office begins with, by table."""
    database = open_database("sqlite+aiosqlite://")
    contents = {table.name: _Content() for table in Base.metadata.sorted_tables}
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade_on)
        for table in Base.metadata.sorted_tables:
            async for some in _batches(connection, table):
                contents[table.name].add(some)
    await database.close()
    return contents


async def _batches(connection: AsyncConnection, table: Table) -> AsyncIterator[Rows]:
    is_large = any(isinstance(column.type, LargeBinary) for column in table.c)
    at_a_time = _LARGE_AT_A_TIME if is_large else _AT_A_TIME
    result = await connection.stream(select(table), execution_options={"yield_per": at_a_time})
    async for some in result.mappings().partitions():
        yield some


async def _go_on_counting(old: AsyncConnection, new: AsyncConnection, table: Table) -> None:
    """An id that was given out is not given out again, though its row was deleted."""
    key = table.autoincrement_column
    if key is None or not isinstance(key.type, Integer):
        return
    highest = await _highest(old, table, key)
    if _is_postgresql(new):
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        await new.execute(select(func.setval(sequence, max(highest, 1), highest > 0)))
    elif _counts_apart(table):
        of_table = {"name": table.name}
        await new.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), of_table)
        counting = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")
        await new.execute(counting, {**of_table, "seq": highest})


async def _highest(old: AsyncConnection, table: Table, key: "Column[Any]") -> int:
    """0 when no id was given out yet."""
    there: int = await old.scalar(select(func.coalesce(func.max(key), 0))) or 0
    given: int | None = None
    if _is_postgresql(old):
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        given = await old.scalar(select(func.pg_sequence_last_value(func.to_regclass(sequence))))
    elif _counts_apart(table):
        counted = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        given = await old.scalar(counted, {"name": table.name})
    return max(there, given or 0)


def _counts_apart(table: Table) -> bool:
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _is_postgresql(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "postgresql"


def _rows_in(contents: Mapping[Table, _Content]) -> int:
    return sum(each.rows for each in contents.values())


def _told(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case str():
            return value.replace("\0", "")  # is dropped on the way
        case _:
            return value

"""Looks at a PostgreSQL database without changing it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.checkup import Fit, file_of, fit_of
from storage.database import Database
from storage.problems import translated
from storage.upgrade import version_on

OLDEST = 14  # older ones are no longer mended; postgresql.org/support/versioning, 2026-11


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    release: int  # of PostgreSQL: 18
    is_standby: bool  # it only reads
    version: str  # "" where our tables are not there
    fit: Fit
    size_bytes: int


async def state_of_server(database: Database) -> ServerState:
    """Raises DatabaseProblem."""
    async with _looking_at(database) as connection:
        version = await connection.run_sync(version_on) or ""
        number = int(await connection.scalar(text("SHOW server_version_num")) or 0)
        size = func.pg_database_size(func.current_database())
        return ServerState(
            release=number // 10_000,
            is_standby=bool(await connection.scalar(select(func.pg_is_in_recovery()))),
            version=version,
            fit=fit_of(version),
            size_bytes=await connection.scalar(select(size)) or 0,
        )


async def time_at(database: Database) -> datetime:
    """By the server's clock, which all processes share. Raises DatabaseProblem."""
    async with _looking_at(database) as connection:
        moment: datetime = (await connection.scalars(select(func.clock_timestamp()))).one()
        return moment.astimezone(UTC)


async def is_there(database: Database) -> bool:
    """Whether anything was ever stored: to look must create nothing. Raises DatabaseProblem."""
    if not database.is_sqlite:
        return bool((await state_of_server(database)).version)
    path = file_of(database)
    return path is None or path.exists()


@asynccontextmanager
async def _looking_at(database: Database) -> AsyncIterator[AsyncConnection]:
    with translated(is_server=not database.is_sqlite):
        async with database.engine.connect() as connection:
            yield connection

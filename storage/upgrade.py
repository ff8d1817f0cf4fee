"""Brings the schema to the newest version."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import BUSY_TIMEOUT_MS, Database
from storage.problems import DatabaseProblem, translated

_UPGRADING = 1_651_079_785  # any number that all processes share


async def upgrade(database: Database) -> tuple[str | None, str]:
    """The version before (None for an empty database) and after. Raises DatabaseProblem."""
    with translated(is_server=not database.is_sqlite):
        await asyncio.to_thread(_look_at_the_file, database)
        async with _patiently(database) as patient, patient.engine.begin() as connection:
            return await connection.run_sync(upgrade_on)


@asynccontextmanager
async def _patiently(database: Database) -> AsyncIterator[Database]:
    """The same; but to change a large table, or to wait for who does, takes what it takes."""
    if database.is_sqlite:
        yield database
        return
    patient = database.opened_again(patience=None)
    try:
        yield patient
    finally:
        await patient.close()


def _look_at_the_file(database: Database) -> None:
    """Whether it opens and is a database.

    Where it does not, aiosqlite's thread would outlive the event loop and say so in a traceback.
    """
    path = database.engine.url.database
    if database.is_sqlite and path:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            connection.execute("PRAGMA schema_version")


def versions() -> list[str]:
    """All that this program knows, the newest first."""
    scripts = ScriptDirectory.from_config(_config())
    known = [script.revision for script in scripts.walk_revisions()]
    if not known:
        raise RuntimeError("the program was installed without its migrations")
    return known


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def version_on(connection: Connection) -> str | None:
    """None for a database without our tables."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_on(connection: Connection) -> tuple[str | None, str]:
    """`upgrade`, as a part of the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":  # several processes may start at once
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADING})"))
    known = versions()
    newest = known[0]
    before = version_on(connection)
    if before is not None and before not in known:
        raise DatabaseProblem(
            "Cơ sở dữ liệu này thuộc một phiên bản bantin mới hơn. "
            "Hãy cài phiên bản mới rồi chạy lại."
        )
    if before != newest:
        command.upgrade(config, "head")
    return before, newest

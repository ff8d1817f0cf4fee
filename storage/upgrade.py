"""Brings the schema to the newest version."""

import asyncio
import sqlite3
from contextlib import closing

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import BUSY_TIMEOUT_MS, Database
from storage.problems import DatabaseProblem, translated


async def upgrade(database: Database) -> tuple[str | None, str]:
    """The version before (None for an empty database) and after. Raises DatabaseProblem."""
    with translated():
        await asyncio.to_thread(_look_at_the_file, database)
        async with database.engine.begin() as connection:
            return await connection.run_sync(_upgrade)


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


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    config = _config()
    config.attributes["connection"] = connection
    known = versions()
    newest = known[0]
    before = MigrationContext.configure(connection).get_current_revision()
    if before is not None and before not in known:
        raise DatabaseProblem(
            "Cơ sở dữ liệu này thuộc một phiên bản bantin mới hơn. "
            "Hãy cài phiên bản mới rồi chạy lại."
        )
    if before != newest:
        command.upgrade(config, "head")
    return before, newest

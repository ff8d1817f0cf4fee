"""Brings the schema to the newest version."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database
from storage.problems import DatabaseProblem, translated


async def upgrade(database: Database) -> tuple[str | None, str]:
    """The version before (None for an empty database) and after. Raises DatabaseProblem."""
    with translated():
        async with database.engine.begin() as connection:
            return await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    if newest is None:
        raise RuntimeError("the program was installed without its migrations")
    before = MigrationContext.configure(connection).get_current_revision()
    if before is not None and before not in {s.revision for s in scripts.walk_revisions()}:
        raise DatabaseProblem(
            "Cơ sở dữ liệu này thuộc một phiên bản bantin mới hơn. "
            "Hãy cài phiên bản mới rồi chạy lại."
        )
    if before != newest:
        command.upgrade(config, "head")
    return before, newest

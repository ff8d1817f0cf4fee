"""A real database, migrated, for every test that asks for it: SQLite, and PostgreSQL."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from storage.database import Database, open_database
from storage.upgrade import upgrade
from tests.postgres import Postgres, postgres

# as open_bot does: whichever test comes first, PTB says its waits in the same way
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")
os.environ["PTB_TIMEDELTA"] = "true"  # noqa: TID251 - PTB reads it nowhere else


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest version, made once and copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "bantin.db"
    asyncio.run(_migrate(path))
    return path


async def _migrate(path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{path}")
    await upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as started:
        asyncio.run(started.prepare())
        yield started


@pytest.fixture
async def sqlite(tmp_path: Path, migrated: Path) -> AsyncIterator[Database]:
    path = shutil.copy(migrated, tmp_path / "bantin.db")
    database = open_database(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


@pytest.fixture
async def postgresql(postgres_server: Postgres, tmp_path: Path) -> AsyncIterator[Database]:
    name = tmp_path.name  # one of its own for each test
    database = open_database(await postgres_server.create(name))
    yield database
    await database.close()
    await postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on each store."""
    opened: Database = request.getfixturevalue(request.param)
    return opened

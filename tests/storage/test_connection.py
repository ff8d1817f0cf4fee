"""A line to PostgreSQL that breaks, a server that restarts: waited out, nothing taken for done."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from storage.problems import DatabaseBusy, DatabaseProblem
from storage.records import Platform
from storage.upgrade import upgrade
from tests.postgres import Postgres
from tests.relay import Relay, relayed

SHORT = timedelta(seconds=1)  # a lost line costs a test that much


@pytest.fixture
async def relay(postgres_server: Postgres) -> AsyncIterator[Relay]:
    with tempfile.TemporaryDirectory(prefix="line") as folder:
        async with relayed(postgres_server.sockets, Path(folder)) as opened:
            yield opened


@pytest.fixture
async def far(
    postgres_server: Postgres, postgresql: Database, relay: Relay
) -> AsyncIterator[Database]:
    """The same database, over the line."""
    name = postgresql.engine.url.database or ""
    database = open_database(postgres_server.url(name, sockets=relay.address), patience=SHORT)
    yield database
    relay.swallows = False
    await database.close()


async def _bots(database: Database) -> int:
    async with database.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM bot")) or 0)


async def _add(database: Database, meanwhile: Callable[[], Awaitable[object]]) -> None:
    """A bot, with something that happens before it is kept."""
    async with database.transaction() as tx:
        await tx.bots.register(Platform.TELEGRAM, "777", "Bản tin")
        await meanwhile()


async def _look(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.topics.all()


@pytest.mark.parametrize("has_connection", [False, True], ids=["new line", "open line"])
async def test_a_line_that_swallows_everything_is_a_busy_database(
    far: Database, relay: Relay, *, has_connection: bool
) -> None:
    if has_connection:
        await _look(far)
    relay.swallows = True
    with pytest.raises(DatabaseBusy):
        await _look(far)
    relay.swallows = False
    await _look(far)


async def test_a_line_that_swallows_the_end_keeps_nothing(
    far: Database, postgresql: Database, relay: Relay
) -> None:
    async def swallow() -> None:
        relay.swallows = True

    with pytest.raises(DatabaseBusy):
        await _add(far, swallow)
    assert await _bots(postgresql) == 0


async def test_who_is_cancelled_on_a_dead_line_is_cancelled(far: Database, relay: Relay) -> None:
    await _look(far)
    relay.swallows = True
    task = asyncio.create_task(_look(far))
    await relay.swallowed.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_line_that_is_cut_is_a_busy_database_and_then_another_one(
    far: Database, postgresql: Database, relay: Relay
) -> None:
    async def cut() -> None:
        relay.cut()

    with pytest.raises(DatabaseBusy):
        await _add(far, cut)
    await _look(far)
    assert await _bots(postgresql) == 0


async def test_after_a_restart_of_the_server_nobody_notices(
    postgres_server: Postgres, postgresql: Database
) -> None:
    await _look(postgresql)
    await postgres_server.restart()
    await _look(postgresql)


async def test_what_a_restart_interrupts_is_not_kept(
    postgres_server: Postgres, postgresql: Database
) -> None:
    with pytest.raises(DatabaseBusy):
        await _add(postgresql, postgres_server.restart)
    assert await _bots(postgresql) == 0


async def test_a_server_that_is_down_is_a_busy_database_until_it_is_up(
    postgres_server: Postgres, postgresql: Database
) -> None:
    await postgres_server.stop()
    try:
        with pytest.raises(DatabaseBusy, match="Không kết nối được"):
            await _look(postgresql)
        with pytest.raises(DatabaseBusy, match="Không kết nối được"):
            await upgrade(postgresql)
    finally:
        await postgres_server.start()
    await _look(postgresql)


async def test_who_holds_rows_and_says_nothing_is_shown_out(
    postgres_server: Postgres, postgresql: Database
) -> None:
    """As a process that was paused: the others need not wait for it."""
    with pytest.raises(DatabaseBusy):
        async with postgresql.transaction() as tx:
            await tx.bots.register(Platform.TELEGRAM, "777", "Bản tin")
            own = "SELECT set_config('idle_in_transaction_session_timeout', '1ms', true)"
            await tx.audit._session.execute(text(own))  # noqa: SLF001 - as after 15 seconds
            await _until_alone(postgres_server, postgresql)
            await tx.topics.all()
    assert await _bots(postgresql) == 0


async def _until_alone(server: Postgres, database: Database) -> None:
    other = open_database(server.url("postgres"))
    open_ones = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
    async with other.engine.connect() as connection, asyncio.timeout(30):
        while await connection.scalar(open_ones, {"name": database.engine.url.database}):
            pass
    await other.close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+asyncpg://postgres@/nothing?host={sockets}", "từ chối"),
        ("postgresql+asyncpg://nobody:secret@/postgres?host={sockets}", "từ chối"),
        ("postgresql+asyncpg://postgres:secret@127.0.0.1:1/bantin", "Không kết nối được"),
        ("postgresql+asyncpg://postgres:secret@bantin.invalid/bantin", "Không kết nối được"),
        ("postgresql+asyncpg://postgres:secret@127.0.0.1:99999/bantin", "không đọc được"),
        ("postgresql+asyncpg://postgres:secret@127.0.0.1/bantin?sslmode=require", "không đọc"),
    ],
    ids=["no database", "no user", "no server", "no name", "no port", "no parameter"],
)
async def test_an_address_that_leads_nowhere_is_said_without_the_password(
    postgres_server: Postgres, url: str, sentence: str
) -> None:
    with pytest.raises(DatabaseProblem, match=sentence) as caught:
        await _look(open_database(url.format(sockets=postgres_server.sockets)))
    error: BaseException | None = caught.value
    assert "secret" not in str(error)

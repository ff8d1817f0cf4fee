"""Opens the database; hands out transactions that carry the repositories."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage import postgresql
from storage.at_once import Thread, to_the_end
from storage.problems import DatabaseProblem, translated
from storage.repositories.alarms import Alarms
from storage.repositories.articles import Articles
from storage.repositories.audit import AuditLog
from storage.repositories.bots import Bots
from storage.repositories.broadcasts import Broadcasts
from storage.repositories.bulletins import Bulletins
from storage.repositories.claims import Claims
from storage.repositories.deliveries import Deliveries
from storage.repositories.digest_runs import DigestRuns
from storage.repositories.held import Held
from storage.repositories.link_codes import LinkCodes
from storage.repositories.organisations import Organisations
from storage.repositories.outbox import Outbox
from storage.repositories.owner_codes import OwnerCodes
from storage.repositories.pace import Pace
from storage.repositories.people import People
from storage.repositories.processes import Processes
from storage.repositories.questions import Questions
from storage.repositories.quotas import Quotas
from storage.repositories.refusals import Refusals
from storage.repositories.sources import Sources
from storage.repositories.subscribers import Subscribers
from storage.repositories.topics import Topics

BUSY_TIMEOUT_MS = 10_000
PATIENCE = timedelta(seconds=60)
_ROLLBACK_SECONDS = 5
Result = TypeVar("Result")

_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "journal_mode=WAL",
    "synchronous=NORMAL",  # nothing is lost on kill -9, only the last commits on a power cut
    "foreign_keys=ON",
)

_POSTGRESQL: dict[str, Any] = {
    "pool_size": 10,
    "max_overflow": 5,
    "pool_timeout": 30,
    # a network that swallows everything must not hold a stage for ever
    "connect_args": {
        "timeout": 10,
        "command_timeout": 60,
        "server_settings": {"application_name": "bantin", "timezone": "UTC", "jit": "off"},
    },
}


class Transaction:
    """The repositories, on one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claims(self, work: Callable[[Claims], Result]) -> Result:
        """Deliveries in hand: what `work` says to the database, without a pause in between."""
        connection = await self._session.connection()
        return await connection.run_sync(lambda sync: work(Claims(sync)))

    @cached_property
    def sources(self) -> Sources:
        return Sources(self._session)

    @cached_property
    def articles(self) -> Articles:
        return Articles(self._session)

    @cached_property
    def topics(self) -> Topics:
        return Topics(self._session)

    @cached_property
    def bulletins(self) -> Bulletins:
        return Bulletins(self._session)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(self._session)

    @cached_property
    def digest_runs(self) -> DigestRuns:
        return DigestRuns(self._session)

    @cached_property
    def bots(self) -> Bots:
        return Bots(self._session)

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self._session)

    @cached_property
    def subscribers(self) -> Subscribers:
        return Subscribers(self._session)

    @cached_property
    def people(self) -> People:
        return People(self._session)

    @cached_property
    def link_codes(self) -> LinkCodes:
        return LinkCodes(self._session)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._session)

    @cached_property
    def processes(self) -> Processes:
        return Processes(self._session)

    @cached_property
    def pace(self) -> Pace:
        return Pace(self._session)

    @cached_property
    def alarms(self) -> Alarms:
        return Alarms(self._session)

    @cached_property
    def held(self) -> Held:
        return Held(self._session)

    @cached_property
    def quotas(self) -> Quotas:
        return Quotas(self._session)

    @cached_property
    def refusals(self) -> Refusals:
        return Refusals(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._session)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self._session)

    @cached_property
    def owner_codes(self) -> OwnerCodes:
        return OwnerCodes(self._session)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self._session)


class Database:
    """One database. Close it when done."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = asyncio.Lock()  # SQLite only
        self._holders: set[asyncio.Task[object] | None] = set()
        self._file: tuple[int, int] | None = None  # device and inode
        self._thread = Thread(engine.url, _listen) if self.is_sqlite else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Reads and writes; all of it is kept, or nothing when the block raises.

        Raises DatabaseProblem where the database as a whole cannot be used.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(translated(is_server=not self.is_sqlite))
            stack.enter_context(self._once_a_task())
            if self.is_sqlite:
                # one at a time: waiting here is fair, SQLite's own waiting is not
                await stack.enter_async_context(self._writing)
                self._must_be_the_same_file()
            session = AsyncSession(self.engine, expire_on_commit=False)
            try:
                yield Transaction(session)
            except BaseException:
                await to_the_end(_give_back(session, self._rolled_back(session)))
                raise
            await to_the_end(_give_back(session, session.commit()))

    async def claims(self, work: Callable[[Claims], Result]) -> Result:
        """A whole transaction of nothing else, as `transaction`; a thousand times a second."""
        if self._thread is None:
            async with self.transaction() as tx:
                return await tx.claims(work)
        with translated(), self._once_a_task():
            async with self._writing:
                self._must_be_the_same_file()
                return await self._thread.run(lambda connection: work(Claims(connection)))

    async def _rolled_back(self, session: AsyncSession) -> None:
        """A server that is not reached rolls back by itself; what went wrong first is raised."""
        if self.is_sqlite:
            await session.rollback()
            return
        try:
            async with asyncio.timeout(_ROLLBACK_SECONDS):
                await session.rollback()
        except Exception:  # noqa: BLE001 - whatever it is, this connection is not used again
            await session.invalidate()

    @contextmanager
    def _once_a_task(self) -> Iterator[None]:
        """One inside another would wait for it for ever."""
        task = asyncio.current_task()
        if task in self._holders:
            raise RuntimeError("a transaction inside a transaction would wait for ever")
        self._holders.add(task)
        try:
            yield
        finally:
            self._holders.discard(task)

    def _must_be_the_same_file(self) -> None:
        """An open file that was deleted or replaced takes everything and keeps nothing."""
        path = self.engine.url.database
        if not path or path.startswith(("file:", ":memory:")):
            return
        try:
            found = Path(path).stat()
        except FileNotFoundError:
            found = None
        file = (found.st_dev, found.st_ino) if found else None
        if self._file is None:
            self._file = file
        elif file != self._file:
            raise DatabaseProblem(
                "Tệp cơ sở dữ liệu đã bị xóa hoặc thay bằng tệp khác trong lúc đang chạy. "
                "Hãy kiểm tra tệp rồi chạy lại."
            )

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def opened_again(self, *, patience: timedelta | None) -> "Database":
        return open_database(self.url, patience=patience)

    @property
    def address(self) -> str:
        """As it may be shown: without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def url(self) -> str:
        """May hold a password."""
        return self.engine.url.render_as_string(hide_password=False)

    async def close(self) -> None:
        if self._thread is not None:
            self._thread.close()
        await self.engine.dispose()


async def _give_back(session: AsyncSession, ending: Awaitable[None]) -> None:
    try:
        await ending
    finally:
        await session.close()


def open_database(url: str, *, patience: timedelta | None = PATIENCE) -> Database:
    """`url` is SQLAlchemy's: sqlite+aiosqlite:///bantin.db, postgresql+asyncpg://user@host/name.

    `patience` is how long one statement may take on a server; None: as long as it needs.
    Connects to nothing yet. Raises DatabaseProblem.
    """
    try:
        address = make_url(url)
        is_server = address.get_backend_name() == "postgresql"
        how = postgresql.options(address, patience) if is_server else {}
        # an error's text would repeat names and addresses
        engine = create_async_engine(address, hide_parameters=True, **how)
    except (ArgumentError, ImportError, ValueError) as error:
        # the url may hold a password: it is not repeated
        raise DatabaseProblem("Địa chỉ cơ sở dữ liệu (database_url) không đọc được.") from error
    if engine.dialect.name == "sqlite":
        _listen(engine.sync_engine)
    else:
        event.listen(engine.sync_engine, "connect", postgresql.prepare)
        event.listen(engine.sync_engine, "checkout", postgresql.must_be_open)
    return Database(engine)


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except Exception:
        connection.close()  # nobody else would, and its thread would stay
        raise


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
    # a read that turns into a write cannot be retried by the busy timeout: lock from the start
    connection.exec_driver_sql("BEGIN IMMEDIATE")

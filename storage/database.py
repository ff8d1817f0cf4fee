"""Opens the database; hands out transactions that carry the repositories."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage.problems import DatabaseProblem, translated
from storage.repositories.articles import Articles
from storage.repositories.audit import AuditLog
from storage.repositories.bots import Bots
from storage.repositories.broadcasts import Broadcasts
from storage.repositories.bulletins import Bulletins
from storage.repositories.deliveries import Deliveries
from storage.repositories.digest_runs import DigestRuns
from storage.repositories.organisations import Organisations
from storage.repositories.outbox import Outbox
from storage.repositories.owner_codes import OwnerCodes
from storage.repositories.questions import Questions
from storage.repositories.sources import Sources
from storage.repositories.subscribers import Subscribers
from storage.repositories.topics import Topics

BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "journal_mode=WAL",
    "synchronous=NORMAL",  # nothing is lost on kill -9, only the last commits on a power cut
    "foreign_keys=ON",
)


class Transaction:
    """The repositories, on one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
    def deliveries(self) -> Deliveries:
        return Deliveries(self._session)

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
        self._writing = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None
        self._file: tuple[int, int] | None = None  # device and inode

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Reads and writes; all of it is kept, or nothing when the block raises.

        Raises DatabaseProblem where the database as a whole cannot be used.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(translated())
            if self.is_sqlite:
                await stack.enter_async_context(self._alone())
            session = AsyncSession(self.engine, expire_on_commit=False)
            try:
                yield Transaction(session)
            except BaseException:
                await _to_the_end(_give_back(session, session.rollback))
                raise
            await _to_the_end(_give_back(session, session.commit))

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One transaction at a time: waiting here is fair, SQLite's own waiting is not."""
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for ever")
        async with self._writing:
            self._must_be_the_same_file()
            self._holder = asyncio.current_task()
            try:
                yield
            finally:
                self._holder = None

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

    async def close(self) -> None:
        await self.engine.dispose()


async def _give_back(session: AsyncSession, end: Callable[[], Awaitable[None]]) -> None:
    try:
        await end()
    finally:
        await session.close()


async def _to_the_end(ending: Coroutine[Any, Any, None]) -> None:
    """A task that is cancelled meanwhile still leaves its connection in order."""
    task = asyncio.ensure_future(ending)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def open_database(url: str) -> Database:
    """`url` is SQLAlchemy's, as in sqlite+aiosqlite:///bantin.db. Connects to nothing yet."""
    try:
        # an error's text would repeat names and addresses
        engine = create_async_engine(make_url(url), hide_parameters=True)
    except (ArgumentError, ImportError) as error:
        # the url may hold a password: it is not repeated
        raise DatabaseProblem("Địa chỉ cơ sở dữ liệu (database_url) không đọc được.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return Database(engine)


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

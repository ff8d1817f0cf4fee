"""Transactions on an SQLite file from begin to commit in one visit to a thread.

Over aiosqlite each statement is four visits, each as dear as ten rows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine

Result = TypeVar("Result")


class Thread:
    """Opens its connection when it is first needed."""

    def __init__(self, url: URL, prepare: Callable[[Engine], None]) -> None:
        self._engine = create_engine(
            url.set(drivername="sqlite"),
            hide_parameters=True,
            connect_args={"check_same_thread": False},  # closed from another
        )
        prepare(self._engine)
        self._connection: Connection | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="storage")

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        loop = asyncio.get_running_loop()
        return await to_the_end(loop.run_in_executor(self._executor, self._do, work))

    def _do(self, work: Callable[[Connection], Result]) -> Result:
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            with self._connection.begin():
                return work(self._connection)
        except BaseException:  # the next one begins with a connection that is surely sound
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        self._executor.shutdown()
        self._hang_up()
        self._engine.dispose()


async def to_the_end(work: Awaitable[Result]) -> Result:
    """Once begun it comes to its end, also when the caller is cancelled meanwhile."""
    running = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise

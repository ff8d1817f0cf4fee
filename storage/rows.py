"""What every repository needs: its session, and one way to insert what may be there already."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base, UtcDateTime

_AT_A_TIME = 1000  # rows; a statement takes 32,766 values, sqlite.org/limits.html


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def _is_postgresql(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    def _insert(self, row: type[Base]) -> postgresql.Insert:
        """One that may say `on_conflict…`; SQLite's says the same words."""
        if self._is_postgresql:
            return postgresql.insert(row)
        return cast("postgresql.Insert", sqlite.insert(row))

    def _shared_clock(self, now: datetime) -> ColumnElement[datetime]:
        return shared_clock(now, is_server=self._is_postgresql)

    async def _alone(self, what: str) -> None:
        """Whoever else says `what` waits until this transaction has ended, and then sees it all.

        For a look that decides whether to write, where no row can be locked. SQLite has only
        one writer anyway.
        """
        if self._is_postgresql:
            number = func.hashtextextended(what, 0)
            await self._session.execute(select(func.pg_advisory_xact_lock(number)))

    async def _insert_new(self, row: type[Base], *values: dict[str, Any]) -> int:
        """Inserts what is not there yet by any unique constraint; how many were inserted."""
        inserted = 0
        for start in range(0, len(values), _AT_A_TIME):
            some = list(values[start : start + _AT_A_TIME])
            statement = self._insert(row).values(some).on_conflict_do_nothing()
            inserted += count(await self._session.execute(statement))
        return inserted


def shared_clock(now: datetime, *, is_server: bool) -> ColumnElement[datetime]:
    """Now, by the one clock that all processes share: the database's, if it is a server."""
    return func.clock_timestamp(type_=UtcDateTime()) if is_server else literal(now, UtcDateTime())


def count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types execute() too widely
    """How many rows a statement changed."""
    assert isinstance(result, CursorResult)  # noqa: S101 - for the type checker
    return result.rowcount

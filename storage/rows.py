"""What every repository needs: its session, and one way to insert what may be there already."""

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base

_AT_A_TIME = 1000  # rows; a statement takes 32,766 values, sqlite.org/limits.html


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _insert_new(self, row: type[Base], *values: dict[str, Any]) -> int:
        """Inserts what is not there yet by any unique constraint; how many were inserted."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        inserted = 0
        for start in range(0, len(values), _AT_A_TIME):
            some = list(values[start : start + _AT_A_TIME])
            statement = dialect.insert(row).values(some).on_conflict_do_nothing()
            inserted += count(await self._session.execute(statement))
        return inserted


def count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types execute() too widely
    """How many rows a statement changed."""
    assert isinstance(result, CursorResult)  # noqa: S101 - for the type checker
    return result.rowcount

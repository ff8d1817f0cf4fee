"""What every repository needs: its session, and one way to insert what may be there already."""

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _insert_new(self, row: type[Base], *values: dict[str, Any]) -> int:
        """Inserts what is not there yet by any unique constraint; how many were inserted."""
        if not values:
            return 0
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        result = await self._session.execute(
            dialect.insert(row).values(list(values)).on_conflict_do_nothing()
        )
        return count(result)


def count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types execute() too widely
    """How many rows a statement changed."""
    assert isinstance(result, CursorResult)  # noqa: S101 - for the type checker
    return result.rowcount

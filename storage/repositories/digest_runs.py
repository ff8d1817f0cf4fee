"""When the digests of an hour were composed: once a day each."""

from datetime import datetime

from sqlalchemy import func, select

from storage.models import DigestRunRow
from storage.rows import Repository


class DigestRuns(Repository):
    async def begin(self, day: str, hour: int, now: datetime) -> bool:
        """True for the first of this day and hour."""
        row = {"day": day, "hour": hour, "composed_at": now}
        return await self._insert_new(DigestRunRow, row) == 1

    async def last(self, hour: int) -> datetime | None:
        """When the digests of this hour were composed last."""
        return await self._session.scalar(
            select(func.max(DigestRunRow.composed_at)).where(DigestRunRow.hour == hour)
        )

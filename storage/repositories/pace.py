"""One schedule of send slots for each bot, whatever process sends: on a database server only."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, case, func, literal, update

from storage.models import PaceRow, UtcDateTime
from storage.rows import Repository


class Pace(Repository):
    async def register(self, bot_id: int, now: datetime) -> None:
        await self._insert_new(PaceRow, {"bot_id": bot_id, "next_at": now})

    async def reserve(self, bot_id: int, length: timedelta, *, catch_up: timedelta) -> timedelta:
        """The next `length` of this bot's time is ours. When it begins, from now on.

        It may have begun before now, by at most `catch_up`: then nobody had used it.
        """
        clock = func.clock_timestamp(type_=UtcDateTime())
        begins = case((PaceRow.next_at >= clock - _span(catch_up), PaceRow.next_at), else_=clock)
        row = (
            await self._session.execute(
                update(PaceRow)
                .where(PaceRow.bot_id == bot_id)
                .values(next_at=begins + _span(length))
                .returning(PaceRow.next_at, clock)
                .execution_options(synchronize_session=False)
            )
        ).one()
        ends, now = row
        return (ends - length) - now

    async def push(self, bot_id: int, wait: timedelta) -> None:
        """No process sends before `wait` has passed."""
        clock = func.clock_timestamp(type_=UtcDateTime())
        await self._session.execute(
            update(PaceRow)
            .where(PaceRow.bot_id == bot_id)
            .values(next_at=func.greatest(PaceRow.next_at, clock + _span(wait)))
            .execution_options(synchronize_session=False)
        )


def _span(length: timedelta) -> ColumnElement[timedelta]:
    return literal(length, Interval())

"""What the admins must be told: once when it begins, and once more when it is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from storage.models import AlarmRow
from storage.records import Alarm
from storage.rows import Repository


class Alarms(Repository):
    async def raise_(self, kind: str, subject: str, text: str, now: datetime) -> None:
        """Again is no news; what was over and begins again before it was told goes on."""
        await self._insert_new(
            AlarmRow, {"kind": kind, "subject": subject, "text": text, "raised_at": now}
        )
        await self._session.execute(
            update(AlarmRow)
            .where(*_is(kind, subject), AlarmRow.over_at.is_not(None))
            .values(over_at=None, text=text)
        )

    async def clear(self, kind: str, subject: str, now: datetime) -> None:
        """It is over. What nobody was told is forgotten."""
        await self._session.execute(
            delete(AlarmRow).where(*_is(kind, subject), AlarmRow.told_at.is_(None))
        )
        await self._session.execute(
            update(AlarmRow)
            .where(*_is(kind, subject), AlarmRow.over_at.is_(None))
            .values(over_at=now)
        )

    async def forget(self, kind: str, subject: str = "") -> None:
        """Somebody has dealt with it: nothing more is told."""
        await self._session.execute(delete(AlarmRow).where(*_is(kind, subject)))

    async def all(self) -> list[Alarm]:
        """Open ones, and those whose end nobody was told yet; oldest first."""
        rows = await self._session.scalars(
            select(AlarmRow).order_by(AlarmRow.raised_at, AlarmRow.kind, AlarmRow.subject)
        )
        return [
            Alarm(
                kind=row.kind,
                subject=row.subject,
                text=row.text,
                raised_at=row.raised_at,
                told_at=row.told_at,
                over_at=row.over_at,
            )
            for row in rows
        ]

    async def mark_told(self, alarm: Alarm, now: datetime) -> None:
        """The beginning; or the end, and then it is forgotten."""
        this = (*_is(alarm.kind, alarm.subject), AlarmRow.raised_at == alarm.raised_at)
        if alarm.over_at is not None:
            await self._session.execute(
                delete(AlarmRow).where(*this, AlarmRow.over_at.is_not(None))
            )
        else:
            await self._session.execute(update(AlarmRow).where(*this).values(told_at=now))


def _is(kind: str, subject: str) -> tuple[ColumnElement[bool], ...]:
    return (AlarmRow.kind == kind, AlarmRow.subject == subject)

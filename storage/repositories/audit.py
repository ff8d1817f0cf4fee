"""Who did what: append-only."""

from datetime import datetime

from sqlalchemy import func, select

from storage.models import AuditRow
from storage.records import AuditEntry
from storage.rows import Repository


class AuditLog(Repository):
    async def record(
        self,
        action: str,
        *,
        at: datetime,
        actor_id: int | None = None,
        target: str = "",
        detail: str = "",
    ) -> None:
        self._session.add(
            AuditRow(at=at, actor_id=actor_id, action=action, target=target, detail=detail)
        )

    async def count_of(self, actor_id: int) -> int:
        """How many lines name this subscriber as the one who acted."""
        number = await self._session.scalar(
            select(func.count()).select_from(AuditRow).where(AuditRow.actor_id == actor_id)
        )
        return number or 0

    async def last(self, action: str, target: str) -> AuditEntry | None:
        """When it was done to this last."""
        row = await self._session.scalar(
            select(AuditRow)
            .where(AuditRow.action == action, AuditRow.target == target)
            .order_by(AuditRow.id.desc())
            .limit(1)
        )
        return _entry(row) if row else None

    async def newest(self, limit: int) -> list[AuditEntry]:
        rows = await self._session.scalars(
            select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        )
        return [_entry(row) for row in rows]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        action=row.action,
        target=row.target,
        detail=row.detail,
    )

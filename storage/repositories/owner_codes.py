"""The one-time code that makes the first owner."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from storage.models import OwnerCodeRow
from storage.records import OwnerCode
from storage.rows import Repository, count


class OwnerCodes(Repository):
    async def replace(
        self, *, salt: str, code_hash: str, expires_at: datetime, tries: int
    ) -> None:
        """Makes this the only open code."""
        await self._alone("owner_code")
        await self._session.execute(delete(OwnerCodeRow).where(OwnerCodeRow.used_at.is_(None)))
        self._session.add(
            OwnerCodeRow(salt=salt, code_hash=code_hash, expires_at=expires_at, tries_left=tries)
        )

    async def open(self, now: datetime) -> OwnerCode | None:
        row = await self._session.scalar(select(OwnerCodeRow).where(*_is_open(now)))
        return _owner_code(row) if row else None

    async def count_try(self, code_id: int, now: datetime) -> bool:
        """Uses up a try; False when none was left or the code is no longer open."""
        changed = await self._session.execute(
            update(OwnerCodeRow)
            .where(OwnerCodeRow.id == code_id, *_is_open(now))
            .values(tries_left=OwnerCodeRow.tries_left - 1)
        )
        return count(changed) == 1

    async def mark_used(self, code_id: int, now: datetime) -> bool:
        """False when somebody was faster."""
        changed = await self._session.execute(
            update(OwnerCodeRow)
            .where(OwnerCodeRow.id == code_id, OwnerCodeRow.used_at.is_(None))
            .values(used_at=now)
        )
        return count(changed) == 1

    async def was_open_after(self, moment: datetime) -> bool:
        """Whether any code was to expire after `moment`, used or not."""
        found = await self._session.scalar(
            select(OwnerCodeRow.id).where(OwnerCodeRow.expires_at > moment).limit(1)
        )
        return found is not None


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OwnerCodeRow.used_at.is_(None),
        OwnerCodeRow.expires_at > now,
        OwnerCodeRow.tries_left > 0,
    )


def _owner_code(row: OwnerCodeRow) -> OwnerCode:
    return OwnerCode(
        id=row.id,
        salt=row.salt,
        code_hash=row.code_hash,
        expires_at=row.expires_at,
        tries_left=row.tries_left,
        used_at=row.used_at,
    )

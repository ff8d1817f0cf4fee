"""The one-time code that makes the first owner."""

from datetime import datetime

from sqlalchemy import delete, select, update

from storage.models import OwnerCodeRow
from storage.records import OwnerCode
from storage.repositories._rows import Repository


class OwnerCodes(Repository):
    async def replace(
        self, *, salt: str, code_hash: str, expires_at: datetime, tries: int
    ) -> None:
        """Makes this the only open code."""
        await self._session.execute(delete(OwnerCodeRow).where(OwnerCodeRow.used_at.is_(None)))
        self._session.add(
            OwnerCodeRow(salt=salt, code_hash=code_hash, expires_at=expires_at, tries_left=tries)
        )

    async def open(self, now: datetime) -> OwnerCode | None:
        row = await self._session.scalar(
            select(OwnerCodeRow).where(
                OwnerCodeRow.used_at.is_(None),
                OwnerCodeRow.expires_at > now,
                OwnerCodeRow.tries_left > 0,
            )
        )
        return _owner_code(row) if row else None

    async def count_try(self, code_id: int) -> None:
        await self._session.execute(
            update(OwnerCodeRow)
            .where(OwnerCodeRow.id == code_id)
            .values(tries_left=OwnerCodeRow.tries_left - 1)
        )

    async def mark_used(self, code_id: int, now: datetime) -> None:
        await self._session.execute(
            update(OwnerCodeRow)
            .where(OwnerCodeRow.id == code_id, OwnerCodeRow.used_at.is_(None))
            .values(used_at=now)
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

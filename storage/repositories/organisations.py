"""The tree of organisations, and the names people know them by."""

from sqlalchemy import func, select

from storage.models import OrganisationAliasRow, OrganisationRow
from storage.records import Organisation
from storage.rows import Repository


class Organisations(Repository):
    async def all(self) -> list[Organisation]:
        rows = await self._session.scalars(
            select(OrganisationRow).order_by(OrganisationRow.position, OrganisationRow.id)
        )
        return [_organisation(row) for row in rows]

    async def add(self, name: str, *, parent_id: int | None = None) -> int:
        """The last of all; its id."""
        last = await self._session.scalar(select(func.max(OrganisationRow.position)))
        row = OrganisationRow(name=name, parent_id=parent_id, position=(last or 0) + 1)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, organisation_id: int) -> Organisation | None:
        row = await self._session.get(OrganisationRow, organisation_id)
        return _organisation(row) if row else None

    async def aliases(self) -> dict[str, int]:
        """Folded alias -> organisation id."""
        rows = await self._session.scalars(
            select(OrganisationAliasRow).order_by(OrganisationAliasRow.alias)
        )
        return {row.alias: row.organisation_id for row in rows}


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(id=row.id, parent_id=row.parent_id, name=row.name, position=row.position)

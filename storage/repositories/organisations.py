"""The tree of organisations, and the names people know them by."""

from sqlalchemy import select

from storage.models import OrganisationAliasRow, OrganisationRow
from storage.records import Organisation
from storage.rows import Repository


class Organisations(Repository):
    async def all(self) -> list[Organisation]:
        rows = await self._session.scalars(
            select(OrganisationRow).order_by(OrganisationRow.position)
        )
        return [_organisation(row) for row in rows]

    async def get(self, organisation_id: int) -> Organisation | None:
        row = await self._session.get(OrganisationRow, organisation_id)
        return _organisation(row) if row else None

    async def aliases(self) -> dict[str, int]:
        """Folded alias -> organisation id."""
        rows = await self._session.scalars(select(OrganisationAliasRow))
        return {row.alias: row.organisation_id for row in rows}


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(id=row.id, parent_id=row.parent_id, name=row.name, position=row.position)

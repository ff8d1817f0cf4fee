"""Which processes live, and which one holds each duty; by the clock that all of them share."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.models import LeaseRow, ProcessRow
from storage.records import Process
from storage.rows import Repository, count

_KEPT = timedelta(days=30)  # what a support call may ask for


class Processes(Repository):
    async def begin(self, name: str, now: datetime, *, ttl: timedelta) -> int:
        """A new life; its number is higher than any before and never given out again."""
        clock = await self._now(now)
        if not self._is_postgresql:
            # only one may work an SQLite file (storage.single): whoever was before is dead
            await self._session.execute(
                update(ProcessRow).where(ProcessRow.alive_until > clock).values(alive_until=clock)
            )
        await self._session.execute(
            delete(ProcessRow).where(ProcessRow.alive_until < clock - _KEPT)
        )
        row = ProcessRow(name=name, started_at=clock, alive_until=clock + ttl)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def renew(self, process_id: int, now: datetime, *, ttl: timedelta) -> bool:
        """False when its time had passed: another may have taken over what it held."""
        clock = await self._now(now)
        changed = await self._session.execute(
            update(ProcessRow)
            .where(ProcessRow.id == process_id, ProcessRow.alive_until > clock)
            .values(alive_until=clock + ttl)
            .execution_options(synchronize_session=False)
        )
        return count(changed) == 1

    async def end(self, process_id: int, now: datetime) -> None:
        """Others may take over at once."""
        clock = await self._now(now)
        await self._session.execute(
            update(ProcessRow)
            .where(ProcessRow.id == process_id, ProcessRow.alive_until > clock)
            .values(alive_until=clock)
            .execution_options(synchronize_session=False)
        )

    async def take(
        self, process_id: int, duties: Collection[str], now: datetime
    ) -> dict[str, int]:
        """Duty -> fence, of those it holds now: free ones are taken, others' are left alone."""
        # READ COMMITTED: who waits for another's row would still see that other as unborn
        await self._alone("leases")
        for duty in sorted(duties):
            new = self._insert(LeaseRow).values(name=duty, process_id=process_id, fence=1)
            living = select(ProcessRow.id).where(ProcessRow.alive_until > self._shared_clock(now))
            await self._session.execute(
                new.on_conflict_do_update(
                    index_elements=[LeaseRow.name],
                    set_={"process_id": process_id, "fence": LeaseRow.fence + 1},
                    where=LeaseRow.process_id.not_in(living),
                )
            )
        held = await self._session.execute(
            select(LeaseRow.name, LeaseRow.fence).where(
                LeaseRow.process_id == process_id, LeaseRow.name.in_(duties)
            )
        )
        return dict(iter(held))

    async def living(self, now: datetime) -> list[Process]:
        rows = await self._session.scalars(
            select(ProcessRow)
            .where(ProcessRow.alive_until > await self._now(now))
            .order_by(ProcessRow.id)
        )
        return [
            Process(
                id=row.id,
                name=row.name,
                started_at=row.started_at,
                alive_until=row.alive_until,
            )
            for row in rows
        ]

    async def _now(self, now: datetime) -> datetime:
        moment: datetime = (await self._session.scalars(select(self._shared_clock(now)))).one()
        return moment

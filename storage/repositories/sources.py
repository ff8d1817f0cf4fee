"""Places that publish news: when to visit them, how they are, which topics they feed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from storage.models import SourceRow, SourceTopicRow
from storage.problems import AlreadyThere
from storage.records import Health, NewSource, Source, SourceKind
from storage.rows import Repository

_NOT_REMOVED = SourceRow.removed_at.is_(None)


class Sources(Repository):
    async def add(self, new: NewSource, now: datetime) -> Source:
        """Raises AlreadyThere when a source has this address."""
        row = SourceRow(
            name=new.name,
            url=new.url,
            kind=new.kind,
            etag="",
            last_modified="",
            next_visit_at=now,
            health=Health.NEW,
            health_reason="",
            failures=0,
            created_at=now,
        )
        try:
            async with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError as error:
            raise AlreadyThere(new.url) from error
        await self.set_topics(row.id, new.topics)
        return _source(row)

    async def set_topics(self, source_id: int, topics: Mapping[str, int]) -> None:
        """Category -> topic id; "" is the default."""
        await self._session.execute(
            delete(SourceTopicRow).where(SourceTopicRow.source_id == source_id)
        )
        await self._insert_new(
            SourceTopicRow,
            *(
                {"source_id": source_id, "category": category, "topic_id": topic_id}
                for category, topic_id in topics.items()
            ),
        )

    async def topics(self, source_id: int) -> dict[str, int]:
        rows = await self._session.scalars(
            select(SourceTopicRow).where(SourceTopicRow.source_id == source_id)
        )
        return {row.category: row.topic_id for row in rows}

    async def all(self) -> list[Source]:
        rows = await self._session.scalars(
            select(SourceRow).where(_NOT_REMOVED).order_by(SourceRow.id)
        )
        return [_source(row) for row in rows]

    async def get(self, source_id: int) -> Source | None:
        row = await self._session.scalar(
            select(SourceRow).where(SourceRow.id == source_id, _NOT_REMOVED)
        )
        return _source(row) if row else None

    async def due(self, now: datetime) -> list[Source]:
        rows = await self._session.scalars(
            select(SourceRow)
            .where(_NOT_REMOVED, SourceRow.next_visit_at <= now)
            .order_by(SourceRow.next_visit_at)
        )
        return [_source(row) for row in rows]

    async def record_visit(
        self,
        source_id: int,
        *,
        now: datetime,
        next_visit_at: datetime,
        etag: str,
        last_modified: str,
    ) -> None:
        """The visit went well; the first such visit is the baseline."""
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id)
            .values(
                health=Health.OK,
                health_reason="",
                failures=0,
                last_visit_at=now,
                last_ok_at=now,
                next_visit_at=next_visit_at,
                etag=etag,
                last_modified=last_modified,
            )
        )
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id, SourceRow.baseline_at.is_(None))
            .values(baseline_at=now)
        )

    async def record_failure(
        self,
        source_id: int,
        *,
        now: datetime,
        next_visit_at: datetime,
        health: Health,
        reason: str,
    ) -> None:
        await self._session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id)
            .values(
                health=health,
                health_reason=reason,
                failures=SourceRow.failures + 1,
                last_visit_at=now,
                next_visit_at=next_visit_at,
                etag="",  # what comes next is to be read whole
                last_modified="",
            )
        )

    async def visit_now(self, now: datetime, source_id: int | None = None) -> None:
        """Makes one source, or all, due."""
        which = SourceRow.id == source_id if source_id is not None else _NOT_REMOVED
        await self._session.execute(update(SourceRow).where(which).values(next_visit_at=now))

    async def remove(self, source_id: int, now: datetime) -> None:
        """Its articles stay, and are still known should it come back."""
        await self._session.execute(
            update(SourceRow).where(SourceRow.id == source_id, _NOT_REMOVED).values(removed_at=now)
        )


def _source(row: SourceRow) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        url=row.url,
        kind=SourceKind(row.kind),
        etag=row.etag,
        last_modified=row.last_modified,
        next_visit_at=row.next_visit_at,
        baseline_at=row.baseline_at,
        health=Health(row.health),
        health_reason=row.health_reason,
        last_visit_at=row.last_visit_at,
        last_ok_at=row.last_ok_at,
        failures=row.failures,
        created_at=row.created_at,
        removed_at=row.removed_at,
    )

"""Topics that people subscribe to."""

from sqlalchemy import select

from storage.models import TopicRow
from storage.records import Topic
from storage.rows import Repository


class Topics(Repository):
    async def all(self) -> list[Topic]:
        rows = await self._session.scalars(select(TopicRow).order_by(TopicRow.position))
        return [_topic(row) for row in rows]

    async def by_slug(self, slug: str) -> Topic | None:
        row = await self._session.scalar(select(TopicRow).where(TopicRow.slug == slug))
        return _topic(row) if row else None


def _topic(row: TopicRow) -> Topic:
    return Topic(id=row.id, slug=row.slug, name=row.name, position=row.position)

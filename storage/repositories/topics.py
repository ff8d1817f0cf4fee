"""Topics that people subscribe to."""

from sqlalchemy import select

from storage.models import TopicRow
from storage.records import Topic
from storage.rows import Repository


class Topics(Repository):
    async def all(self) -> list[Topic]:
        rows = await self._session.scalars(select(TopicRow).order_by(TopicRow.position))
        return [_topic(row) for row in rows]


def _topic(row: TopicRow) -> Topic:
    return Topic(id=row.id, slug=row.slug, name=row.name, position=row.position)

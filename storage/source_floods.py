"""News of one source that came all at once, and waits for an admin's word."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage.article_rows import article_record, is_duplicate, newest_version, version_record
from storage.models import ArticleRow, ArticleVersionRow, SourceRow
from storage.records import Article, ArticleVersion, Flood
from storage.rows import Repository, count

_FLOOD_TITLES = 5


class SourceFloods(Repository):
    async def floods(self) -> list[Flood]:
        """News that came all at once and waits, by source."""
        counted = await self._session.execute(
            select(SourceRow.id, SourceRow.name, func.count())
            .join(ArticleRow, ArticleRow.source_id == SourceRow.id)
            .where(SourceRow.removed_at.is_(None), ArticleRow.held_at.is_not(None))
            .group_by(SourceRow.id, SourceRow.name)
            .order_by(SourceRow.id)
        )
        return [
            Flood(
                source_id=source_id,
                source_name=name,
                articles=number,
                titles=await self._held_titles(source_id),
            )
            for source_id, name, number in counted.all()
        ]

    async def _held_titles(self, source_id: int) -> tuple[str, ...]:
        rows = await self._session.scalars(
            select(func.coalesce(func.nullif(ArticleRow.title, ""), ArticleRow.url))
            .where(ArticleRow.source_id == source_id, ArticleRow.held_at.is_not(None))
            .order_by(
                func.coalesce(ArticleRow.published_at, ArticleRow.first_seen_at).desc(),
                ArticleRow.id,
            )
            .limit(_FLOOD_TITLES)
        )
        return tuple(rows)

    async def held(self, source_id: int) -> list[tuple[Article, ArticleVersion]]:
        """What is held and has a text, with its newest; not what is told with another."""
        rows = await self._session.execute(
            select(ArticleRow, ArticleVersionRow)
            .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
            .where(
                ArticleRow.source_id == source_id,
                ArticleRow.held_at.is_not(None),
                ArticleVersionRow.n == newest_version,
                ~is_duplicate,
            )
            .order_by(ArticleRow.id)
        )
        return [(article_record(article), version_record(version)) for article, version in rows]

    async def release(self, source_id: int, now: datetime) -> int:
        """What was held becomes news; how many articles."""
        changed = await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.source_id == source_id, ArticleRow.held_at.is_not(None))
            .values(held_at=None, released_at=now)
        )
        return count(changed)

    async def drop_held(self, source_id: int) -> int:
        """What was held is known and never sent; how many articles."""
        changed = await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.source_id == source_id, ArticleRow.held_at.is_not(None))
            .values(held_at=None, is_baseline=True)
        )
        return count(changed)

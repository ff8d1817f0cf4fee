"""The same news of several sources: found by what it says, told once, to the readers of each."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage.article_rows import is_news, newest_version, version_record
from storage.models import (
    ArticleDuplicateRow,
    ArticleRow,
    ArticleSketchRow,
    ArticleTopicRow,
    ArticleVersionRow,
    BulletinArticleRow,
    SourceRow,
)
from storage.records import ArticleVersion
from storage.rows import Repository, count


class SameNews(Repository):
    async def keep_sketch(self, article_id: int, values: Collection[int]) -> None:
        await self._insert_new(
            ArticleSketchRow, *({"article_id": article_id, "value": value} for value in values)
        )

    async def like(
        self, values: Collection[int], *, source_id: int, since: datetime
    ) -> list[ArticleVersion]:
        """The newest versions of other sources' news since then that may say the same.

        Whoever else asks waits: two sources may tell the same at the same moment.
        """
        await self.one_at_a_time()
        similar = select(ArticleSketchRow.article_id).where(ArticleSketchRow.value.in_(values))
        rows = await self._session.scalars(
            select(ArticleVersionRow)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(
                ArticleRow.id.in_(similar),
                ArticleRow.source_id != source_id,
                ArticleRow.first_seen_at >= since,
                ArticleVersionRow.n == newest_version,
                is_news,
            )
            .order_by(ArticleRow.id)
        )
        return [version_record(row) for row in rows]

    async def one_at_a_time(self) -> None:
        """Whoever else looks whether an article is known waits until this transaction ended."""
        await self._alone("articles")

    async def join(self, article_id: int, original_id: int) -> bool:
        """The first is told with the second, which was there before it, and to its readers too.

        False: the second was told already, and not to all of them.
        """
        topics = await self._topics([article_id])
        if not await self.add_topics(original_id, topics.get(article_id, frozenset())):
            return False
        await self._insert_new(
            ArticleDuplicateRow, {"article_id": article_id, "original_id": original_id}
        )
        return True

    async def add_topics(self, article_id: int, topic_ids: Collection[int]) -> bool:
        """Whether it has them now; what a bulletin holds gets no more."""
        known = (await self._topics([article_id])).get(article_id, frozenset())
        missing = set(topic_ids) - known
        if missing and await self._is_told(article_id):
            return False
        await self._insert_new(
            ArticleTopicRow,
            *({"article_id": article_id, "topic_id": topic_id} for topic_id in missing),
        )
        return True

    async def _is_told(self, article_id: int) -> bool:
        version_id = await self._session.scalar(
            select(BulletinArticleRow.version_id)
            .join(ArticleVersionRow, ArticleVersionRow.id == BulletinArticleRow.version_id)
            .where(ArticleVersionRow.article_id == article_id)
            .limit(1)
        )
        return version_id is not None

    async def forget_sketches(self, *, before: datetime) -> int:
        """Of articles that are too old to be compared with new ones."""
        old = select(ArticleRow.id).where(ArticleRow.first_seen_at < before)
        return count(
            await self._session.execute(
                delete(ArticleSketchRow).where(ArticleSketchRow.article_id.in_(old))
            )
        )

    async def _topics(self, article_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        rows = await self._session.scalars(
            select(ArticleTopicRow).where(ArticleTopicRow.article_id.in_(article_ids))
        )
        found: dict[int, frozenset[int]] = {}
        for row in rows:
            found[row.article_id] = found.get(row.article_id, frozenset()) | {row.topic_id}
        return found

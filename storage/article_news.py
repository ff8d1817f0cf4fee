"""What may be told of articles: summaries, news, edits, withdrawals."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import aliased

from storage.article_rows import (
    Summarised,
    first_summary_at,
    is_duplicate,
    is_news,
    newest_summarised,
    newest_version,
    summarised,
    summarised_record,
    version_record,
)
from storage.models import (
    ArticleDuplicateRow,
    ArticleRow,
    ArticleTopicRow,
    ArticleVersionRow,
    BulletinArticleRow,
    SourceRow,
    SummaryRow,
)
from storage.records import (
    ArticleVersion,
    EditedArticle,
    SummarisedArticle,
    TextSpan,
    WithdrawnArticle,
)
from storage.same_news import SameNews

_told_version = aliased(ArticleVersionRow)


class ArticleNews(SameNews):
    async def without_summary(self, limit: int) -> list[ArticleVersion]:
        """Not of what is held: its summary makes it news, and it may never be."""
        rows = await self._session.scalars(
            select(ArticleVersionRow)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .outerjoin(SummaryRow, SummaryRow.version_id == ArticleVersionRow.id)
            .where(SummaryRow.id.is_(None), ArticleRow.held_at.is_(None))
            .order_by(ArticleVersionRow.id)
            .limit(limit)
        )
        return [version_record(row) for row in rows]

    async def add_summary(
        self,
        version_id: int,
        *,
        text: str,
        how: str,
        now: datetime,
        line: str = "",
        spans: Sequence[TextSpan] = (),
    ) -> None:
        """A second summary of the same version is ignored."""
        await self._insert_new(
            SummaryRow,
            {
                "version_id": version_id,
                "text": text,
                "how": how,
                "line": line,
                "spans": [[each.paragraph, each.start, each.length] for each in spans],
                "created_at": now,
            },
        )

    async def not_in_a_bulletin(self, *, since: datetime) -> list[SummarisedArticle]:
        """Summarised news, come or released since then, that no bulletin holds in any version."""
        told = (
            select(ArticleVersionRow.article_id)
            .join(BulletinArticleRow, BulletinArticleRow.version_id == ArticleVersionRow.id)
            .where(ArticleVersionRow.article_id == ArticleRow.id)
            .correlate(ArticleRow)
        )
        return await self._summarised(
            newest_summarised()
            .where(
                is_news,
                or_(ArticleRow.first_seen_at > since, ArticleRow.released_at > since),
                ~told.exists(),
            )
            .order_by(ArticleRow.published_at, ArticleRow.id)
        )

    async def count_found(self, *, since: datetime) -> int:
        """Articles first seen after `since`, without what a new source had already."""
        number = await self._session.scalar(
            select(func.count())
            .select_from(ArticleRow)
            .where(
                ArticleRow.is_baseline.is_(False),
                ArticleRow.first_seen_at >= since,
                ~is_duplicate,
            )
        )
        return number or 0

    async def news_between(self, after: datetime, until: datetime) -> list[SummarisedArticle]:
        """News whose first summary was made after `after` and not after `until`, oldest first."""
        return await self._summarised(
            newest_summarised()
            .where(is_news, first_summary_at > after, first_summary_at <= until)
            .order_by(first_summary_at, ArticleRow.id)
        )

    async def latest(
        self, limit: int, *, topic_ids: Collection[int] | None = None
    ) -> list[SummarisedArticle]:
        """The newest first; of these topics, or of all when None."""
        query = (
            newest_summarised()
            .where(ArticleRow.missing_since.is_(None), ~is_duplicate)
            .order_by(
                func.coalesce(ArticleRow.published_at, ArticleRow.first_seen_at).desc(),
                ArticleRow.id.desc(),
            )
        )
        if topic_ids is not None:
            query = query.where(
                ArticleRow.id.in_(
                    select(ArticleTopicRow.article_id).where(
                        ArticleTopicRow.topic_id.in_(topic_ids)
                    )
                )
            )
        return await self._summarised(query.limit(limit))

    async def of_bulletin(self, bulletin_id: int) -> list[SummarisedArticle]:
        """The articles of a bulletin, in its order and in the versions that it holds."""
        return await self._summarised(
            summarised()
            .join(BulletinArticleRow, BulletinArticleRow.version_id == ArticleVersionRow.id)
            .where(BulletinArticleRow.bulletin_id == bulletin_id)
            .order_by(BulletinArticleRow.position)
        )

    async def edited_since_told(self) -> list[EditedArticle]:
        """News of which a bulletin holds a version, but none the newest.

        A correction that holds the newest version ends it.
        """
        told = _told()
        rows = await self._session.execute(
            select(ArticleRow.id, _told_version.id, ArticleVersionRow.id)
            .join(told, told.c.article_id == ArticleRow.id)
            .join(
                _told_version,
                (_told_version.article_id == ArticleRow.id) & (_told_version.n == told.c.n),
            )
            .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
            .join(SummaryRow, SummaryRow.version_id == ArticleVersionRow.id)
            .where(
                ArticleVersionRow.n == newest_version,
                ArticleVersionRow.n > told.c.n,
                ArticleRow.missing_since.is_(None),
            )
            .order_by(ArticleRow.id)
        )
        return [
            EditedArticle(article_id=article, told_version_id=told, newest_version_id=newest)
            for article, told, newest in rows
        ]

    async def withdrawn_since_told(self, *, since: datetime) -> list[WithdrawnArticle]:
        """News that a bulletin holds and that was withdrawn after `since`.

        Nothing here ends it: who tells of it knows by the bulletin it makes.
        """
        told = _told()
        rows = await self._session.execute(
            select(ArticleRow.id, _told_version.id, ArticleRow.withdrawn_at)
            .join(told, told.c.article_id == ArticleRow.id)
            .join(
                _told_version,
                (_told_version.article_id == ArticleRow.id) & (_told_version.n == told.c.n),
            )
            .where(ArticleRow.withdrawn_at > since)
            .order_by(ArticleRow.id)
        )
        return [
            WithdrawnArticle(article_id=article, told_version_id=told, withdrawn_at=at)
            for article, told, at in rows
            if at is not None
        ]

    async def _summarised(self, query: Summarised) -> list[SummarisedArticle]:
        rows = (await self._session.execute(query)).all()
        ids = [row[0].id for row in rows]
        topics, also_at = await self._topics(ids), await self._also_at(ids)
        return [
            summarised_record(
                row,
                topic_ids=topics.get(row[0].id, frozenset()),
                also_at=tuple(name for name in also_at.get(row[0].id, {}) if name != row[3].name),
            )
            for row in rows
        ]

    async def _also_at(self, article_ids: Sequence[int]) -> dict[int, dict[str, None]]:
        """Article -> names of the other sources, in the order in which they came."""
        rows = await self._session.execute(
            select(ArticleDuplicateRow.original_id, SourceRow.name)
            .join(ArticleRow, ArticleRow.id == ArticleDuplicateRow.article_id)
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(ArticleDuplicateRow.original_id.in_(article_ids))
            .order_by(ArticleDuplicateRow.article_id)
        )
        found: dict[int, dict[str, None]] = {}
        for original_id, name in rows:
            found.setdefault(original_id, {})[name] = None
        return found


def _told() -> Subquery:
    """Article -> the newest version of it that a bulletin holds."""
    return (
        select(ArticleVersionRow.article_id, func.max(ArticleVersionRow.n).label("n"))
        .join(BulletinArticleRow, BulletinArticleRow.version_id == ArticleVersionRow.id)
        .group_by(ArticleVersionRow.article_id)
        .subquery()
    )

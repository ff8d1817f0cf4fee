"""Articles with their keys, versions, topics and summaries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_, update

from storage.models import (
    ArticleKeyRow,
    ArticleRow,
    ArticleTopicRow,
    ArticleVersionRow,
    BulletinArticleRow,
    SourceRow,
    SummaryRow,
)
from storage.records import (
    Article,
    ArticleContent,
    ArticleKey,
    ArticleVersion,
    KeyKind,
    NewArticle,
    PageState,
    Precision,
    SummarisedArticle,
)
from storage.rows import Repository

KEYS_AT_A_TIME = 500  # two values each; sqlite.org/limits.html


class Articles(Repository):
    async def with_any_key(
        self, keys: Collection[ArticleKey]
    ) -> dict[int, tuple[ArticleKey, ...]]:
        """Article id -> all its keys, of every article that has one of `keys`."""
        wanted = [(key.kind, key.value) for key in keys]
        found: dict[int, tuple[ArticleKey, ...]] = {}
        for start in range(0, len(wanted), KEYS_AT_A_TIME):
            some = wanted[start : start + KEYS_AT_A_TIME]
            ids = select(ArticleKeyRow.article_id).where(
                tuple_(ArticleKeyRow.kind, ArticleKeyRow.value).in_(some)
            )
            rows = await self._session.scalars(
                select(ArticleKeyRow).where(ArticleKeyRow.article_id.in_(ids))
            )
            for row in rows.all():
                key = ArticleKey(kind=KeyKind(row.kind), value=row.value)
                if key not in found.get(row.article_id, ()):
                    found[row.article_id] = (*found.get(row.article_id, ()), key)
        return found

    async def add(
        self,
        new: NewArticle,
        *,
        source_id: int,
        topic_ids: Collection[int],
        is_baseline: bool,
        now: datetime,
    ) -> int:
        """Stores an article that no key knows; its page is due at once. Its id."""
        row = ArticleRow(
            source_id=source_id,
            url=new.url,
            title=new.title,
            lead=new.lead,
            image_url=new.image_url,
            published_at=new.published_at,
            precision=new.precision,
            is_baseline=is_baseline,
            page_state=PageState.DUE,
            page_due_at=now,
            page_attempts=0,
            page_reason="",
            first_seen_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        await self._insert_new(
            ArticleTopicRow,
            *({"article_id": row.id, "topic_id": topic_id} for topic_id in topic_ids),
        )
        return row.id

    async def add_keys(self, article_id: int, keys: Collection[ArticleKey]) -> None:
        """Keys that another article holds stay with it."""
        await self._insert_new(
            ArticleKeyRow,
            *({"kind": k.kind, "value": k.value, "article_id": article_id} for k in keys),
        )

    async def oldest_date(self, source_id: int) -> datetime | None:
        """Of the articles known from this source."""
        return await self._session.scalar(
            select(func.min(ArticleRow.published_at)).where(ArticleRow.source_id == source_id)
        )

    async def pages_due(self, now: datetime, limit: int) -> list[Article]:
        """Articles whose own page is to be read now, by source, news first."""
        rows = await self._session.scalars(
            select(ArticleRow)
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(
                ArticleRow.page_state == PageState.DUE,
                ArticleRow.page_due_at <= now,
                SourceRow.removed_at.is_(None),
            )
            .order_by(ArticleRow.is_baseline, ArticleRow.page_due_at, ArticleRow.id)
            .limit(limit)
        )
        return sorted(map(_article, rows), key=lambda article: article.source_id)

    async def record_text(
        self,
        article_id: int,
        content: ArticleContent,
        *,
        content_hash: str,
        state: PageState,
        now: datetime,
        reason: str = "",
    ) -> None:
        """The article's text is settled: its first version, and how it was come by."""
        changed = await self._session.scalar(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(page_state=state, page_due_at=None, page_reason=reason)
            .returning(ArticleRow.id)
        )
        if changed is None:  # another run was faster
            return
        self._session.add(
            ArticleVersionRow(
                article_id=article_id,
                n=1,
                title=content.title,
                lead=content.lead,
                paragraphs=list(content.paragraphs),
                credit=content.credit,
                image_url=content.image_url,
                content_hash=content_hash,
                seen_at=now,
            )
        )

    async def date_article(
        self, article_id: int, published_at: datetime, precision: Precision
    ) -> None:
        """Fills in a date that the list did not give."""
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.published_at.is_(None))
            .values(published_at=published_at, precision=precision)
        )

    async def make_baseline(self, article_id: int) -> None:
        """It turned out to be too old to be news."""
        await self._session.execute(
            update(ArticleRow).where(ArticleRow.id == article_id).values(is_baseline=True)
        )

    async def put_page_back(self, article_id: int, *, due_at: datetime, reason: str) -> None:
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(
                page_due_at=due_at,
                page_attempts=ArticleRow.page_attempts + 1,
                page_reason=reason,
            )
        )

    async def give_page_up(self, article_id: int, reason: str) -> None:
        """The article was withdrawn before its page was read: it has no version."""
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(page_state=PageState.GIVEN_UP, page_due_at=None, page_reason=reason)
        )

    async def without_summary(self, limit: int) -> list[ArticleVersion]:
        rows = await self._session.scalars(
            select(ArticleVersionRow)
            .outerjoin(SummaryRow, SummaryRow.version_id == ArticleVersionRow.id)
            .where(SummaryRow.id.is_(None))
            .order_by(ArticleVersionRow.id)
            .limit(limit)
        )
        return [_version(row) for row in rows]

    async def add_summary(self, version_id: int, *, text: str, how: str, now: datetime) -> None:
        """A second summary of the same version is ignored."""
        await self._insert_new(
            SummaryRow,
            {"version_id": version_id, "text": text, "how": how, "created_at": now},
        )

    async def not_in_a_bulletin(self, *, since: datetime) -> list[SummarisedArticle]:
        """Summarised news first seen after `since` that no bulletin holds in any version."""
        told = (
            select(ArticleVersionRow.article_id)
            .join(BulletinArticleRow, BulletinArticleRow.version_id == ArticleVersionRow.id)
            .where(ArticleVersionRow.article_id == ArticleRow.id)
        )
        return await self._summarised(
            _summarised()
            .where(
                ArticleRow.is_baseline.is_(False),
                ArticleRow.first_seen_at > since,
                SourceRow.removed_at.is_(None),
                ~told.exists(),
            )
            .order_by(ArticleRow.published_at, ArticleRow.id)
        )

    async def count_found(self, *, since: datetime) -> int:
        """Articles first seen after `since`, without what a new source had already."""
        number = await self._session.scalar(
            select(func.count())
            .select_from(ArticleRow)
            .where(ArticleRow.is_baseline.is_(False), ArticleRow.first_seen_at >= since)
        )
        return number or 0

    async def news_between(self, after: datetime, until: datetime) -> list[SummarisedArticle]:
        """News whose summary was made after `after` and not after `until`, oldest first."""
        return await self._summarised(
            _summarised()
            .where(
                ArticleRow.is_baseline.is_(False),
                SourceRow.removed_at.is_(None),
                SummaryRow.created_at > after,
                SummaryRow.created_at <= until,
            )
            .order_by(SummaryRow.created_at, ArticleRow.id)
        )

    async def latest(
        self, limit: int, *, topic_ids: Collection[int] | None = None
    ) -> list[SummarisedArticle]:
        """The newest first; of these topics, or of all when None."""
        query = _summarised().order_by(
            func.coalesce(ArticleRow.published_at, ArticleRow.first_seen_at).desc(),
            ArticleRow.id.desc(),
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
        """The articles of a bulletin, in its order."""
        return await self._summarised(
            _summarised()
            .join(BulletinArticleRow, BulletinArticleRow.version_id == ArticleVersionRow.id)
            .where(BulletinArticleRow.bulletin_id == bulletin_id)
            .order_by(BulletinArticleRow.position)
        )

    async def _summarised(
        self, query: Select[ArticleRow, ArticleVersionRow, SummaryRow, SourceRow]
    ) -> list[SummarisedArticle]:
        rows = list(await self._session.execute(query))
        topics = await self._topics([article.id for article, *_ in rows])
        return [_summarised_article(*row, topics.get(row[0].id, frozenset())) for row in rows]

    async def _topics(self, article_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        rows = await self._session.scalars(
            select(ArticleTopicRow).where(ArticleTopicRow.article_id.in_(article_ids))
        )
        found: dict[int, frozenset[int]] = {}
        for row in rows:
            found[row.article_id] = found.get(row.article_id, frozenset()) | {row.topic_id}
        return found


def _summarised() -> Select[ArticleRow, ArticleVersionRow, SummaryRow, SourceRow]:
    return (
        select(ArticleRow, ArticleVersionRow, SummaryRow, SourceRow)
        .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
        .join(SummaryRow, SummaryRow.version_id == ArticleVersionRow.id)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
    )


def _article(row: ArticleRow) -> Article:
    return Article(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        lead=row.lead,
        image_url=row.image_url,
        published_at=row.published_at,
        precision=Precision(row.precision),
        is_baseline=row.is_baseline,
        page_state=PageState(row.page_state),
        page_due_at=row.page_due_at,
        page_attempts=row.page_attempts,
        page_reason=row.page_reason,
        first_seen_at=row.first_seen_at,
    )


def _version(row: ArticleVersionRow) -> ArticleVersion:
    return ArticleVersion(
        id=row.id,
        article_id=row.article_id,
        n=row.n,
        title=row.title,
        lead=row.lead,
        paragraphs=tuple(row.paragraphs),
        credit=row.credit,
        image_url=row.image_url,
        content_hash=row.content_hash,
        seen_at=row.seen_at,
    )


def _summarised_article(
    article: ArticleRow,
    version: ArticleVersionRow,
    summary: SummaryRow,
    source: SourceRow,
    topic_ids: frozenset[int],
) -> SummarisedArticle:
    return SummarisedArticle(
        article_id=article.id,
        version_id=version.id,
        title=version.title,
        summary=summary.text,
        published_at=article.published_at,
        precision=Precision(article.precision),
        first_seen_at=article.first_seen_at,
        summarised_at=summary.created_at,
        source_name=source.name,
        url=article.url,
        topic_ids=topic_ids,
    )

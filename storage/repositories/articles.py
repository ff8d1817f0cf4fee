"""Articles: how they are known again, what a source's list shows, what became too old."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, or_, select, tuple_, update

from storage.article_news import ArticleNews
from storage.article_pages import ArticlePages
from storage.article_rows import article_record
from storage.models import (
    ArticleKeyRow,
    ArticleRow,
    ArticleTopicRow,
    ArticleVersionRow,
    BulletinArticleRow,
    MessageRow,
)
from storage.records import Article, ArticleKey, KeyKind, NewArticle, PageState
from storage.rows import count

KEYS_AT_A_TIME = 500  # two values each; sqlite.org/limits.html
MOST_KEYS = 30  # of one article: an address that changes at each visit must not fill the table


class Articles(ArticlePages, ArticleNews):
    async def get(self, article_id: int) -> Article | None:
        row = await self._session.get(ArticleRow, article_id)
        return article_record(row) if row else None

    async def with_any_key(
        self, keys: Collection[ArticleKey]
    ) -> dict[int, tuple[ArticleKey, ...]]:
        """Article id -> all its keys, of every article that has one of `keys`.

        Whoever else asks waits until this transaction has added what it did not find: two
        sources may list the same article at the same moment.
        """
        await self._alone("articles")
        found: dict[int, dict[ArticleKey, None]] = {}
        for wanted in _some(keys):
            ids = select(ArticleKeyRow.article_id).where(wanted)
            rows = await self._session.scalars(
                select(ArticleKeyRow)
                .where(ArticleKeyRow.article_id.in_(ids))
                .order_by(ArticleKeyRow.article_id, ArticleKeyRow.kind, ArticleKeyRow.value)
            )
            for row in rows:
                if row.article_id is not None:
                    found.setdefault(row.article_id, {})[_key(row)] = None
        return {article_id: tuple(known) for article_id, known in found.items()}

    async def keys_of(self, article_ids: Collection[int]) -> dict[int, tuple[ArticleKey, ...]]:
        rows = await self._session.scalars(
            select(ArticleKeyRow)
            .where(ArticleKeyRow.article_id.in_(article_ids))
            .order_by(ArticleKeyRow.article_id, ArticleKeyRow.kind, ArticleKeyRow.value)
        )
        found: dict[int, tuple[ArticleKey, ...]] = {}
        for row in rows:
            if row.article_id is not None:
                found[row.article_id] = (*found.get(row.article_id, ()), _key(row))
        return found

    async def purged(self, keys: Collection[ArticleKey]) -> set[ArticleKey]:
        """Those of `keys` whose article was known once and is forgotten."""
        found: set[ArticleKey] = set()
        for wanted in _some(keys):
            rows = await self._session.scalars(
                select(ArticleKeyRow).where(wanted, ArticleKeyRow.article_id.is_(None))
            )
            found |= {_key(row) for row in rows}
        return found

    async def add(
        self,
        new: NewArticle,
        *,
        source_id: int,
        topic_ids: Collection[int],
        is_baseline: bool,
        now: datetime,
        listed_hash: str = "",
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
            listed_hash=listed_hash,
            listed_at=now,
            rereads=0,
        )
        self._session.add(row)
        await self._session.flush()
        await self._insert_new(
            ArticleTopicRow,
            *({"article_id": row.id, "topic_id": topic_id} for topic_id in topic_ids),
        )
        return row.id

    async def add_keys(self, article_id: int | None, keys: Collection[ArticleKey]) -> None:
        """Keys that another article holds stay with it. None: of an article that was purged."""
        await self._insert_new(
            ArticleKeyRow,
            *({"kind": k.kind, "value": k.value, "article_id": article_id} for k in keys),
        )

    async def oldest_date(self, source_id: int) -> datetime | None:
        """Of the articles known from this source."""
        return await self._session.scalar(
            select(func.min(ArticleRow.published_at)).where(ArticleRow.source_id == source_id)
        )

    async def on_list(self, source_id: int, listed_at: datetime) -> list[Article]:
        """Those that the source's list of then showed, the newest ids last."""
        rows = await self._session.scalars(
            select(ArticleRow)
            .where(ArticleRow.source_id == source_id, ArticleRow.listed_at == listed_at)
            .order_by(ArticleRow.id)
        )
        return [article_record(row) for row in rows]

    async def of_ids(self, article_ids: Collection[int]) -> dict[int, Article]:
        rows = await self._session.scalars(
            select(ArticleRow).where(ArticleRow.id.in_(article_ids))
        )
        return {row.id: article_record(row) for row in rows}

    async def mark_listed(self, article_ids: Collection[int], now: datetime) -> None:
        await self._session.execute(
            update(ArticleRow).where(ArticleRow.id.in_(article_ids)).values(listed_at=now)
        )

    async def record_listing(
        self,
        article_id: int,
        new: NewArticle,
        *,
        listed_hash: str,
        reread_at: datetime | None,
    ) -> None:
        """The list says something else of the article than before."""
        values: Mapping[str, object] = {
            "title": new.title,
            "lead": new.lead,
            "listed_hash": listed_hash,
        }
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id)
            .values(**values, **({"reread_at": reread_at} if reread_at else {}))
        )

    async def readdress(self, article_id: int, url: str, *, reread_at: datetime) -> None:
        """Its page is not where it was, and the list shows it elsewhere."""
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id)
            .values(
                url=url,
                missing_since=None,
                withdrawn_at=None,
                reread_at=reread_at,
                page_due_at=case((ArticleRow.page_state == PageState.DUE, reread_at)),
            )
        )

    async def hold(self, article_ids: Sequence[int], now: datetime) -> None:
        """Nothing of them is told until an admin has said so."""
        await self._session.execute(
            update(ArticleRow).where(ArticleRow.id.in_(article_ids)).values(held_at=now)
        )

    async def forget(self, *, before: datetime, limit: int = 1000) -> int:
        """Deletes what no list has shown and no bulletin holds since; its keys stay known."""
        needed = (
            select(ArticleVersionRow.id)
            .where(ArticleVersionRow.article_id == ArticleRow.id)
            .where(
                or_(
                    ArticleVersionRow.id.in_(select(BulletinArticleRow.version_id)),
                    ArticleVersionRow.id.in_(
                        select(MessageRow.version_id).where(MessageRow.version_id.is_not(None))
                    ),
                )
            )
            .correlate(ArticleRow)
        )
        ids = await self._session.scalars(
            select(ArticleRow.id)
            .where(
                ArticleRow.first_seen_at < before,
                func.coalesce(ArticleRow.listed_at, ArticleRow.first_seen_at) < before,
                ~needed.exists(),
            )
            .order_by(ArticleRow.id)
            .limit(limit)
        )
        old = ids.all()
        # a title comes again one day; an address or an id does not
        await self._session.execute(
            delete(ArticleKeyRow).where(
                ArticleKeyRow.article_id.in_(old), ArticleKeyRow.kind == KeyKind.TITLE_DAY
            )
        )
        return count(await self._session.execute(delete(ArticleRow).where(ArticleRow.id.in_(old))))


def _some(keys: Collection[ArticleKey]) -> list[ColumnElement[bool]]:
    wanted = sorted((key.kind, key.value) for key in keys)
    return [
        tuple_(ArticleKeyRow.kind, ArticleKeyRow.value).in_(wanted[start : start + KEYS_AT_A_TIME])
        for start in range(0, len(wanted), KEYS_AT_A_TIME)
    ]


def _key(row: ArticleKeyRow) -> ArticleKey:
    return ArticleKey(kind=KeyKind(row.kind), value=row.value)

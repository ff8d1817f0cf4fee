"""When an article's own page is read, read again, and what it said each time."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage.article_rows import article_record, version_record
from storage.models import ArticleRow, ArticleVersionRow, SourceRow
from storage.records import (
    Article,
    ArticleContent,
    ArticleVersion,
    Health,
    PageState,
    Precision,
)
from storage.rows import Repository, count

PAGES_A_SOURCE = 10  # in one run: a portal is not stormed
REREADS_A_SOURCE = 3
MOST_VERSIONS = 20  # of one article: a page that changes whenever it is read says nothing


class ArticlePages(Repository):
    async def pages_due(
        self, now: datetime, limit: int, *, a_source: int = PAGES_A_SOURCE
    ) -> list[Article]:
        """Articles whose page is to be read now: of each source the newest, news first."""
        turn = func.row_number().over(
            partition_by=ArticleRow.source_id,
            order_by=(
                ArticleRow.is_baseline,
                func.coalesce(ArticleRow.published_at, ArticleRow.first_seen_at).desc(),
                ArticleRow.id,  # a list has its newest first
            ),
        )
        ranked = (
            select(ArticleRow.id, turn.label("turn"))
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(
                ArticleRow.page_state == PageState.DUE,
                ArticleRow.page_due_at <= now,
                ArticleRow.held_at.is_(None),
                SourceRow.removed_at.is_(None),
            )
            .subquery()
        )
        rows = await self._session.scalars(
            select(ArticleRow)
            .join(ranked, ranked.c.id == ArticleRow.id)
            .where(ranked.c.turn <= a_source)
            .order_by(ArticleRow.is_baseline, ranked.c.turn, ArticleRow.id)
            .limit(limit)
        )
        return [article_record(row) for row in rows]

    async def record_text(
        self,
        article_id: int,
        content: ArticleContent,
        *,
        content_hash: str,
        state: PageState,
        now: datetime,
        reason: str = "",
    ) -> bool:
        """The article's text is settled: its first version. False: another run was faster."""
        changed = await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(page_state=state, page_due_at=None, page_reason=reason, missing_since=None)
        )
        if not count(changed):
            return False
        self._add_version(article_id, 1, content, content_hash=content_hash, now=now)
        return True

    def _add_version(
        self, article_id: int, n: int, content: ArticleContent, *, content_hash: str, now: datetime
    ) -> None:
        self._session.add(
            ArticleVersionRow(
                article_id=article_id,
                n=n,
                title=content.title,
                lead=content.lead,
                paragraphs=list(content.paragraphs),
                credit=content.credit,
                image_url=content.image_url,
                content_hash=content_hash,
                seen_at=now,
            )
        )

    async def newest_version(self, article_id: int) -> ArticleVersion | None:
        row = await self._session.scalar(
            select(ArticleVersionRow)
            .where(ArticleVersionRow.article_id == article_id)
            .order_by(ArticleVersionRow.n.desc())
            .limit(1)
        )
        return version_record(row) if row else None

    async def add_version(
        self, article_id: int, content: ArticleContent, *, content_hash: str, now: datetime
    ) -> bool:
        """False when the newest version says the same, or there is none, or there are too many."""
        newest = await self.newest_version(article_id)
        if newest is None or newest.content_hash == content_hash or newest.n >= MOST_VERSIONS:
            return False
        self._add_version(article_id, newest.n + 1, content, content_hash=content_hash, now=now)
        return True

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

    async def put_page_back(
        self,
        article_id: int,
        *,
        due_at: datetime,
        reason: str,
        missing_since: datetime | None = None,
    ) -> None:
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(
                page_due_at=due_at,
                page_attempts=ArticleRow.page_attempts + 1,
                page_reason=reason,
                missing_since=missing_since,
            )
        )

    async def give_page_up(self, article_id: int, reason: str) -> None:
        """The article was withdrawn before its page was read: it has no version."""
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id, ArticleRow.page_state == PageState.DUE)
            .values(page_state=PageState.GIVEN_UP, page_due_at=None, page_reason=reason)
        )

    async def rereads_due(self, now: datetime, limit: int) -> list[Article]:
        """Articles whose page is to be looked at again; of sources that are well."""
        turn = func.row_number().over(
            partition_by=ArticleRow.source_id, order_by=(ArticleRow.reread_at, ArticleRow.id)
        )
        ranked = (
            select(ArticleRow.id, turn.label("turn"))
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(
                ArticleRow.reread_at <= now,
                ArticleRow.page_state != PageState.DUE,
                SourceRow.removed_at.is_(None),
                SourceRow.health == Health.OK,
            )
            .subquery()
        )
        rows = await self._session.scalars(
            select(ArticleRow)
            .join(ranked, ranked.c.id == ArticleRow.id)
            .where(ranked.c.turn <= REREADS_A_SOURCE)
            .order_by(ArticleRow.reread_at, ArticleRow.id)
            .limit(limit)
        )
        return [article_record(row) for row in rows]

    async def plan_reread(self, article_id: int, reread_at: datetime | None) -> None:
        await self._session.execute(
            update(ArticleRow).where(ArticleRow.id == article_id).values(reread_at=reread_at)
        )

    async def record_there(self, article_id: int, *, reread_at: datetime | None) -> None:
        """The page answered: it is not missing, or not any more."""
        await self._reread(article_id, reread_at=reread_at, missing_since=None, withdrawn_at=None)

    async def record_unread(self, article_id: int, *, reread_at: datetime | None) -> None:
        """The page could not be looked at this time; nothing is known anew."""
        await self._reread(article_id, reread_at=reread_at)

    async def record_missing(
        self, article_id: int, *, now: datetime, reread_at: datetime | None, is_withdrawn: bool
    ) -> None:
        """The page is not there; when it has been so for long enough it is withdrawn."""
        await self._reread(
            article_id,
            reread_at=reread_at,
            missing_since=func.coalesce(ArticleRow.missing_since, now),
            **(
                {"withdrawn_at": func.coalesce(ArticleRow.withdrawn_at, now)}
                if is_withdrawn
                else {}
            ),
        )

    async def _reread(self, article_id: int, **values: object) -> None:
        await self._session.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article_id)
            .values(rereads=ArticleRow.rereads + 1, **values)
        )

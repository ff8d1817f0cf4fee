"""Bulletins: what is to be sent, and for whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select, update

from storage.models import (
    ArticleRow,
    ArticleVersionRow,
    BulletinArticleRow,
    BulletinAudienceRow,
    BulletinListedRow,
    BulletinRow,
    DeliveryRow,
)
from storage.records import (
    Audience,
    AudienceRule,
    Bulletin,
    BulletinKind,
    DeliveryState,
    LateNews,
    NewBulletin,
    Urgency,
)
from storage.rows import Repository, count


class Bulletins(Repository):
    async def add(self, new: NewBulletin, now: datetime) -> int | None:
        """Its id; None when a bulletin with this content key is there already."""
        inserted = await self._insert_new(
            BulletinRow,
            {
                "kind": new.kind,
                "content_key": new.content_key,
                "code": new.code,
                "urgency": new.urgency,
                "not_before": new.not_before,
                "expires_at": new.expires_at,
                "created_at": now,
                "author_id": new.author_id,
                "is_paid": new.is_paid,
            },
        )
        if not inserted:
            return None
        mine = BulletinRow.content_key == new.content_key
        bulletin_id = (await self._session.scalars(select(BulletinRow.id).where(mine))).one()
        await self._insert_new(
            BulletinArticleRow,
            *(
                {"bulletin_id": bulletin_id, "position": position, "version_id": version_id}
                for position, version_id in enumerate(new.version_ids)
            ),
        )
        await self._insert_new(
            BulletinAudienceRow,
            *(
                {"bulletin_id": bulletin_id, "rule": each.rule, "value": each.value}
                for each in new.audience
            ),
        )
        await self._insert_new(
            BulletinListedRow,
            *({"bulletin_id": bulletin_id, "subscriber_id": each} for each in new.listed),
        )
        return bulletin_id

    async def get(self, bulletin_id: int) -> Bulletin:
        row = await self._session.get_one(BulletinRow, bulletin_id)
        return _bulletin(row)

    async def newest(self, limit: int) -> list[Bulletin]:
        rows = await self._session.scalars(
            select(BulletinRow).order_by(BulletinRow.id.desc()).limit(limit)
        )
        return [_bulletin(row) for row in rows]

    async def named(self, code: str) -> Bulletin | None:
        row = await self._session.scalar(select(BulletinRow).where(BulletinRow.code == code))
        return _bulletin(row) if row else None

    async def ready(self, now: datetime) -> list[Bulletin]:
        """Those that are due and were not given to their subscribers yet.

        A notice also when it is too late for it: its report must say whom it did not reach.
        """
        rows = await self._session.scalars(
            select(BulletinRow)
            .where(
                BulletinRow.fanned_out_at.is_(None),
                BulletinRow.cancelled_at.is_(None),
                BulletinRow.not_before <= now,
                or_(BulletinRow.expires_at > now, BulletinRow.kind == BulletinKind.BROADCAST),
            )
            .order_by(BulletinRow.id)
        )
        return [_bulletin(row) for row in rows]

    async def late(self, now: datetime, *, since: datetime) -> list[LateNews]:
        """News past its time that somebody did not get, and that no admin has decided on yet.

        Whoever else asks waits until this transaction has decided or not.
        """
        await self._alone("late_news")
        expired = exists().where(
            DeliveryRow.bulletin_id == BulletinRow.id, DeliveryRow.state == DeliveryState.EXPIRED
        )
        rows = await self._session.execute(
            select(BulletinRow.id, ArticleVersionRow.id, ArticleVersionRow.title)
            .add_columns(ArticleRow.first_seen_at)
            .join(BulletinArticleRow, BulletinArticleRow.bulletin_id == BulletinRow.id)
            .join(ArticleVersionRow, ArticleVersionRow.id == BulletinArticleRow.version_id)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .where(
                BulletinRow.kind == BulletinKind.ARTICLE,
                BulletinRow.expires_at <= now,
                BulletinRow.offered_at.is_(None),
                BulletinRow.cancelled_at.is_(None),
                BulletinRow.created_at > since,
                or_(BulletinRow.fanned_out_at.is_(None), expired),
            )
            .order_by(ArticleRow.first_seen_at, BulletinRow.id)
        )
        return [
            LateNews(
                bulletin_id=bulletin_id,
                version_id=version_id,
                title=title,
                first_seen_at=first_seen_at,
            )
            for bulletin_id, version_id, title, first_seen_at in rows
        ]

    async def mark_offered(self, bulletin_ids: Sequence[int], now: datetime) -> None:
        """An admin has decided: it is sent as a digest, or not at all."""
        await self._session.execute(
            update(BulletinRow).where(BulletinRow.id.in_(bulletin_ids)).values(offered_at=now)
        )

    async def audience(self, bulletin_id: int) -> list[Audience]:
        rows = await self._session.scalars(
            select(BulletinAudienceRow).where(BulletinAudienceRow.bulletin_id == bulletin_id)
        )
        return [Audience(rule=AudienceRule(row.rule), value=row.value) for row in rows]

    async def told_in(self, digest_id: int) -> list[Bulletin]:
        """Those of the single articles that this digest tells."""
        told = select(BulletinArticleRow.version_id).where(
            BulletinArticleRow.bulletin_id == digest_id
        )
        rows = await self._session.scalars(
            select(BulletinRow)
            .join(BulletinArticleRow, BulletinArticleRow.bulletin_id == BulletinRow.id)
            .where(
                BulletinArticleRow.version_id.in_(told),
                BulletinRow.kind == BulletinKind.ARTICLE,
                BulletinRow.cancelled_at.is_(None),
            )
            .order_by(BulletinRow.id)
        )
        return [_bulletin(row) for row in rows]

    async def cancel(self, bulletin_id: int, now: datetime) -> bool:
        """What waits of it is not sent any more; False when it was cancelled before."""
        changed = await self._session.execute(
            update(BulletinRow)
            .where(BulletinRow.id == bulletin_id, BulletinRow.cancelled_at.is_(None))
            .values(cancelled_at=now)
        )
        return count(changed) == 1

    async def mark_fanned_out(self, bulletin_id: int, now: datetime) -> bool:
        """False when it was, or when it was cancelled meanwhile."""
        changed = await self._session.execute(
            update(BulletinRow)
            .where(
                BulletinRow.id == bulletin_id,
                BulletinRow.fanned_out_at.is_(None),
                BulletinRow.cancelled_at.is_(None),
            )
            .values(fanned_out_at=now)
        )
        return count(changed) == 1


def _bulletin(row: BulletinRow) -> Bulletin:
    return Bulletin(
        id=row.id,
        kind=BulletinKind(row.kind),
        content_key=row.content_key,
        code=row.code,
        author_id=row.author_id,
        urgency=Urgency(row.urgency),
        not_before=row.not_before,
        expires_at=row.expires_at,
        corrects_id=row.corrects_id,
        created_at=row.created_at,
        fanned_out_at=row.fanned_out_at,
        cancelled_at=row.cancelled_at,
        is_paid=row.is_paid,
        settled_at=row.settled_at,
        offered_at=row.offered_at,
    )

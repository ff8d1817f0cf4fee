"""News held back where a bot has few messages left, until it is told in a digest."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select, update

from storage.audiences import delivery_is_for_active, is_reachable
from storage.models import (
    HELD_BACK,
    WAITING,
    ArticleRow,
    ArticleVersionRow,
    BulletinArticleRow,
    BulletinRow,
    DeliveryRow,
    SubscriberRow,
)
from storage.records import (
    BulletinKind,
    DeliveryState,
    HeldNews,
    Reason,
)
from storage.rows import Repository, count
from storage.ways import never_arrived


class Held(Repository):
    async def hold_back(self, bot_id: int, kinds: Collection[BulletinKind], now: datetime) -> int:
        """What waits for this bot, of these kinds, is told in a digest. How many.

        Nothing of which a part may have arrived.
        """
        bulletins = select(BulletinRow.id).where(
            BulletinRow.kind.in_(kinds), BulletinRow.cancelled_at.is_(None)
        )
        return count(
            await self._session.execute(
                update(DeliveryRow)
                .where(
                    WAITING,
                    DeliveryRow.bot_id == bot_id,
                    DeliveryRow.state == DeliveryState.QUEUED,
                    DeliveryRow.bulletin_id.in_(bulletins),
                    never_arrived(),
                )
                .values(state=DeliveryState.HELD, reason=Reason.QUOTA, changed_at=now)
                .execution_options(synchronize_session=False)
            )
        )

    async def drop(self, now: datetime) -> None:
        """What is owed to nobody any more: stopped by the office, for who has left or is gone."""
        stopped = exists().where(
            BulletinRow.id == DeliveryRow.bulletin_id, BulletinRow.cancelled_at.is_not(None)
        )
        reachable = exists().where(SubscriberRow.id == DeliveryRow.subscriber_id, is_reachable())
        for applies, state, reason in (
            (stopped, DeliveryState.CANCELLED, Reason.STOPPED),
            (~delivery_is_for_active(), DeliveryState.CANCELLED, Reason.LEFT),
            (~reachable, DeliveryState.FAILED, Reason.CHAT_GONE),
        ):
            await self._session.execute(
                update(DeliveryRow)
                .where(HELD_BACK, applies)
                .values(state=state, reason=reason, changed_at=now)
                .execution_options(synchronize_session=False)
            )

    async def all(self) -> list[HeldNews]:
        """Oldest first. Until this transaction has told it or not, it goes no other way."""
        rows = (
            await self._session.execute(
                select(
                    DeliveryRow.id,
                    DeliveryRow.bot_id,
                    DeliveryRow.subscriber_id,
                    DeliveryRow.bulletin_id,
                    DeliveryRow.changed_at,
                )
                .where(HELD_BACK)
                .order_by(DeliveryRow.bulletin_id, DeliveryRow.id)
                .with_for_update()
            )
        ).all()
        news = await self._news_in({row.bulletin_id for row in rows})
        return [
            HeldNews(
                delivery_id=row.id,
                bot_id=row.bot_id,
                subscriber_id=row.subscriber_id,
                held_at=row.changed_at,
                version_ids=news.get(row.bulletin_id, ()),
            )
            for row in rows
        ]

    async def _news_in(self, bulletin_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Bulletin -> its versions of articles that the portals still show, in its order."""
        rows = await self._session.execute(
            select(BulletinArticleRow.bulletin_id, BulletinArticleRow.version_id)
            .join(ArticleVersionRow, ArticleVersionRow.id == BulletinArticleRow.version_id)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .where(
                BulletinArticleRow.bulletin_id.in_(bulletin_ids),
                ArticleRow.missing_since.is_(None),
            )
            .order_by(BulletinArticleRow.bulletin_id, BulletinArticleRow.position)
        )
        found: dict[int, tuple[int, ...]] = {}
        for bulletin_id, version_id in rows:
            found[bulletin_id] = (*found.get(bulletin_id, ()), version_id)
        return found

    async def mark_told(self, delivery_ids: Collection[int], now: datetime) -> int:
        """Their news stand in a digest. How many were still held."""
        return await self._end_held(delivery_ids, Reason.IN_DIGEST, now)

    async def mark_withdrawn(self, delivery_ids: Collection[int], now: datetime) -> int:
        """The portals show nothing of their news any more. How many were still held."""
        return await self._end_held(delivery_ids, Reason.WITHDRAWN, now)

    async def _end_held(self, delivery_ids: Collection[int], reason: Reason, now: datetime) -> int:
        return count(
            await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(delivery_ids), HELD_BACK)
                .values(state=DeliveryState.CANCELLED, reason=reason, changed_at=now)
                .execution_options(synchronize_session=False)
            )
        )

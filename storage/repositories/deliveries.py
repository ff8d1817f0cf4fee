"""Deliveries: who is to get a bulletin, and what takes him off the list again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from storage.audiences import delivery_is_for_active, is_reachable, receives
from storage.models import (
    IN_FLIGHT,
    UNSETTLED,
    WAITING,
    BulletinRow,
    ChatRow,
    DeliveryRow,
    SubscriberRow,
    UtcDateTime,
)
from storage.records import (
    Audience,
    Bulletin,
    BulletinKind,
    DeliveryState,
    Reachability,
    Reason,
    SubscriberState,
    Urgency,
)
from storage.rows import Repository, count


class Deliveries(Repository):
    async def fan_out(
        self, bulletin: Bulletin, audience: Sequence[Audience], *, now: datetime
    ) -> int:
        """One delivery for each active, reachable subscriber of the audience; how many are new.

        Who reads digests gets no article by itself.
        """
        way = aliased(ChatRow)
        first = (
            select(func.min(ChatRow.id))
            .where(
                ChatRow.subscriber_id == SubscriberRow.id,
                ChatRow.reachability == Reachability.OK,
            )
            .correlate(SubscriberRow)
            .scalar_subquery()
        )
        values = {
            "bulletin_id": literal(bulletin.id),
            "subscriber_id": SubscriberRow.id,
            "state": literal(DeliveryState.QUEUED.value),
            "attempts": literal(0),
            "unsure_count": literal(0),
            "not_before": literal(bulletin.not_before, UtcDateTime()),
            "changed_at": literal(now, UtcDateTime()),
            "bot_id": way.bot_id,
            "priority": literal(_priority(bulletin)),
        }
        wanted = (
            select(*values.values())
            .join(way, way.id == first)
            .where(*receives(audience, bulletin.id))
        )
        if bulletin.kind is BulletinKind.ARTICLE:
            wanted = wanted.where(SubscriberRow.digest_hour.is_(None))
        return count(
            await self._session.execute(
                self._insert(DeliveryRow)
                .from_select(list(values), wanted)
                .on_conflict_do_nothing()
            )
        )

    async def cancel_for(self, subscriber_id: int, now: datetime) -> None:
        """The subscriber has left: what still waits for him is not sent."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.subscriber_id == subscriber_id, WAITING)
            .values(state=DeliveryState.CANCELLED, reason=Reason.LEFT, changed_at=now)
        )

    async def settle(self, now: datetime) -> int:
        """Ends what waits of bulletins that were stopped or are past their time. How many.

        A bulletin is looked at until nothing of it waits or is in flight any more.
        """
        over = (
            await self._session.execute(
                select(BulletinRow.id, BulletinRow.cancelled_at)
                .where(
                    UNSETTLED,
                    or_(BulletinRow.cancelled_at.is_not(None), BulletinRow.expires_at <= now),
                    # a notice is given out although it is late: its report must name everybody
                    or_(
                        BulletinRow.fanned_out_at.is_not(None),
                        BulletinRow.cancelled_at.is_not(None),
                        BulletinRow.kind != BulletinKind.BROADCAST,
                    ),
                )
                .order_by(BulletinRow.id)
            )
        ).all()
        ended = 0
        for bulletin_id, cancelled_at in over:
            ended += await self._end_waiting(bulletin_id, now, is_stopped=cancelled_at is not None)
        return ended

    async def put_aside(self, now: datetime) -> int:
        """What waits may have been sent already, in a life of this database that is lost.

        It is too late for all that was to go out by now. How many deliveries.
        """
        await self._session.execute(
            update(BulletinRow)
            .where(UNSETTLED, BulletinRow.not_before <= now, BulletinRow.expires_at > now)
            .values(expires_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(DeliveryRow)
            .where(IN_FLIGHT)
            .values(state=DeliveryState.UNSURE, process_id=None)
            .execution_options(synchronize_session=False)
        )
        return await self.settle(now)

    async def expire(self, bulletin_id: int, now: datetime) -> int:
        """What waits of it is too late. How many."""
        return await self._end_waiting(bulletin_id, now, is_stopped=False)

    async def missed(self, bulletin_ids: Sequence[int]) -> list[tuple[int, int]]:
        """Subscriber and bulletin, of those it came too late for and who still receive."""
        rows = await self._session.execute(
            select(DeliveryRow.subscriber_id, DeliveryRow.bulletin_id)
            .where(
                DeliveryRow.bulletin_id.in_(bulletin_ids),
                DeliveryRow.state == DeliveryState.EXPIRED,
                delivery_is_for_active(),
            )
            .order_by(DeliveryRow.subscriber_id, DeliveryRow.bulletin_id)
        )
        return [(subscriber_id, bulletin_id) for subscriber_id, bulletin_id in rows]

    async def _end_waiting(self, bulletin_id: int, now: datetime, *, is_stopped: bool) -> int:
        ended = count(
            await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.bulletin_id == bulletin_id, WAITING)
                .values(
                    state=DeliveryState.CANCELLED if is_stopped else DeliveryState.EXPIRED,
                    reason=Reason.STOPPED if is_stopped else Reason.STALE,
                    changed_at=now,
                )
                .execution_options(synchronize_session=False)
            )
        )
        in_flight = exists().where(DeliveryRow.bulletin_id == bulletin_id, IN_FLIGHT)
        await self._session.execute(
            update(BulletinRow)
            .where(BulletinRow.id == bulletin_id, ~in_flight)
            .values(settled_at=now)
            .execution_options(synchronize_session=False)
        )
        return ended

    async def cancel_bulletin(self, bulletin_id: int, now: datetime) -> int:
        """The office stopped it: what still waits is not sent. How many."""
        return count(
            await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.bulletin_id == bulletin_id, WAITING)
                .values(state=DeliveryState.CANCELLED, reason=Reason.STOPPED, changed_at=now)
            )
        )

    async def requeue_failed(self, bulletin_id: int, now: datetime) -> int:
        """Those it did not reach get it once more, if they can be written to now. How many."""
        active = exists().where(
            SubscriberRow.id == DeliveryRow.subscriber_id,
            SubscriberRow.state == SubscriberState.ACTIVE,
            is_reachable(),
        )
        return count(
            await self._session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.bulletin_id == bulletin_id,
                    DeliveryRow.state == DeliveryState.FAILED,
                    active,
                )
                .values(
                    state=DeliveryState.QUEUED,
                    reason=None,
                    attempts=0,
                    unsure_count=0,
                    not_before=now,
                    changed_at=now,
                )
            )
        )


def _priority(bulletin: Bulletin) -> int:
    """Urgent before ordinary before digests."""
    if bulletin.urgency is Urgency.URGENT:
        return 0
    return 2 if bulletin.kind is BulletinKind.DIGEST else 1

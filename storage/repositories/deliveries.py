"""Deliveries: who is to get a bulletin, and what takes him off the list again."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, case, exists, literal, or_, select, update
from sqlalchemy.orm import aliased

from storage.audiences import (
    any_group_stands,
    delivery_is_for_active,
    has_it_in_a_group,
    is_reachable,
    wants,
)
from storage.models import (
    HELD_BACK,
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
    URGENT,
    Audience,
    Bulletin,
    BulletinKind,
    ChatKind,
    DeliveryState,
    MissedByGroup,
    Reason,
    SubscriberState,
    Urgency,
)
from storage.rerouting import FANNING_OUT, Rerouting
from storage.rows import count
from storage.ways import (
    never_arrived,
    way_of_delivery,
    way_of_subscriber,
    with_several_ways,
)


class Deliveries(Rerouting):
    async def fan_out(
        self, bulletin: Bulletin, audience: Sequence[Audience], *, now: datetime
    ) -> int:
        """One delivery for each active, reachable subscriber of the audience, besides those for
        whom a group gets it. How many are new.
        """
        await self._alone(FANNING_OUT)
        which = wants(audience, bulletin.id)
        # most offices have no such group: half the time
        if await self._session.scalar(any_group_stands()):
            is_news = bulletin.kind is not BulletinKind.BROADCAST
            which.append(~has_it_in_a_group(audience, bulletin.id, is_news=is_news))
        return await self._give_to(which, bulletin, now)

    async def fan_out_to_members(
        self,
        organisation_id: int,
        bulletin: Bulletin,
        audience: Sequence[Audience],
        *,
        now: datetime,
        in_a_digest: bool = False,
        without_bots: Collection[int] = (),
    ) -> int:
        """Each of this organisation by himself, when a group that was to get it for them did not.
        How many are new.

        `in_a_digest`: as if it had been held back from the beginning. `without_bots`: only who can
        be written to by others than these.
        """
        await self._alone(FANNING_OUT)
        which = [
            *wants(audience, bulletin.id),
            SubscriberRow.organisation_id == organisation_id,
            SubscriberRow.kind == ChatKind.PERSON,
            SubscriberRow.consented_at <= bulletin.fanned_out_at,  # nobody who joined since
            is_reachable(without_bots=without_bots),
        ]
        if in_a_digest:
            held_at = bulletin.fanned_out_at or now
            return await self._give_to(
                which, bulletin, held_at, state=DeliveryState.HELD, reason=Reason.QUOTA
            )
        return await self._give_to(which, bulletin, now)

    async def _give_to(
        self,
        which: Sequence[ColumnElement[bool]],
        bulletin: Bulletin,
        now: datetime,
        *,
        state: DeliveryState = DeliveryState.QUEUED,
        reason: Reason | None = None,
    ) -> int:
        """Who reads digests gets no article by itself."""
        way = aliased(ChatRow)
        values = {
            "bulletin_id": literal(bulletin.id),
            "subscriber_id": SubscriberRow.id,
            "state": literal(state.value),
            "reason": literal(reason, Text()),
            "attempts": literal(0),
            "unsure_count": literal(0),
            "not_before": literal(bulletin.not_before, UtcDateTime()),
            "changed_at": literal(now, UtcDateTime()),
            "bot_id": way.bot_id,
            "priority": literal(_priority(bulletin)),
        }
        wanted = select(*values.values()).join(way, way.id == way_of_subscriber()).where(*which)
        if bulletin.kind is BulletinKind.ARTICLE:
            wanted = wanted.where(SubscriberRow.digest_hour.is_(None))
        return count(
            await self._session.execute(
                self._insert(DeliveryRow)
                .from_select(list(values), wanted)
                .on_conflict_do_nothing()
            )
        )

    async def take_over(
        self,
        closed: Collection[int],
        now: datetime,
        *,
        held_by: Collection[int] = (),
        only_ordinary: bool = False,
    ) -> int:
        """What waits for these bots goes the same people's other ways, where they have one.

        Also what is held back for a digest, of the bots that will send none. Only what
        certainly was not sent. How many.
        """
        if not closed:
            return 0
        waits = [DeliveryRow.state == DeliveryState.QUEUED, DeliveryRow.bot_id.in_(closed)]
        if only_ordinary:
            waits.append(DeliveryRow.priority > URGENT)
        is_held = and_(HELD_BACK, DeliveryRow.bot_id.in_(held_by))
        return await self._reroute(
            way_of_delivery(without_bots=closed),
            or_(and_(*waits), is_held),
            # or all that waits for a platform that is down would be looked at each time
            DeliveryRow.subscriber_id.in_(with_several_ways()),
            now=now,
        )

    async def missed_by_groups(
        self,
        now: datetime,
        *,
        since: datetime,
        closed: Collection[int] = (),
        saving: Collection[int] = (),
    ) -> list[MissedByGroup]:
        """What a group did not get that stands for its members, as it failed or the group left; or
        will not get for long: it waits for a bot that is closed, or for one that is saving, and is
        not urgent.
        """
        group = aliased(SubscriberRow)
        lost = and_(
            DeliveryRow.state.in_((DeliveryState.FAILED, DeliveryState.CANCELLED)),
            DeliveryRow.reason.in_((Reason.CHAT_GONE, Reason.REFUSED, Reason.LEFT)),
            DeliveryRow.changed_at >= since,
        )
        waits = and_(
            DeliveryRow.state.in_((DeliveryState.QUEUED, DeliveryState.HELD)),
            or_(
                DeliveryRow.bot_id.in_(closed),
                and_(DeliveryRow.bot_id.in_(saving), DeliveryRow.priority > URGENT),
            ),
        )
        rows = await self._session.execute(
            select(
                DeliveryRow.bulletin_id,
                group.organisation_id,
                waits.label("may_come"),
            )
            .join(group, group.id == DeliveryRow.subscriber_id)
            .join(BulletinRow, BulletinRow.id == DeliveryRow.bulletin_id)
            .where(
                group.stands_for_members.is_(True),
                group.organisation_id.is_not(None),
                or_(lost, waits),
                never_arrived(),
                BulletinRow.cancelled_at.is_(None),
                # old news was held: a digest tells it
                or_(BulletinRow.expires_at > now, BulletinRow.kind != BulletinKind.BROADCAST),
            )
            .order_by(DeliveryRow.id)
        )
        return [
            MissedByGroup(
                bulletin_id=row.bulletin_id,
                organisation_id=row.organisation_id,
                may_come=bool(row.may_come),
            )
            for row in rows
        ]

    async def cancel_for(self, subscriber_id: int, now: datetime) -> None:
        """The subscriber has left: what still waits for him or is held is not sent."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.subscriber_id == subscriber_id, or_(WAITING, HELD_BACK))
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
        held = await self._session.execute(
            update(DeliveryRow)
            .where(HELD_BACK)
            .values(state=DeliveryState.EXPIRED, reason=Reason.STALE, changed_at=now)
            .execution_options(synchronize_session=False)
        )
        return count(held) + await self.settle(now)

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
                    # what may have arrived once is not tried anywhere else
                    unsure_count=case((DeliveryRow.unsure_count > 0, 1), else_=0),
                    not_before=now,
                    changed_at=now,
                )
            )
        )


def _priority(bulletin: Bulletin) -> int:
    """Urgent before ordinary before digests."""
    if bulletin.urgency is Urgency.URGENT:
        return URGENT
    return 2 if bulletin.kind is BulletinKind.DIGEST else 1

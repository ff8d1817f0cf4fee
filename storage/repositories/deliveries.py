"""Deliveries: the intention before a send, the outcome after."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from storage.audiences import delivery_is_for_active, is_reachable, receives
from storage.chat_rows import chat_record
from storage.models import (
    BulletinRow,
    ChatRow,
    DeliveryRow,
    MessageRow,
    SubscriberRow,
)
from storage.records import (
    Audience,
    BulletinKind,
    DeliveryState,
    DueDelivery,
    Reachability,
    Reason,
    SubscriberState,
    Urgency,
)
from storage.rows import Repository, count

_WAITING = (DeliveryState.QUEUED, DeliveryState.UNSURE)
MAY_BE_UNSURE = 2  # the second time ends as failed(unconfirmed)


class Deliveries(Repository):
    async def fan_out(
        self,
        bulletin_id: int,
        audience: Sequence[Audience],
        *,
        not_before: datetime,
        now: datetime,
    ) -> int:
        """One delivery for each active, reachable subscriber of the audience; how many are new.

        Who reads digests gets no article by itself.
        """
        is_article = exists().where(
            BulletinRow.id == bulletin_id, BulletinRow.kind == BulletinKind.ARTICLE
        )
        wanted = select(
            literal(bulletin_id),
            SubscriberRow.id,
            literal(DeliveryState.QUEUED.value),
            literal(0),
            literal(0),
            literal(not_before, DeliveryRow.not_before.type),
            literal(now, DeliveryRow.changed_at.type),
        ).where(
            *receives(audience, bulletin_id),
            or_(SubscriberRow.digest_hour.is_(None), ~is_article),
            ~exists().where(
                DeliveryRow.bulletin_id == bulletin_id,
                DeliveryRow.subscriber_id == SubscriberRow.id,
            ),
        )
        columns = [
            "bulletin_id",
            "subscriber_id",
            "state",
            "attempts",
            "unsure_count",
            "not_before",
            "changed_at",
        ]
        return count(await self._session.execute(insert(DeliveryRow).from_select(columns, wanted)))

    async def due(
        self,
        now: datetime,
        limit: int,
        *,
        bot_ids: Collection[int],
        without_chats: Collection[int] = (),
        urgent_only: bool = False,
    ) -> list[DueDelivery]:
        """What these bots may send now: urgent before ordinary before digests, oldest first."""
        urgencies = [Urgency.URGENT] if urgent_only else list(Urgency)
        first_chat = (
            select(func.min(ChatRow.id))
            .where(
                ChatRow.subscriber_id == DeliveryRow.subscriber_id,
                ChatRow.reachability == Reachability.OK,
                ChatRow.bot_id.in_(bot_ids),
            )
            .correlate(DeliveryRow)
            .scalar_subquery()
        )
        parts = (
            select(func.count())
            .select_from(MessageRow)
            .where(MessageRow.delivery_id == DeliveryRow.id)
            .correlate(DeliveryRow)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(DeliveryRow, ChatRow, parts)
            .join(BulletinRow, BulletinRow.id == DeliveryRow.bulletin_id)
            .join(ChatRow, ChatRow.id == first_chat)
            .join(SubscriberRow, SubscriberRow.id == DeliveryRow.subscriber_id)
            .where(
                SubscriberRow.state == SubscriberState.ACTIVE,
                BulletinRow.cancelled_at.is_(None),
                DeliveryRow.state.in_(_WAITING),
                DeliveryRow.not_before <= now,
                ChatRow.id.not_in(without_chats),
                BulletinRow.urgency.in_(urgencies),
            )
            .order_by(
                BulletinRow.urgency != Urgency.URGENT,
                BulletinRow.kind == BulletinKind.DIGEST,
                DeliveryRow.not_before,
                DeliveryRow.id,
            )
            .limit(limit)
        )
        return [
            DueDelivery(
                id=delivery.id,
                bulletin_id=delivery.bulletin_id,
                attempts=delivery.attempts,
                unsure_count=delivery.unsure_count,
                chat=chat_record(chat),
                parts_sent=parts_sent,
            )
            for delivery, chat, parts_sent in rows
        ]

    async def begin(self, delivery_id: int, chat_id: int, now: datetime) -> bool:
        """Writes the intention to send; False when the delivery is no longer waiting."""
        changed = await self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == delivery_id,
                DeliveryRow.state.in_(_WAITING),
                delivery_is_for_active(),
                ~_is_stopped(),
            )
            .values(
                state=DeliveryState.SENDING,
                attempts=DeliveryRow.attempts + 1,
                chat_id=chat_id,
                reason=None,
                changed_at=now,
            )
        )
        return count(changed) == 1

    async def record_part(
        self,
        delivery_id: int,
        part: int,
        *,
        chat_id: int,
        platform_message_id: str,
        version_id: int | None,
        now: datetime,
    ) -> None:
        await self._insert_new(
            MessageRow,
            {
                "delivery_id": delivery_id,
                "part": part,
                # nothing, when the subscriber was erased while it was sent
                "chat_id": select(ChatRow.id).where(ChatRow.id == chat_id).scalar_subquery(),
                "platform_message_id": platform_message_id,
                "version_id": version_id,
                "sent_at": now,
            },
        )

    async def mark_sent(self, delivery_id: int, now: datetime) -> None:
        await self._end(delivery_id, DeliveryState.SENT, None, now)

    async def give_up(self, delivery_id: int, reason: Reason, now: datetime) -> None:
        await self._end(delivery_id, DeliveryState.FAILED, reason, now)

    async def put_back(
        self, delivery_id: int, reason: Reason, *, until: datetime, now: datetime
    ) -> None:
        """Certainly not sent this time; to be tried again after `until`."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == DeliveryState.SENDING)
            .values(
                state=case(
                    (DeliveryRow.unsure_count > 0, DeliveryState.UNSURE.value),
                    else_=DeliveryState.QUEUED.value,
                ),
                reason=reason,
                not_before=until,
                changed_at=now,
            )
        )

    async def mark_unsure(self, delivery_id: int, *, until: datetime, now: datetime) -> None:
        """May have been sent: once more after `until`; the second time it ends unconfirmed."""
        await self._mark_unsure(DeliveryRow.id == delivery_id, until, now)

    async def recover(self, now: datetime) -> int:
        """What was in flight when its process died may have been sent. How many."""
        return await self._mark_unsure(None, now, now)

    async def cancel_for(self, subscriber_id: int, now: datetime) -> None:
        """The subscriber has left: what still waits for him is not sent."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.subscriber_id == subscriber_id, DeliveryRow.state.in_(_WAITING))
            .values(state=DeliveryState.CANCELLED, reason=Reason.LEFT, changed_at=now)
        )

    async def end_hopeless(self, now: datetime) -> int:
        """Ends what waits past its bulletin's time, or for who has left or is gone. How many."""
        stale = exists().where(
            BulletinRow.id == DeliveryRow.bulletin_id, BulletinRow.expires_at <= now
        )
        waiting = DeliveryRow.state.in_(_WAITING)
        stopped = await self._session.execute(  # put back after the office had stopped it
            update(DeliveryRow)
            .where(waiting, _is_stopped())
            .values(state=DeliveryState.CANCELLED, reason=Reason.STOPPED, changed_at=now)
        )
        expired = await self._session.execute(
            update(DeliveryRow)
            .where(waiting, stale)
            .values(state=DeliveryState.EXPIRED, reason=Reason.STALE, changed_at=now)
        )
        left = await self._session.execute(
            update(DeliveryRow)
            .where(waiting, ~delivery_is_for_active())
            .values(state=DeliveryState.CANCELLED, reason=Reason.LEFT, changed_at=now)
        )
        reachable = exists().where(
            ChatRow.subscriber_id == DeliveryRow.subscriber_id,
            ChatRow.reachability == Reachability.OK,
        )
        gone = await self._session.execute(
            update(DeliveryRow)
            .where(waiting, ~reachable)
            .values(state=DeliveryState.FAILED, reason=Reason.CHAT_GONE, changed_at=now)
        )
        return count(stopped) + count(expired) + count(left) + count(gone)

    async def cancel_bulletin(self, bulletin_id: int, now: datetime) -> int:
        """The office stopped it: what still waits is not sent. How many."""
        return count(
            await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.bulletin_id == bulletin_id, DeliveryRow.state.in_(_WAITING))
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

    async def _end(
        self, delivery_id: int, state: DeliveryState, reason: Reason | None, now: datetime
    ) -> None:
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == DeliveryState.SENDING)
            .values(state=state, reason=reason, changed_at=now)
        )

    async def _mark_unsure(
        self, which: ColumnElement[bool] | None, until: datetime, now: datetime
    ) -> int:
        last = DeliveryRow.unsure_count + 1 >= MAY_BE_UNSURE
        statement = update(DeliveryRow).where(DeliveryRow.state == DeliveryState.SENDING)
        if which is not None:
            statement = statement.where(which)
        return count(
            await self._session.execute(
                statement.values(
                    state=case(
                        (last, DeliveryState.FAILED.value), else_=DeliveryState.UNSURE.value
                    ),
                    reason=Reason.UNCONFIRMED,
                    unsure_count=DeliveryRow.unsure_count + 1,
                    not_before=until,
                    changed_at=now,
                )
            )
        )


def _is_stopped() -> ColumnElement[bool]:
    return exists().where(
        BulletinRow.id == DeliveryRow.bulletin_id, BulletinRow.cancelled_at.is_not(None)
    )

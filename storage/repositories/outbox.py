"""How deliveries went and how many there would be: looks only, for reports and for who watches."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from storage.audiences import has_it_in_a_group, is_reachable, wants
from storage.models import (
    WAITING,
    BulletinRow,
    DeliveryRow,
    MessageRow,
    OrganisationRow,
    SubscriberRow,
)
from storage.records import (
    Audience,
    ChatKind,
    Delivery,
    DeliveryState,
    Failure,
    Message,
    Reason,
    Recipients,
    Urgency,
)
from storage.rows import Repository

_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)
_MISSED = (DeliveryState.FAILED, DeliveryState.EXPIRED)


class Outbox(Repository):
    async def overdue(
        self,
        since: datetime,
        *,
        urgent_only: bool = False,
        gone: Collection[int] = (),
        reserved: Collection[int] = (),
    ) -> int:
        """Deliveries that could have been sent since then and still wait, tried or not.

        Without those of the bots `gone`, and those of the bots `reserved` that are not urgent.
        """
        number = await self._session.scalar(
            select(func.count())
            .select_from(DeliveryRow)
            .join(BulletinRow, BulletinRow.id == DeliveryRow.bulletin_id)
            .where(
                DeliveryRow.state.in_(_OPEN),
                BulletinRow.fanned_out_at <= since,
                # what was put in the queue again waits only since then
                or_(DeliveryRow.attempts > 0, DeliveryRow.changed_at <= since),
                *_may_go_out(gone, reserved, urgent_only=urgent_only),
            )
        )
        return number or 0

    async def count_due(
        self,
        since: datetime,
        *,
        urgent_only: bool = False,
        gone: Collection[int] = (),
        reserved: Collection[int] = (),
    ) -> int:
        """Deliveries that nothing but their turn has held back since then.

        Without those of the bots `gone`, and those of the bots `reserved` that are not urgent.
        """
        number = await self._session.scalar(
            select(func.count())
            .select_from(DeliveryRow)
            .join(BulletinRow, BulletinRow.id == DeliveryRow.bulletin_id)
            .where(
                WAITING,
                DeliveryRow.not_before <= since,
                BulletinRow.fanned_out_at <= since,
                *_may_go_out(gone, reserved, urgent_only=urgent_only),
            )
        )
        return number or 0

    async def count_messages(self, *, since: datetime) -> int:
        number = await self._session.scalar(
            select(func.count()).select_from(MessageRow).where(MessageRow.sent_at >= since)
        )
        return number or 0

    async def missed_since(self, since: datetime) -> dict[Reason | None, int]:
        """Deliveries that ended without being sent, by reason."""
        rows = await self._session.execute(
            select(DeliveryRow.reason, func.count())
            .where(DeliveryRow.state.in_(_MISSED), DeliveryRow.changed_at >= since)
            .group_by(DeliveryRow.reason)
            .order_by(DeliveryRow.reason)
        )
        return {Reason(reason) if reason else None: number for reason, number in rows}

    async def recipients(self, audience: Sequence[Audience]) -> Recipients:
        """How many a bulletin for this audience would have now."""
        rows = await self._session.execute(
            select(SubscriberRow.kind, func.count())
            .where(is_reachable(), *wants(audience), ~has_it_in_a_group(audience))
            .group_by(SubscriberRow.kind)
        )
        found = {ChatKind(kind): number for kind, number in rows}
        return Recipients(
            people=found.get(ChatKind.PERSON, 0), groups=found.get(ChatKind.GROUP, 0)
        )

    async def report(self, bulletin_id: int) -> dict[tuple[DeliveryState, Reason | None], int]:
        rows = await self._session.execute(
            select(DeliveryRow.state, DeliveryRow.reason, func.count())
            .where(DeliveryRow.bulletin_id == bulletin_id)
            .group_by(DeliveryRow.state, DeliveryRow.reason)
            .order_by(DeliveryRow.state, DeliveryRow.reason)  # the same words at every look
        )
        return {
            (DeliveryState(state), Reason(reason) if reason else None): number
            for state, reason, number in rows
        }

    async def failures(self, bulletin_id: int, limit: int) -> list[Failure]:
        """Whom it did not reach."""
        rows = await self._session.execute(
            select(SubscriberRow, OrganisationRow.name, DeliveryRow.reason)
            .join(SubscriberRow, SubscriberRow.id == DeliveryRow.subscriber_id)
            .outerjoin(OrganisationRow, OrganisationRow.id == SubscriberRow.organisation_id)
            .where(
                DeliveryRow.bulletin_id == bulletin_id,
                DeliveryRow.state == DeliveryState.FAILED,
            )
            .order_by(DeliveryRow.id)
            .limit(limit)
        )
        return [
            Failure(
                subscriber_id=who.id,
                name=who.name,
                kind=ChatKind(who.kind),
                organisation=organisation or "",
                reason=Reason(reason) if reason else None,
            )
            for who, organisation, reason in rows
        ]

    async def counts(self) -> dict[DeliveryState, int]:
        rows = await self._session.execute(
            select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        )
        return {DeliveryState(state): number for state, number in rows}

    async def count_sent_to(self, subscriber_id: int) -> int:
        number = await self._session.scalar(
            select(func.count())
            .select_from(DeliveryRow)
            .where(
                DeliveryRow.subscriber_id == subscriber_id,
                DeliveryRow.state == DeliveryState.SENT,
            )
        )
        return number or 0

    async def of_bulletin(self, bulletin_id: int) -> list[Delivery]:
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.bulletin_id == bulletin_id)
            .order_by(DeliveryRow.id)
        )
        return [_delivery(row) for row in rows]

    async def messages(self, delivery_id: int) -> list[Message]:
        rows = await self._session.scalars(
            select(MessageRow)
            .where(MessageRow.delivery_id == delivery_id)
            .order_by(MessageRow.part)
        )
        return [_message(row) for row in rows]


def _may_go_out(
    gone: Collection[int], reserved: Collection[int], *, urgent_only: bool
) -> tuple[ColumnElement[bool], ...]:
    is_urgent = BulletinRow.urgency == Urgency.URGENT
    return (
        DeliveryRow.bot_id.not_in(gone),
        is_urgent if urgent_only else or_(is_urgent, DeliveryRow.bot_id.not_in(reserved)),
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        bulletin_id=row.bulletin_id,
        subscriber_id=row.subscriber_id,
        state=DeliveryState(row.state),
        reason=Reason(row.reason) if row.reason else None,
        attempts=row.attempts,
        unsure_count=row.unsure_count,
        not_before=row.not_before,
        chat_id=row.chat_id,
        changed_at=row.changed_at,
        bot_id=row.bot_id,
        priority=row.priority,
        process_id=row.process_id,
    )


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.id,
        delivery_id=row.delivery_id,
        part=row.part,
        chat_id=row.chat_id,
        platform_message_id=row.platform_message_id,
        version_id=row.version_id,
        sent_at=row.sent_at,
    )

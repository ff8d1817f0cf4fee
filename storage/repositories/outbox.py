"""The outbox as whoever watches the program sees it: what waits too long, what failed of late."""

from datetime import datetime

from sqlalchemy import func, or_, select

from storage.models import BulletinRow, DeliveryRow
from storage.records import DeliveryState, Reason, Urgency
from storage.rows import Repository

_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)
_MISSED = (DeliveryState.FAILED, DeliveryState.EXPIRED)


class Outbox(Repository):
    async def overdue(self, since: datetime, *, urgent_only: bool = False) -> int:
        """Deliveries that could have been sent since then and still wait, tried or not."""
        urgencies = [Urgency.URGENT] if urgent_only else list(Urgency)
        number = await self._session.scalar(
            select(func.count())
            .select_from(DeliveryRow)
            .join(BulletinRow, BulletinRow.id == DeliveryRow.bulletin_id)
            .where(
                DeliveryRow.state.in_(_OPEN),
                BulletinRow.fanned_out_at <= since,
                # what was put in the queue again waits only since then
                or_(DeliveryRow.attempts > 0, DeliveryRow.changed_at <= since),
                BulletinRow.urgency.in_(urgencies),
            )
        )
        return number or 0

    async def missed_since(self, since: datetime) -> dict[Reason | None, int]:
        """Deliveries that ended without being sent, by reason."""
        rows = await self._session.execute(
            select(DeliveryRow.reason, func.count())
            .where(DeliveryRow.state.in_(_MISSED), DeliveryRow.changed_at >= since)
            .group_by(DeliveryRow.reason)
        )
        return {Reason(reason) if reason else None: number for reason, number in rows}

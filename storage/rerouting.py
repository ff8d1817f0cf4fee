"""Deliveries that wait: given another way when theirs is closed or was chosen anew."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, select, update

from storage.models import HELD_BACK, BulletinRow, DeliveryRow
from storage.records import DeliveryState
from storage.rows import Repository, count
from storage.ways import never_arrived

FANNING_OUT = "fan_out"  # and who becomes one person: the one sees all of the other or nothing
_AT_A_TIME = 1000


class Rerouting(Repository):
    async def _reroute(
        self, way: ScalarSelect[int], *which: ColumnElement[bool], now: datetime
    ) -> int:
        """To the bot that `way` finds, where it finds another one. How many.

        News held back whose time is over stays held there: a digest tells it, nothing else may.
        They are locked before it is looked whether anything of them was sent: what was sent
        while the lock was waited for is seen.
        """
        over = exists().where(
            BulletinRow.id == DeliveryRow.bulletin_id, BulletinRow.expires_at <= now
        )
        too_late = and_(HELD_BACK, over)
        moved = 0
        while ids := await self._locked(way, *which):
            changed = await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(ids), never_arrived(), way.is_not(None))
                .values(
                    state=case((too_late, DeliveryRow.state), else_=DeliveryState.QUEUED.value),
                    reason=case((too_late, DeliveryRow.reason), else_=None),
                    bot_id=way,
                    chat_id=None,
                    not_before=now,
                    changed_at=now,
                )
                .execution_options(synchronize_session=False)
            )
            moved += count(changed)
        return moved

    async def _locked(self, way: ScalarSelect[int], *which: ColumnElement[bool]) -> list[int]:
        rows = await self._session.scalars(
            select(DeliveryRow.id)
            .where(*which, never_arrived(), way != DeliveryRow.bot_id)
            .order_by(DeliveryRow.id)
            .limit(_AT_A_TIME)
            .with_for_update(skip_locked=True)
        )
        return list(rows)

"""Bulletins that chats refused, where the platform does not say who is gone."""

from datetime import datetime

from sqlalchemy import delete, func, select

from storage.models import ChatRow, DeliveryRow, RefusalRow
from storage.records import DeliveryState
from storage.rows import Repository

_IN_A_ROW = 3


class Refusals(Repository):
    async def add(self, chat_id: int, delivery_id: int, now: datetime) -> bool:
        """Whether it is the third bulletin in a row: then the chat counts as gone.

        One bulletin counts once, however often it is tried.
        """
        await self._alone(f"refusal:{chat_id}")
        mine = RefusalRow.chat_id == chat_id
        await self._forget_before_success(chat_id)
        await self._insert_new(
            RefusalRow, {"chat_id": chat_id, "delivery_id": delivery_id, "at": now}
        )
        number = await self._session.scalar(
            select(func.count()).select_from(RefusalRow).where(mine)
        )
        if (number or 0) < _IN_A_ROW:
            return False
        await self._session.execute(delete(RefusalRow).where(mine))
        return True

    async def _forget_before_success(self, chat_id: int) -> None:
        last_sent = (
            select(func.max(DeliveryRow.changed_at))
            .join(ChatRow, ChatRow.subscriber_id == DeliveryRow.subscriber_id)
            .where(
                ChatRow.id == chat_id,
                DeliveryRow.chat_id == chat_id,
                DeliveryRow.state == DeliveryState.SENT,
            )
            .scalar_subquery()
        )
        await self._session.execute(
            delete(RefusalRow).where(RefusalRow.chat_id == chat_id, RefusalRow.at < last_sent)
        )

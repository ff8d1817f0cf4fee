"""What bots may use of their month, and have used."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, literal, select, update

from storage.chat_rows import bot_record
from storage.models import (
    IN_FLIGHT,
    BotLimitRow,
    BotRow,
    ChatRow,
    DeliveryRow,
    QuotaRow,
)
from storage.records import (
    ChatKind,
    Limits,
    Spent,
    Usage,
)
from storage.rows import Repository, count


class Quotas(Repository):
    async def set_limits(self, bot_id: int, limits: Limits | None) -> None:
        """None: the platform sets none."""
        mine = BotLimitRow.bot_id == bot_id
        if limits is None:
            await self._session.execute(delete(BotLimitRow).where(mine))
            return
        values = {
            "messages": limits.messages,
            "people": limits.people,
            "groups": limits.groups,
        }
        await self._insert_new(BotLimitRow, {"bot_id": bot_id, **values})
        await self._session.execute(update(BotLimitRow).where(mine).values(values))

    async def count(self, bot_id: int, month: str, *, sent: int = 0, received: int = 0) -> None:
        """So many more, or fewer when negative; of a bot without limits nothing is counted."""
        row = {
            "bot_id": BotLimitRow.bot_id,
            "month": literal(month),
            "sent": literal(sent),
            "received": literal(received),
        }
        new = self._insert(QuotaRow).from_select(
            list(row), select(*row.values()).where(BotLimitRow.bot_id == bot_id)
        )
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[QuotaRow.bot_id, QuotaRow.month],
                set_={
                    "sent": QuotaRow.sent + new.excluded.sent,
                    "received": QuotaRow.received + new.excluded.received,
                },
            )
        )

    async def mark_gone(
        self, bot_id: int, month: str, now: datetime, *, again_after: datetime | None = None
    ) -> None:
        """The platform takes nothing more of this bot this month.

        It stays the moment when that was said first, or first after `again_after`.
        """
        is_news: ColumnElement[bool] = QuotaRow.gone_at.is_(None)
        if again_after is not None:
            is_news |= QuotaRow.gone_at <= again_after
        await self.count(bot_id, month)
        await self._session.execute(
            update(QuotaRow).where(*_of(bot_id, month), is_news).values(gone_at=now)
        )

    async def resume(self, bot_id: int, month: str) -> bool:
        """It is tried again. False when nothing had stopped it."""
        changed = await self._session.execute(
            update(QuotaRow)
            .where(*_of(bot_id, month), QuotaRow.gone_at.is_not(None))
            .values(gone_at=None)
        )
        return count(changed) == 1

    async def usage(self, month: str) -> list[Usage]:
        """Of every bot that has limits."""
        rows = await self._session.execute(
            select(BotRow, BotLimitRow, QuotaRow)
            .join(BotLimitRow, BotLimitRow.bot_id == BotRow.id)
            .outerjoin(QuotaRow, (QuotaRow.bot_id == BotRow.id) & (QuotaRow.month == month))
            .order_by(BotRow.id)
        )
        known = await self._known()
        return [
            _usage(bot, _spent(limits, month, quota), known.get(bot.id, {}))
            for bot, limits, quota in rows
        ]

    async def to_spend(self, bot_id: int, month: str) -> tuple[Spent, int] | None:
        """What it has used, and how many deliveries are just being sent; None without limits.

        Whoever else asks waits until this transaction has claimed what may be sent.
        """
        await self._alone(f"quota:{bot_id}")
        found = (
            await self._session.execute(
                select(BotLimitRow, QuotaRow)
                .outerjoin(QuotaRow, and_(*_of(bot_id, month)))
                .where(BotLimitRow.bot_id == bot_id)
            )
        ).one_or_none()
        if found is None:
            return None
        limits, quota = found
        in_flight = await self._session.scalar(
            select(func.count())
            .select_from(DeliveryRow)
            .where(IN_FLIGHT, DeliveryRow.bot_id == bot_id)
        )
        return _spent(limits, month, quota), in_flight or 0

    async def _known(self) -> dict[int, dict[ChatKind, int]]:
        """Bot -> how many people and groups it knows, reachable or not."""
        rows = await self._session.execute(
            select(ChatRow.bot_id, ChatRow.kind, func.count(ChatRow.address.distinct()))
            .join(BotLimitRow, BotLimitRow.bot_id == ChatRow.bot_id)
            .group_by(ChatRow.bot_id, ChatRow.kind)
        )
        known: dict[int, dict[ChatKind, int]] = {}
        for bot_id, kind, number in rows:
            known.setdefault(bot_id, {})[ChatKind(kind)] = number
        return known


def _of(bot_id: int, month: str) -> tuple[ColumnElement[bool], ...]:
    return (QuotaRow.bot_id == bot_id, QuotaRow.month == month)


def _spent(limits: BotLimitRow, month: str, quota: QuotaRow | None) -> Spent:
    return Spent(
        limits=Limits(messages=limits.messages, people=limits.people, groups=limits.groups),
        month=month,
        sent=quota.sent if quota else 0,
        received=quota.received if quota else 0,
        gone_at=quota.gone_at if quota else None,
    )


def _usage(bot: BotRow, spent: Spent, known: Mapping[ChatKind, int]) -> Usage:
    return Usage(
        bot=bot_record(bot),
        limits=spent.limits,
        month=spent.month,
        sent=spent.sent,
        received=spent.received,
        gone_at=spent.gone_at,
        people=known.get(ChatKind.PERSON, 0),
        groups=known.get(ChatKind.GROUP, 0),
    )

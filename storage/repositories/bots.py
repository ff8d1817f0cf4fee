"""The bots: one row a token's account. The token itself is never stored."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from storage.chat_rows import bot_record
from storage.models import BotRow
from storage.records import Bot, Platform
from storage.rows import Repository


class Bots(Repository):
    async def register(self, platform: Platform, account: str, name: str) -> Bot:
        """The row of this account, new or known."""
        await self._insert_new(BotRow, {"platform": platform, "account": account, "name": name})
        mine = (BotRow.platform == platform, BotRow.account == account)
        await self._session.execute(update(BotRow).where(*mine).values(name=name))
        return bot_record((await self._session.scalars(select(BotRow).where(*mine))).one())

    async def all(self) -> list[Bot]:
        rows = await self._session.scalars(select(BotRow).order_by(BotRow.id))
        return [bot_record(row) for row in rows]

    async def mark_down(self, bot_id: int, now: datetime) -> None:
        """Its platform does not answer; since when is kept from the first time."""
        await self._session.execute(
            update(BotRow)
            .where(BotRow.id == bot_id, BotRow.down_since.is_(None))
            .values(down_since=now)
        )

    async def mark_up(self, bot_id: int) -> None:
        await self._session.execute(
            update(BotRow)
            .where(BotRow.id == bot_id, BotRow.down_since.is_not(None))
            .values(down_since=None)
        )

    async def down_since_before(self, moment: datetime) -> set[int]:
        rows = await self._session.scalars(select(BotRow.id).where(BotRow.down_since <= moment))
        return set(rows)

    async def platforms(self, *, without: Collection[Platform] = ()) -> list[Platform]:
        """Where the office has a bot."""
        rows = await self._session.scalars(select(BotRow.platform).distinct())
        return sorted({Platform(each) for each in rows}.difference(without))

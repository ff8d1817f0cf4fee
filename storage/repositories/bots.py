"""The bots: one row a token's account. The token itself is never stored."""

from sqlalchemy import select, update

from storage.models import BotRow
from storage.records import Bot, Platform
from storage.rows import Repository


class Bots(Repository):
    async def register(self, platform: Platform, account: str, name: str) -> Bot:
        """The row of this account, new or known."""
        await self._insert_new(BotRow, {"platform": platform, "account": account, "name": name})
        mine = (BotRow.platform == platform, BotRow.account == account)
        await self._session.execute(update(BotRow).where(*mine).values(name=name))
        row = (await self._session.scalars(select(BotRow).where(*mine))).one()
        return Bot(id=row.id, platform=Platform(row.platform), account=row.account, name=row.name)

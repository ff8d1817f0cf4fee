"""Keeps Telegram's command menus as the registry and the roles say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.commands.registry import menu
from bot.platforms.patience import until_answered
from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.menu import publish_menu
from jobs.clock import Clock
from storage.database import Database
from storage.problems import DatabaseBusy
from storage.records import ChatKind, Platform, Role

MENU_EVERY = timedelta(seconds=5)  # so soon a new owner sees his commands


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuKeeper:
    bot: TelegramBot
    database: Database
    clock: Clock
    on_several: bool  # whether the office is on other platforms too

    async def run(self) -> None:
        """Until cancelled. Raises TokenRefused."""
        published: dict[str, Role] | None = None
        while True:
            try:
                staff = await self._staff()
            except DatabaseBusy:
                staff = published or {}
            if staff != published:
                former = dict.fromkeys(set(published or ()) - set(staff), Role.MEMBER)
                await until_answered(partial(self._publish, {**former, **staff}), self.clock)
                published = staff
            await self.clock.sleep_until(self.clock.monotonic() + MENU_EVERY.total_seconds())

    async def _staff(self) -> dict[str, Role]:
        """Private chat -> role, of those who see more than members."""
        async with self.database.transaction() as tx:
            holders = await tx.subscribers.with_role(*(set(Role) - {Role.MEMBER}))
        return {
            chat.address: subscriber.role
            for subscriber, chat in holders
            if chat.kind is ChatKind.PERSON and chat.platform is Platform.TELEGRAM
        }

    async def _publish(self, staff: Mapping[str, Role]) -> None:
        await publish_menu(
            self.bot,
            private=self._private(Role.MEMBER),
            groups=menu(Role.MEMBER, ChatKind.GROUP, is_chat_admin=False),
            group_admins=menu(Role.MEMBER, ChatKind.GROUP),
            staff={
                chat: () if role is Role.MEMBER else self._private(role)
                for chat, role in staff.items()
            },
        )

    def _private(self, role: Role) -> list[tuple[str, str]]:
        return menu(role, ChatKind.PERSON, on_several=self.on_several)

"""One bot of the office, opened; and what all of them need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.commands.command import Office
from bot.commands.wording import addressed
from bot.setting_forms import account_of
from bot.settings import Settings
from jobs.clock import Clock
from jobs.line import Line
from jobs.slots import OwnSlots, SharedSlots, Slots
from storage.database import Database
from storage.records import Bot, Platform

_APOLOGY = (
    "Hệ thống đang gặp trục trặc, yêu cầu vừa rồi chưa được xử lý. Mong {you} thử lại sau ít phút."
)


class CannotStart(Exception):
    """What is missing, for the person who runs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeBot:
    row: Bot
    line: Line
    works: tuple[Callable[[], Awaitable[None]], ...]  # without end; raise TokenRefused

    @property
    def duty(self) -> str:
        """One process receives what people say to a bot."""
        return f"updates:{self.row.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where the bots work."""

    settings: Settings
    database: Database
    clock: Clock

    @property
    def office(self) -> Office:
        settings = self.settings
        return Office(
            name=settings.office,
            address_form=settings.address_form,
            contact=settings.contact,
            quiet_from_hour=settings.quiet_from_hour,
            quiet_to_hour=settings.quiet_to_hour,
            messages_per_second=settings.messages_per_second,
            paid_per_second=settings.paid_messages_per_second,
            answers_a_day=settings.zalo_answers_a_day,
        )

    @property
    def apology(self) -> str:
        return addressed(self.office, _APOLOGY)

    def slots(self, bot_id: int) -> Slots:
        if self.database.is_sqlite:
            return OwnSlots(self.clock)
        return SharedSlots(self.database, bot_id, self.clock)

    async def register(self, platform: Platform, token: str) -> Bot:
        """The row of the token's account."""
        async with self.database.transaction() as tx:
            row = await tx.bots.register(platform, account_of(token), self.settings.office)
            await tx.pace.register(row.id, self.clock.now())
        return row

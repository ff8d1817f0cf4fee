"""Telegram: one bot, buttons."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Person, Standing
from jobs.clock import SystemClock
from jobs.line import Line
from jobs.pacing import Pacer
from storage.database import Database
from storage.records import Platform
from tests.flow.town import PATIENCE_SECONDS, Resident, Town


class TelegramTown(Town):
    platform = Platform.TELEGRAM
    name = "Telegram"
    per_second = 30
    refused = MappingProxyType({"telegram_token": f"12345:{'x' * 35}"})

    @property
    def tokens(self) -> Sequence[str]:
        return [self.server.telegram.token]

    def settings(self) -> dict[str, object]:
        return {
            "telegram_token": self.server.telegram.token,
            "telegram_api_url": self.server.api_url,
        }

    @asynccontextmanager
    async def opened_line(
        self,
        database: Database,  # noqa: ARG002 - as promised
        bot_id: int,  # noqa: ARG002 - as promised
        token: str,
    ) -> AsyncIterator[Line]:
        async with open_bot(token, api_url=self.server.api_url) as bot:
            yield Line(messenger=TelegramMessenger(bot), pacer=Pacer(SystemClock()))

    def texts(self, resident: Resident) -> list[str]:
        return self.server.telegram.texts(int(resident.chat))

    def write(self, resident: Resident, text: str) -> None:
        self.server.people.write(self._person(resident), text)

    def greet(self, resident: Resident) -> None:
        self.write(resident, "/start")  # as Telegram's own button does

    def choose(self, resident: Resident, label: str) -> None:
        self.server.people.press(self._person(resident), label)

    def slow_down(self, seconds: float) -> None:
        self._fault(Fault(kind=FaultKind.SLOW, method="sendMessage", seconds=seconds))

    def break_down(self, times: int) -> None:
        self._fault(Fault(kind=FaultKind.BAD_GATEWAY, times=times))

    def recover(self) -> None:
        self.server.telegram.faults.clear()

    async def until(self, holds: Callable[[], bool]) -> None:
        await self.server.telegram.until(holds, seconds=PATIENCE_SECONDS)

    def _fault(self, fault: Fault) -> None:
        self.server.telegram.faults.add(fault)

    def _person(self, resident: Resident) -> Person:
        return self.server.telegram.persons[int(resident.chat)]

    def _settle(self, number: int, *, is_known: bool = True) -> Resident:
        person = Person(id=720_000 + number, first_name="Người", last_name=str(number))
        standing = Standing.MEMBER if is_known else Standing.STRANGER
        self.server.telegram.add_person(person, standing=standing)
        return Resident(chat=str(person.id), account=self.accounts[0])

"""Zalo: two bots of at most 50 people, numbers for buttons; asked for updates, or calling."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType

from bot.bots.zalo import MOST_AT_ONCE, PER_SECOND
from bot.platforms.zalo.client import open_client
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import Knobs, Updates
from bot.rehearsal.zalo.records import Person, Standing
from jobs.clock import SystemClock
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.quota import Metered, Quota
from storage.database import Database
from storage.records import Platform
from tests.flow.town import PATIENCE_SECONDS, Resident, Town
from tests.ports import a_free_port

TOKENS = ("8000000001:mot-ma-de-thu", "8000000002:hai-ma-de-thu")
# asked, Zalo tells everything three times; calling, it tries as long as the program is dead
PERSISTENT = Knobs(updates=Updates.REPLAY, webhook_tries=100_000, webhook_retry_seconds=0.1)
SECRET = "mot-bi-mat-dai"  # noqa: S105 - opens nothing


class ZaloTown(Town):
    platform = Platform.ZALO
    name = "Zalo"
    per_second = PER_SECOND * len(TOKENS)
    refused = MappingProxyType({"zalo_tokens": "8000000009:sai-xxxxx"})

    @property
    def tokens(self) -> Sequence[str]:
        return TOKENS

    def settings(self) -> dict[str, object]:
        return {"zalo_tokens": " ".join(TOKENS), "zalo_api_url": self.server.zalo_api_url}

    @asynccontextmanager
    async def opened_line(
        self, database: Database, bot_id: int, token: str
    ) -> AsyncIterator[Line]:
        clock = SystemClock()
        quota = Quota(database=database, bot_id=bot_id, clock=clock)
        async with open_client(token, api_url=self.server.zalo_api_url) as client:
            messenger = Metered(messenger=ZaloMessenger(client), quota=quota)
            pacer = Pacer(clock, per_second=PER_SECOND)
            yield Line(messenger=messenger, pacer=pacer, at_once=MOST_AT_ONCE, quota=quota)

    def texts(self, resident: Resident) -> list[str]:
        return self.account(resident).texts(resident.chat)

    def write(self, resident: Resident, text: str) -> None:
        person = self.server.zalo.persons[resident.chat]
        self.server.zalo_people.write(person, text, bot=self.account(resident))

    def greet(self, resident: Resident) -> None:
        self.write(resident, "Xin chào")

    def choose(self, resident: Resident, label: str) -> None:  # noqa: ARG002 - as promised
        self.write(resident, "có")

    def slow_down(self, seconds: float) -> None:
        self._fault(Fault(kind=FaultKind.SLOW, method="sendMessage", seconds=seconds))

    def break_down(self, times: int) -> None:
        self._fault(Fault(kind=FaultKind.BAD_GATEWAY, times=times))

    def recover(self) -> None:
        self.server.zalo.faults.clear()

    async def until(self, holds: Callable[[], bool]) -> None:
        await self.server.zalo.until(holds, seconds=PATIENCE_SECONDS)

    def account(self, resident: Resident) -> Account:
        return next(each for each in self.server.zalo.bots.values() if each.id == resident.account)

    def _fault(self, fault: Fault) -> None:
        self.server.zalo.faults.add(fault)

    def _settle(self, number: int, *, is_known: bool = True) -> Resident:
        """By turns with either bot."""
        person = Person(id=f"{number:020x}", name=f"Người {number}")
        resident = Resident(chat=person.id, account=self.accounts[number % len(TOKENS)])
        standing = Standing.MEMBER if is_known else Standing.STRANGER
        self.server.zalo.add_person(person, bot=self.account(resident), standing=standing)
        return resident


class CallingZaloTown(ZaloTown):
    """Zalo posts to the program, which listens; people answer by number."""

    def __init__(self, server: RehearsalServer) -> None:
        super().__init__(server)
        self.port = a_free_port()  # the program's
        self.called_at = self.port  # where Zalo posts to

    def settings(self) -> dict[str, object]:
        return {
            **super().settings(),
            "zalo_webhook_url": f"http://127.0.0.1:{self.called_at}",
            "zalo_webhook_secret": SECRET,
            "web_listen": f"127.0.0.1:{self.port}",
        }

    @property
    def secrets(self) -> list[str]:
        return [*super().secrets, SECRET]

    def choose(self, resident: Resident, label: str) -> None:  # noqa: ARG002 - as promised
        self.write(resident, "1")

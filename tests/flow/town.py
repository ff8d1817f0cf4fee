"""A platform with people on it and the office's bots: the same to ask of each platform."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot.rehearsal.server import RehearsalServer
from jobs.line import Line
from storage.database import Database
from storage.records import Chat, Platform, Subscriber
from storage.repositories.subscribers import ChatAddress
from tests.program import for_office
from tests.samples import a_source, a_subscriber

PATIENCE_SECONDS = 60
CROWD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Somebody, with the one bot of the office's that he writes to."""

    chat: str
    account: str  # the bot's: what stands before the colon of its token


class Town(ABC):
    """All that a test of the program needs to know of a platform."""

    platform: ClassVar[Platform]
    name: ClassVar[str]  # as sentences say it
    per_second: ClassVar[int]  # messages of all bots together
    refused: ClassVar[Mapping[str, str]]  # settings with a token that the platform does not know

    def __init__(self, server: RehearsalServer) -> None:
        self.server = server
        self.crowd: Sequence[Resident] = [self._settle(number) for number in range(CROWD)]
        self.newcomer = self._settle(CROWD, is_known=False)  # never wrote to his bot

    @property
    @abstractmethod
    def tokens(self) -> Sequence[str]:
        """Of the office's bots."""

    @abstractmethod
    def settings(self) -> dict[str, object]:
        """Of the program, that are about this platform."""

    @abstractmethod
    def opened_line(
        self, database: Database, bot_id: int, token: str
    ) -> AbstractAsyncContextManager[Line]:
        """What sends for one bot, as the program sets it up."""

    @abstractmethod
    def texts(self, resident: Resident) -> list[str]:
        """What his bot has written to him, the oldest first."""

    @abstractmethod
    def write(self, resident: Resident, text: str) -> None: ...

    @abstractmethod
    def greet(self, resident: Resident) -> None:
        """What one does who has just found the bot."""

    @abstractmethod
    def choose(self, resident: Resident, label: str) -> None:
        """The first of the choices he was offered last; `label` is what it says."""

    @abstractmethod
    def slow_down(self, seconds: float) -> None:
        """Every message is taken, and answered so much later."""

    @abstractmethod
    def break_down(self, times: int) -> None:
        """So many requests meet a bad gateway."""

    @abstractmethod
    def recover(self) -> None: ...

    @abstractmethod
    async def until(self, holds: Callable[[], bool]) -> None:
        """Returns as soon as it holds. Raises TimeoutError."""

    @abstractmethod
    def _settle(self, number: int, *, is_known: bool = True) -> Resident: ...

    @property
    def accounts(self) -> list[str]:
        return [token.partition(":")[0] for token in self.tokens]

    @property
    def secrets(self) -> list[str]:
        """What no log may show."""
        return [token.partition(":")[2] for token in self.tokens]

    def env(self, folder: Path, **own: object) -> dict[str, str]:
        """In which `bantin` runs."""
        return for_office(folder, self.server, **{**self.settings(), **own})

    async def bots(self, database: Database) -> dict[str, int]:
        """Account -> row."""
        async with database.transaction() as tx:
            return {
                account: (await tx.bots.register(self.platform, account, "Bản tin")).id
                for account in self.accounts
            }

    async def joined(self, database: Database, *residents: Resident) -> None:
        """They receive every topic; the portal is read."""
        bots = await self.bots(database)
        for each in residents:
            await a_subscriber(database, self._where(bots, each))
        await a_source(database, self.server.portal_url)

    async def found(
        self, database: Database, resident: Resident
    ) -> tuple[Chat, Subscriber] | None:
        """As the office knows him."""
        where = self._where(await self.bots(database), resident)
        async with database.transaction() as tx:
            return await tx.subscribers.at(where)

    def _where(self, bots: Mapping[str, int], resident: Resident) -> ChatAddress:
        return ChatAddress(
            platform=self.platform, bot_id=bots[resident.account], address=resident.chat
        )

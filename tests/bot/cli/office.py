"""An office for the console's tests: a folder with its database, Telegram and a portal played."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.records import Person
from jobs.clock import SystemClock
from storage.database import Database, open_database
from storage.records import Role
from tests.program import Ended, bantin, for_rehearsal
from tests.samples import a_bot, a_source, a_subscriber, at

CLOCK = SystemClock()
_LOOK_SECONDS = 0.1  # between two looks at what the program is working on
OWNER = Person(id=720000, first_name="Người phụ trách")


@dataclass(frozen=True, kw_only=True)
class Office:
    folder: Path
    server: RehearsalServer
    env: dict[str, str]
    bot_id: int

    @property
    def path(self) -> Path:
        return self.folder / "bantin.db"

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        database = open_database(f"sqlite+aiosqlite:///{self.path}")
        try:
            yield database
        finally:
            await database.close()

    async def bantin(self, *arguments: str, answers: str = "", **settings: str) -> Ended:
        own = {f"BANTIN_{name.upper()}": value for name, value in settings.items()}
        return await bantin(*arguments, folder=self.folder, env=self.env | own, answers=answers)

    async def join(self, number: int) -> Sequence[int]:
        """That many more subscribers, of every topic; their ids at Telegram."""
        first = 720001
        people = [Person(id=first + n, first_name="Hội viên") for n in range(number)]
        async with self.database() as database:
            for person in people:
                self.server.telegram.add_person(person)
                await a_subscriber(database, at(self.bot_id, str(person.id)))
        return [person.id for person in people]

    async def until_read(self) -> None:
        """Till the program that runs has read its sources."""
        async with self.database() as database, asyncio.timeout(60):
            while True:
                async with database.transaction() as tx:
                    if all(source.last_ok_at for source in await tx.sources.all()):
                        return
                await CLOCK.sleep_until(CLOCK.monotonic() + _LOOK_SECONDS)

    async def until_held(self) -> None:
        """Till news waits for an admin's word."""
        async with self.database() as database, asyncio.timeout(60):
            while True:
                async with database.transaction() as tx:
                    if await tx.sources.floods():
                        return
                await CLOCK.sleep_until(CLOCK.monotonic() + _LOOK_SECONDS)


@asynccontextmanager
async def an_office(folder: Path, migrated: Path) -> AsyncIterator[Office]:
    """With an owner, who receives too, and the sample portal as its source."""
    shutil.copy(migrated, folder / "bantin.db")
    (folder / "bantin.db").chmod(0o600)
    async with RehearsalServer(now=CLOCK.now, limits=None) as server:
        server.telegram.add_person(OWNER)
        env = for_rehearsal(folder, server)
        office = Office(folder=folder, server=server, env=env, bot_id=0)
        async with office.database() as database:
            bot_id = await a_bot(database, server.telegram.token.partition(":")[0])
            owner = await a_subscriber(database, at(bot_id, str(OWNER.id)))
            await a_source(database, server.portal_url)
            async with database.transaction() as tx:
                await tx.subscribers.set_role(owner, Role.OWNER)
        yield Office(folder=folder, server=server, env=env, bot_id=bot_id)

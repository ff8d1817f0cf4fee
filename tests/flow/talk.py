"""One person's talk with the program, and what the office wrote down of it."""

from collections.abc import Callable
from pathlib import Path

from storage.records import SubscriberState
from tests.flow.life import opened
from tests.flow.town import Resident, Town

QUESTION = "có đồng ý nhận tin không?"
WELCOME = "Đã đăng ký nhận tin."
LEAVES = "Dừng nhận tin?"
FAREWELL = "Đã dừng nhận tin."


class Talk:
    def __init__(self, town: Town, person: Resident, folder: Path) -> None:
        self._town = town
        self._person = person
        self._folder = folder  # the program's

    def greets(self) -> None:
        self._town.greet(self._person)

    def says(self, text: str) -> None:
        self._town.write(self._person, text)

    def agrees(self) -> None:
        """To join."""
        self._town.choose(self._person, "Đồng ý")

    def confirms(self) -> None:
        """That he leaves."""
        self._town.choose(self._person, "Có, dừng nhận tin")

    @property
    def heard(self) -> list[str]:
        """The bot's messages, the oldest first."""
        return self._town.texts(self._person)

    def times(self, words: str) -> int:
        """How many of the bot's messages hold them."""
        return sum(words in each for each in self.heard)

    async def hears(self, words: str) -> None:
        await self.until(lambda: self.times(words) > 0)

    async def until(self, holds: Callable[[], bool]) -> None:
        await self._town.until(holds)

    async def state(self) -> SubscriberState | None:
        """None: the office does not know him."""
        database = opened(self._folder)
        found = await self._town.found(database, self._person)
        await database.close()
        return found[1].state if found else None

    async def journal(self) -> list[str]:
        """What was done, by anybody, the oldest first."""
        database = opened(self._folder)
        async with database.transaction() as tx:
            newest = await tx.audit.newest(9)
        await database.close()
        return [each.action for each in newest[::-1]]

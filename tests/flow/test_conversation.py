"""What a member lives through with the real program, from his first words to his last."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Self

import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.clock import SystemClock
from storage.records import SubscriberState
from tests.flow.life import begun, until_all_is_sent
from tests.flow.talk import FAREWELL, LEAVES, QUESTION, WELCOME, Talk
from tests.flow.telegram_town import TelegramTown
from tests.flow.town import Town
from tests.flow.zalo_town import PERSISTENT, TOKENS, CallingZaloTown, ZaloTown
from tests.program import running

TOWNS: Mapping[str, type[Town]] = {
    "telegram": TelegramTown,
    "zalo asked": ZaloTown,
    "zalo calling": CallingZaloTown,
}


@pytest.fixture(params=list(TOWNS))
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    async with RehearsalServer(
        now=SystemClock().now, limits=None, zalo_tokens=TOKENS, zalo_knobs=PERSISTENT
    ) as server:
        yield TOWNS[request.param](server)


class Program:
    """`bantin run`, in one life or in several."""

    def __init__(self, folder: Path, town: Town, *, is_killed: bool) -> None:
        self._folder = folder
        self._env = town.env(folder)
        self._is_killed = is_killed
        self._life = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._process = await self._life.enter_async_context(running(self._folder, self._env))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._life.aclose()

    @asynccontextmanager
    async def dead(self) -> AsyncIterator[None]:
        """What happens within happens between two lives, if it is killed at all."""
        if self._is_killed:
            await self.__aexit__()
        yield
        if self._is_killed:
            await self.__aenter__()


@pytest.mark.parametrize("is_killed", [False, True], ids=["in one life", "killed in between"])
async def test_who_agrees_receives_the_next_news_and_who_leaves_receives_no_more(
    tmp_path: Path, town: Town, is_killed: bool
) -> None:
    neighbour = town.crowd[0]
    await (await begun(tmp_path, town, neighbour)).close()
    talk = Talk(town, town.newcomer, tmp_path)

    async with Program(tmp_path, town, is_killed=is_killed) as program:
        talk.greets()
        await talk.hears(QUESTION)
        await _joined(talk, program)
        news = town.server.portal.publish()
        await talk.hears(news.title)
        await until_all_is_sent(tmp_path)

        async with program.dead():
            talk.says("dừng")
        await talk.hears(LEAVES)
        async with program.dead():
            talk.confirms()
        await talk.hears(FAREWELL)
        later = town.server.portal.publish()
        await Talk(town, neighbour, tmp_path).hears(later.title)
        await until_all_is_sent(tmp_path)

    assert talk.times(news.title) == 1
    assert talk.times(later.title) == 0
    if not is_killed:
        assert max(map(talk.times, (QUESTION, WELCOME, LEAVES, FAREWELL))) == 1
    assert await talk.journal() == ["subscribed", "stopped"]
    assert await talk.state() is SubscriberState.INACTIVE


async def _joined(talk: Talk, program: Program) -> None:
    """He agrees once more if he is asked again: what a stranger was asked is stored nowhere."""
    asked = talk.times(QUESTION)
    async with program.dead():
        talk.agrees()
    await talk.until(lambda: talk.times(WELCOME) > 0 or talk.times(QUESTION) > asked)
    if not talk.times(WELCOME):
        talk.agrees()
    await talk.hears(WELCOME)

"""Zalo posts what people say, and the program dies of kill -9 around one of the posts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.clock import SystemClock
from storage.records import SubscriberState
from tests.flow.door import Door, Moment, Trap, a_door
from tests.flow.life import begun, until_all_is_sent
from tests.flow.talk import LEAVES, QUESTION, Talk
from tests.flow.zalo_town import PERSISTENT, TOKENS, CallingZaloTown
from tests.program import running

ACKNOWLEDGED = (Moment.UNHEARD, Moment.TAKEN)
YES = "1"
HELP = "Có dấu hay không dấu đều được."


@pytest.fixture
async def town() -> AsyncIterator[CallingZaloTown]:
    async with RehearsalServer(
        now=SystemClock().now, limits=None, zalo_tokens=TOKENS, zalo_knobs=PERSISTENT
    ) as server:
        yield CallingZaloTown(server)


@pytest.fixture
async def door(town: CallingZaloTown) -> AsyncIterator[Door]:
    async with a_door(town) as door:
        yield door


@pytest.mark.parametrize("moment", ACKNOWLEDGED)
async def test_who_agreed_has_joined_once_and_receives_the_next_news(
    tmp_path: Path, town: CallingZaloTown, door: Door, moment: Moment
) -> None:
    await (await begun(tmp_path, town)).close()
    talk = Talk(town, town.newcomer, tmp_path)
    async with running(tmp_path, town.env(tmp_path)) as first:
        talk.greets()
        await talk.hears(QUESTION)
        door.trap = Trap(word=YES, moment=moment, kill=first.kill)
        talk.agrees()
        await first.wait()
    assert await talk.state() is SubscriberState.ACTIVE
    heard = len(talk.heard)

    async with running(tmp_path, town.env(tmp_path)):
        news = town.server.portal.publish()
        await talk.hears(news.title)
        await until_all_is_sent(tmp_path)
        await _says_his_last(talk)

    received, about_last = talk.heard[heard:]
    assert news.title in received
    assert HELP in about_last
    assert await talk.journal() == ["subscribed"]


@pytest.mark.parametrize("moment", Moment)
async def test_who_left_has_left_once(
    tmp_path: Path, town: CallingZaloTown, door: Door, moment: Moment
) -> None:
    member = town.crowd[0]
    await (await begun(tmp_path, town, member)).close()
    talk = Talk(town, member, tmp_path)
    async with running(tmp_path, town.env(tmp_path)) as first:
        talk.says("dừng")
        await talk.hears(LEAVES)
        door.trap = Trap(word=YES, moment=moment, kill=first.kill)
        talk.confirms()
        await first.wait()
    if door.taken.count(YES):
        assert await talk.state() is SubscriberState.INACTIVE
    heard = len(talk.heard)

    async with running(tmp_path, town.env(tmp_path)):
        await _says_his_last(talk)

    assert door.taken.count(YES) >= (2 if moment is Moment.UNHEARD else 1)
    assert await talk.state() is SubscriberState.INACTIVE
    assert await talk.journal() == ["stopped"]
    if moment in ACKNOWLEDGED:
        (about_last,) = talk.heard[heard:]
        assert HELP in about_last


async def _says_his_last(talk: Talk) -> None:
    """Answered in order: whatever else was to be said to him has been said by then."""
    talk.says("trợ giúp")
    await talk.hears(HELP)

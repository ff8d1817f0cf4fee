"""An office, a member and a group of it."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ID, MEMBER
from bot.rehearsal.telegram.records import Standing
from jobs.lease import Lease
from jobs.line import Line
from jobs.pacing import Pacer
from storage.database import Database
from storage.records import (
    ChatKind,
)
from tests.jobs.rig import ManualClock, Office
from tests.jobs.zalo_office import ZaloOffice, opened_zalo_office
from tests.samples import a_bot, a_subscriber, at


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    clock = ManualClock()
    async with RehearsalServer(now=clock.now, limits=None) as server:
        server.telegram.chat(MEMBER.id).standing = Standing.MEMBER
        server.telegram.chat(GROUP_ID).standing = Standing.MEMBER
        token = server.telegram.token
        async with open_bot(token, api_url=server.api_url) as bot:
            line = Line(messenger=TelegramMessenger(bot), pacer=Pacer(clock))
            bot_id = await a_bot(database)
            yield Office(
                server=server,
                database=database,
                line=line,
                bot_id=bot_id,
                clock=clock,
                lease=Lease(database, clock, name="test"),
            )


@pytest.fixture
async def member(office: Office) -> int:
    return await a_subscriber(office.database, at(office.bot_id, str(MEMBER.id)))


@pytest.fixture
async def group(office: Office) -> int:
    where = at(office.bot_id, str(GROUP_ID))
    return await a_subscriber(office.database, where, kind=ChatKind.GROUP)


@pytest.fixture
async def zalo(database: Database) -> AsyncIterator[ZaloOffice]:
    async with opened_zalo_office(database) as office:
        yield office

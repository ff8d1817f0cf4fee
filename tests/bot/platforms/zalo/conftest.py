"""A rehearsal Zalo and the client that talks to it over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.platforms.zalo.client import ZaloClient, open_client
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.server import RehearsalServer
from tests.bot.platforms.rig import NOW


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
async def client(server: RehearsalServer) -> AsyncIterator[ZaloClient]:
    async with open_client(
        server.zalo.bot.token,
        api_url=server.zalo_api_url,
        answer_within=timedelta(seconds=1),
    ) as client:
        yield client


@pytest.fixture
def messenger(client: ZaloClient) -> ZaloMessenger:
    return ZaloMessenger(client)

"""A rehearsal Telegram and the bot that talks to it over HTTP."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import trustme

from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ID
from bot.rehearsal.telegram.records import Standing
from tests.bot.platforms.rig import NOW


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=lambda: NOW, limits=None) as server:
        server.telegram.chat(GROUP_ID).standing = Standing.MEMBER
        yield server


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[TelegramBot]:
    async with open_bot(
        server.telegram.token,
        api_url=server.api_url,
        answer_within=timedelta(seconds=1),
    ) as bot:
        yield bot


@pytest.fixture
def messenger(bot: TelegramBot) -> TelegramMessenger:
    return TelegramMessenger(bot)


@dataclass(frozen=True, kw_only=True)
class Tls:
    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="session")
def tls() -> Tls:
    """Of this machine; nobody else trusts it."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return Tls(server=server, client=client)

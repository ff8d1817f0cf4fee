"""A running rehearsal, and the clients that talk to it over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import telegram
from playwright.async_api import Browser

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN
from tests.browser import open_browser

NOW = datetime(2026, 11, 12, 1, 5, tzinfo=UTC)  # 08:05 in Viet Nam

Answer = tuple[int, dict[str, Any]]
Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    """No time passes in it, so what is sent too fast does not hang on this machine's speed."""
    async with RehearsalServer(now=lambda: NOW, monotonic=lambda: 0.0) as running:
        yield running


@pytest.fixture
async def http(server: RehearsalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        yield client


@pytest.fixture
def ask(http: httpx.AsyncClient) -> Ask:
    """Calls a method of the Bot API with JSON; returns status and answer."""

    async def call(method: str, **parameters: Any) -> Answer:  # noqa: ANN401 - JSON is anything
        response = await http.post(f"/bot{REHEARSAL_TOKEN}/{method}", json=parameters)
        return response.status_code, response.json()

    return call


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(
        REHEARSAL_TOKEN, base_url=server.api_url, base_file_url=server.file_url
    ) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened

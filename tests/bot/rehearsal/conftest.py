"""A running rehearsal, and the clients that talk to it over HTTP."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import telegram
from playwright.async_api import Browser, async_playwright

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN

NOW = datetime(2026, 11, 12, 1, 5, tzinfo=UTC)  # 08:05 in Viet Nam
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Answer = tuple[int, dict[str, Any]]
Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    """No time passes in it, so what is sent too fast does not hang on this machine's speed."""
    async with RehearsalServer(now=lambda: NOW, monotonic=lambda: 0.0) as running:
        yield running


@pytest.fixture
async def http(server: RehearsalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
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
    async with telegram.Bot(REHEARSAL_TOKEN, base_url=server.api_url) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        in_ci = "CI" in os.environ  # noqa: TID251 - not a setting: says where the tests run
        missing = pytest.fail if in_ci else pytest.skip
        missing("Chromium is not installed, so the chat page is not tried")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield opened
        await opened.close()

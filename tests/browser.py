"""The system's Chromium, without a screen."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

expect.set_options(timeout=30_000)  # milliseconds: a busy machine draws slowly

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Skips the test where there is no Chromium, with a reason; in CI that is a failure."""
    path = shutil.which("chromium")
    if path is None:
        in_ci = "CI" in os.environ  # noqa: TID251 - not a setting: says where the tests run
        missing = pytest.fail if in_ci else pytest.skip
        missing("Chromium is not installed, so no page is tried")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        await opened.close()

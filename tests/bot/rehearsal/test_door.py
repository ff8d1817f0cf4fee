"""A platform that no network leads to: nobody connects, and the page goes on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import faults as telegram_faults
from bot.rehearsal.telegram.cast import REHEARSAL_TOKEN
from bot.rehearsal.zalo import faults as zalo_faults
from bot.rehearsal.zalo.cast import REHEARSAL_TOKENS
from tests.bot.rehearsal.conftest import NOW


@dataclass(frozen=True, kw_only=True)
class Platform:
    block: Callable[[RehearsalServer], object]
    unblock: Callable[[RehearsalServer], object]
    url: Callable[[RehearsalServer], str]
    other_url: Callable[[RehearsalServer], str]


def telegram_url(server: RehearsalServer) -> str:
    return f"{server.api_url}{REHEARSAL_TOKEN}"


def zalo_url(server: RehearsalServer) -> str:
    return f"{server.zalo_api_url}{REHEARSAL_TOKENS[0]}"


PLATFORMS = {
    "Telegram": Platform(
        block=lambda server: server.telegram.faults.add(
            telegram_faults.Fault(kind=FaultKind.UNREACHABLE)
        ),
        unblock=lambda server: server.telegram.faults.clear(),
        url=telegram_url,
        other_url=zalo_url,
    ),
    "Zalo": Platform(
        block=lambda server: server.zalo.faults.add(zalo_faults.Fault(kind=FaultKind.UNREACHABLE)),
        unblock=lambda server: server.zalo.faults.clear(),
        url=zalo_url,
        other_url=telegram_url,
    ),
}


@pytest.fixture(params=list(PLATFORMS.values()), ids=list(PLATFORMS))
def platform(request: pytest.FixtureRequest) -> Platform:
    found: Platform = request.param
    return found


async def test_nobody_connects_to_a_platform_that_is_blocked_and_all_do_after(
    server: RehearsalServer, http: httpx.AsyncClient, platform: Platform
) -> None:
    url = platform.url(server)
    assert (await http.post(f"{url}/getMe")).status_code == 200
    platform.block(server)
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            await http.post(f"{url}/getMe")
    async with httpx.AsyncClient(timeout=60) as newcomer:
        with pytest.raises(httpx.ConnectError):
            await newcomer.post(f"{url}/getMe")
    assert (await http.get(server.url)).status_code == 200
    assert (await http.post(f"{platform.other_url(server)}/getMe")).status_code == 200
    platform.unblock(server)
    assert platform.url(server) == url
    assert (await http.post(f"{url}/getMe")).status_code == 200


async def test_a_poll_that_waits_is_cut(
    server: RehearsalServer, http: httpx.AsyncClient, platform: Platform
) -> None:
    async with http.stream("GET", "/rehearsal/events") as page:
        poll = asyncio.create_task(http.post(f"{platform.url(server)}/getUpdates?timeout=30"))
        queues = (server.telegram.updates, server.zalo.bot.updates)
        while not any(each.is_waited_for for each in queues):  # noqa: ASYNC110 - over HTTP, soon
            await asyncio.sleep(0)
        platform.block(server)
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(poll, 25)
        assert page.status_code == 200


async def test_what_is_blocked_before_the_start_is_blocked_from_the_start(
    platform: Platform,
) -> None:
    server = RehearsalServer(now=lambda: NOW)
    platform.block(server)
    async with server, httpx.AsyncClient(timeout=60) as http:
        with pytest.raises(httpx.ConnectError):
            await http.post(f"{platform.url(server)}/getMe")
    platform.unblock(server)  # opens nothing any more
    async with httpx.AsyncClient(timeout=60) as http:
        with pytest.raises(httpx.ConnectError):
            await http.post(f"{platform.url(server)}/getMe")

"""The server: where it listens, how it stops, whom it lets in."""

import asyncio
import signal
from typing import Any

import httpx
import pytest

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import PortTaken, RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, MEMBER, REHEARSAL_TOKEN
from bot.rehearsal.telegram.faults import Fault
from tests.bot.rehearsal.conftest import NOW, Ask

JSON = {"content-type": "application/json"}


async def test_a_taken_port_is_said(server: RehearsalServer) -> None:
    with pytest.raises(PortTaken, match=f"port {server.port} on 127.0.0.1 is taken"):
        async with RehearsalServer(now=lambda: NOW, port=server.port):
            pass


async def test_a_port_is_free_again_after_the_end() -> None:
    async with RehearsalServer(now=lambda: NOW) as first:
        port = first.port
    async with RehearsalServer(now=lambda: NOW, port=port) as second:
        assert second.url == f"http://127.0.0.1:{port}"


async def test_signals_stay_with_the_program() -> None:
    watched = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in watched]
    async with RehearsalServer(now=lambda: NOW):
        assert [signal.getsignal(number) for number in watched] == before


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        pytest.param(f"/bot{REHEARSAL_TOKEN}/getUpdates?timeout=50", None, id="long poll"),
        pytest.param(f"/bot{REHEARSAL_TOKEN}/getMe", FaultKind.SILENCE_BEFORE, id="silence"),
        pytest.param(f"/bot{REHEARSAL_TOKEN}/getMe", FaultKind.SLOW, id="slow answer"),
        pytest.param("/rehearsal/events", None, id="event stream"),
    ],
)
async def test_it_stops_although_somebody_waits(path: str, fault: FaultKind | None) -> None:
    async with asyncio.timeout(30), httpx.AsyncClient(timeout=60) as http:
        async with RehearsalServer(now=lambda: NOW) as server:
            if fault is not None:
                server.telegram.faults.add(Fault(kind=fault, seconds=60))
            asked = asyncio.Event()
            waiting = asyncio.create_task(_ask_and_wait(http, f"{server.url}{path}", asked))
            await asked.wait()
        with pytest.raises(httpx.TransportError):
            await waiting


async def _ask_and_wait(http: httpx.AsyncClient, url: str, asked: asyncio.Event) -> None:
    async def note(_event: str, _info: dict[str, Any]) -> None:
        if _event == "http11.receive_response_headers.started":
            asked.set()

    await http.get(url, extensions={"trace": note})


async def test_ids_of_a_later_run_do_not_repeat_earlier_ones(ask: Ask) -> None:
    _, first = await ask("sendMessage", chat_id=MEMBER.id, text="Tin")
    later = NOW.replace(minute=30)
    async with (
        RehearsalServer(now=lambda: later) as second,
        httpx.AsyncClient(timeout=60) as http,
    ):
        sent = {"chat_id": MEMBER.id, "text": "Tin"}
        answer = await http.post(f"{second.api_url}{REHEARSAL_TOKEN}/sendMessage", json=sent)
        assert answer.json()["result"]["message_id"] > first["result"]["message_id"]
        assert {MEMBER.id, GROUP_ID} <= second.telegram.chats.keys()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("GET", "/", {"host": "vidu.example"}, 403, id="another host name"),
        pytest.param("GET", "/", {"host": "vidu.example:80"}, 403, id="another name and port"),
        pytest.param("GET", "/", {"host": "localhost:1"}, 200, id="localhost"),
        pytest.param("GET", "/", {"host": "[::1]:1"}, 200, id="IPv6 loopback"),
        pytest.param("GET", "/", {"host": "]["}, 403, id="nonsense for a host"),
        pytest.param(
            "POST",
            "/rehearsal/publish",
            JSON | {"origin": "https://vidu.example"},
            403,
            id="act from another page",
        ),
        pytest.param("POST", "/rehearsal/publish", {}, 403, id="act that is no JSON"),
        pytest.param("POST", "/rehearsal/publish", JSON, 200, id="act without origin"),
        pytest.param(
            "GET",
            f"/bot{REHEARSAL_TOKEN}/getMe",
            {"sec-fetch-site": "cross-site"},
            403,
            id="Bot API from another page",
        ),
        pytest.param(
            "GET",
            "/portal/tin-tuc",
            {"sec-fetch-site": "cross-site"},
            200,
            id="link to the portal",
        ),
    ],
)
async def test_other_pages_cannot_drive_it(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = await http.request(method, path, headers=headers, content=b"{}")
    assert response.status_code == status


async def test_own_pages_may_act(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    headers = JSON | {"origin": server.url}
    assert (await http.post("/rehearsal/publish", headers=headers, json={})).status_code == 200


async def test_tests_can_wait_for_what_the_bot_does(ask: Ask, server: RehearsalServer) -> None:
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    waiting = asyncio.create_task(
        server.telegram.until(lambda: server.telegram.texts(GROUP_ID) == ["Tin"])
    )
    await ask("sendMessage", chat_id=GROUP_ID, text="Tin")
    await waiting
    with pytest.raises(TimeoutError):
        await server.telegram.until(lambda: False, seconds=0)

"""What can go wrong with a call, and that nothing else does."""

import asyncio

import httpx
import pytest

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import GROUP_ID, MEMBER, REHEARSAL_TOKENS
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import ErrorStatus, Knobs
from tests.bot.rehearsal.zalo.conftest import Ask
from tests.bot.rehearsal.zalo.test_updates import waiting_poll

PATH = f"/zalo/bot{REHEARSAL_TOKENS[0]}"
TO_MEMBER = {"chat_id": MEMBER.id, "text": "Tin"}

IMPATIENT = httpx.Timeout(60, read=0.2)


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        pytest.param(ErrorStatus.MIRRORED, 403, id="as a status"),
        pytest.param(ErrorStatus.ALWAYS_200, 200, id="in the body alone"),
    ],
)
async def test_an_error_is_answered_to_the_chat_and_method_it_is_set_for(
    ask: Ask, server: RehearsalServer, errors: ErrorStatus, status: int
) -> None:
    server.zalo.knobs = Knobs(errors=errors)
    server.zalo.faults.add(Fault(chat=MEMBER.id, method="sendMessage", times=1))
    assert (await ask("sendMessage", chat_id=GROUP_ID, text="Tin"))[0] == 200
    assert (await ask("getMe"))[0] == 200
    assert await ask("sendMessage", **TO_MEMBER) == (
        status,
        {"ok": False, "description": "Internal server error", "error_code": 403},
    )
    assert (await ask("sendMessage", **TO_MEMBER))[1]["ok"]


async def test_a_fault_may_wait_for_the_middle_of_a_batch(
    ask: Ask, server: RehearsalServer
) -> None:
    server.zalo.faults.add(Fault(code=429, description="Quota exceeded", after=1, times=1))
    answers = [await ask("sendMessage", **TO_MEMBER) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 429, 200]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        pytest.param(FaultKind.SILENCE_AFTER, 1, id="after it was taken"),
        pytest.param(FaultKind.SILENCE_BEFORE, 0, id="before"),
    ],
)
async def test_a_send_stays_unanswered(
    http: httpx.AsyncClient, server: RehearsalServer, kind: FaultKind, taken: int
) -> None:
    server.zalo.faults.add(Fault(kind=kind, only_messages=True))
    with pytest.raises(httpx.ReadTimeout):
        await http.post(f"{PATH}/sendMessage", json=TO_MEMBER, timeout=IMPATIENT)
    await server.zalo.until(lambda: len(server.zalo.sent) == taken)
    assert (await http.post(f"{PATH}/getMe")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [
        pytest.param(FaultKind.BAD_GATEWAY, 502, 0, id="a proxy's page"),
        pytest.param(FaultKind.GARBAGE, 200, 1, id="nonsense"),
    ],
)
async def test_an_answer_may_be_no_json(
    http: httpx.AsyncClient, server: RehearsalServer, kind: FaultKind, status: int, taken: int
) -> None:
    server.zalo.faults.add(Fault(kind=kind, times=1))
    response = await http.post(f"{PATH}/sendMessage", json=TO_MEMBER)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html"
    assert len(server.zalo.sent) == taken


async def test_a_zalo_that_is_down_cuts_everybody_off(
    http: httpx.AsyncClient, ask: Ask, server: RehearsalServer
) -> None:
    poll = await waiting_poll(ask, server)
    fault = server.zalo.faults.add(Fault(kind=FaultKind.DOWN))
    with pytest.raises(httpx.TransportError):
        await asyncio.wait_for(poll, 25)
    with pytest.raises(httpx.TransportError):
        await http.post(f"{PATH}/getMe")
    server.zalo.faults.clear(fault)
    assert (await http.post(f"{PATH}/getMe")).status_code == 200


async def test_one_bot_may_be_down_alone() -> None:
    fault = Fault(kind=FaultKind.DOWN, account="1")
    assert fault.concerns("1", "getMe", "")
    assert not fault.concerns("2", "getMe", "")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(kind=FaultKind.SLOW, seconds=60), id="a slow answer"),
        pytest.param(Fault(kind=FaultKind.SILENCE_AFTER), id="silence"),
    ],
)
async def test_who_gives_up_waiting_ends_the_call(
    http: httpx.AsyncClient, server: RehearsalServer, fault: Fault
) -> None:
    server.zalo.faults.add(fault)
    with pytest.raises(httpx.ReadTimeout):
        await http.post(f"{PATH}/sendMessage", json=TO_MEMBER, timeout=IMPATIENT)
    await server.zalo.until(lambda: server.zalo.texts(MEMBER.id) == ["Tin"])


async def test_latency_is_waited_for(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.zalo.knobs = Knobs(latency_seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        await http.post(f"{PATH}/sendMessage", json=TO_MEMBER, timeout=IMPATIENT)
    assert server.zalo.sent == []

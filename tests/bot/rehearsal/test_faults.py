"""What goes wrong on request, and what a real client makes of it."""

import asyncio

import httpx
import pytest
import telegram
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ID, MEMBER, REHEARSAL_TOKEN
from bot.rehearsal.telegram.faults import Fault
from tests.bot.rehearsal.conftest import Ask
from tests.bot.rehearsal.test_updates import waiting_poll

PATIENCE = 0.2  # seconds that a client waits for what never comes


@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA.*")
@pytest.mark.parametrize(
    ("fault", "error", "words", "taken"),
    [
        pytest.param(Fault(code=429, seconds=7), RetryAfter, "Retry in 0:00:07", 0, id="429"),
        pytest.param(Fault(code=403), Forbidden, "blocked by the user", 0, id="403"),
        pytest.param(Fault(code=400), BadRequest, "Chat not found", 0, id="400"),
        pytest.param(
            Fault(code=400, description="Bad Request: TOPIC_CLOSED"),
            BadRequest,
            "Topic_closed",
            0,
            id="400 of a kind",
        ),
        pytest.param(Fault(code=500), NetworkError, "Internal Server Error", 0, id="500"),
        pytest.param(
            Fault(kind=FaultKind.BAD_GATEWAY), NetworkError, "502 Bad Gateway", 0, id="502"
        ),
        pytest.param(
            Fault(kind=FaultKind.DOWN), NetworkError, "RemoteProtocolError|ReadError", 0, id="down"
        ),
        pytest.param(
            Fault(kind=FaultKind.SILENCE_BEFORE), TimedOut, "Timed out", 0, id="silence, not taken"
        ),
        pytest.param(
            Fault(kind=FaultKind.SILENCE_AFTER), TimedOut, "Timed out", 1, id="silence, taken"
        ),
        pytest.param(
            Fault(kind=FaultKind.SLOW, seconds=30), TimedOut, "Timed out", 1, id="too slow"
        ),
        pytest.param(
            Fault(kind=FaultKind.GARBAGE),
            TelegramError,
            "Invalid server response",
            1,
            id="garbage",
        ),
    ],
)
async def test_what_a_client_meets(
    bot: telegram.Bot,
    server: RehearsalServer,
    fault: Fault,
    error: type[TelegramError],
    words: str,
    taken: int,
) -> None:
    server.telegram.faults.add(fault)
    patience = PATIENCE if error is TimedOut else 10
    with pytest.raises(error, match=words):
        await bot.send_message(MEMBER.id, "Tin", read_timeout=patience)
    await server.telegram.until(lambda: len(server.telegram.sent) == taken)
    server.telegram.faults.clear()
    await bot.send_message(MEMBER.id, "Tin")


async def test_a_telegram_that_is_down_cuts_polls_that_wait(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    poll = await waiting_poll(bot, server)
    server.telegram.faults.add(Fault(kind=FaultKind.DOWN, chat=MEMBER.id))
    server.telegram.faults.add(Fault(kind=FaultKind.DOWN, method="sendMessage"))
    server.people.write(MEMBER, "Xin chào")
    [update] = await asyncio.wait_for(poll, 25)
    await bot.get_updates(offset=update.update_id + 1)
    poll = await waiting_poll(bot, server)
    server.telegram.faults.add(Fault(kind=FaultKind.DOWN))
    with pytest.raises(NetworkError):
        await asyncio.wait_for(poll, 25)
    server.people.write(MEMBER, "Còn đó không?")
    server.telegram.faults.clear()
    assert len(await bot.get_updates()) == 1


async def test_a_slow_answer_comes_in_the_end(bot: telegram.Bot, server: RehearsalServer) -> None:
    server.telegram.faults.add(Fault(kind=FaultKind.SLOW, seconds=0.01))
    assert (await bot.send_message(MEMBER.id, "Tin")).text == "Tin"


async def test_a_fault_concerns_its_chat_and_method_only(
    ask: Ask, server: RehearsalServer
) -> None:
    server.telegram.faults.add(Fault(code=403, chat=GROUP_ID, method="sendMessage"))
    assert (await ask("sendMessage", chat_id=GROUP_ID, text="Tin"))[0] == 403
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200
    assert (await ask("getChat", chat_id=GROUP_ID))[0] == 200


async def test_a_fault_may_be_counted(ask: Ask, server: RehearsalServer) -> None:
    server.telegram.faults.add(Fault(code=500, times=2))
    statuses = [(await ask("getMe"))[0] for _ in range(3)]
    assert statuses == [500, 500, 200]


async def test_one_fault_is_cleared_and_the_other_stays(ask: Ask, server: RehearsalServer) -> None:
    first = server.telegram.faults.add(Fault(code=500))
    server.telegram.faults.add(Fault(code=429))
    server.telegram.faults.clear(first)
    assert (await ask("getMe"))[0] == 429


async def test_a_proxy_s_page_is_html(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY))
    response = await http.post(f"/bot{REHEARSAL_TOKEN}/getMe")
    assert response.headers["content-type"] == "text/html"
    assert "<h1>502 Bad Gateway</h1>" in response.text

"""How updates reach a bot that polls: once, again, or not at all."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.knobs import ErrorStatus, Idle, ImageField, Knobs, Updates
from bot.rehearsal.zalo.records import MessageKind, Person
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.zalo.conftest import Answer, Ask


async def texts(ask: Ask) -> list[str]:
    """Of all that the bot is given before a poll brings nothing."""
    found: list[str] = []
    while True:
        _, answer = await ask("getUpdates", timeout=0)
        if not answer["ok"]:
            return found
        found.append(answer["result"]["message"]["text"])


async def waiting_poll(ask: Ask, server: RehearsalServer) -> asyncio.Task[Answer]:
    """A poll that has reached the server and waits there."""
    before = server.zalo.bot.updates.open_polls
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    while server.zalo.bot.updates.open_polls == before:  # noqa: ASYNC110 - over HTTP, soon
        await asyncio.sleep(0)
    return poll


async def test_one_poll_brings_one_update(ask: Ask, server: RehearsalServer) -> None:
    said = server.zalo_people.write(MEMBER, "Xin chào")
    status, answer = await ask("getUpdates", timeout="5")
    assert (status, answer) == (
        200,
        {
            "ok": True,
            "result": {
                "event_name": "message.text.received",
                "message": {
                    "from": {"id": MEMBER.id, "display_name": MEMBER.name, "is_bot": False},
                    "chat": {"id": MEMBER.id, "chat_type": "PRIVATE"},
                    "text": "Xin chào",
                    "message_id": said.id,
                    "date": int(NOW.timestamp() * 1000),
                },
            },
            "error_code": 0,
        },
    )


@pytest.mark.parametrize(
    ("knobs", "status"),
    [
        pytest.param(Knobs(), 408, id="as a status"),
        pytest.param(Knobs(idle=Idle.STATUS_200), 200, id="in the body alone"),
        pytest.param(Knobs(errors=ErrorStatus.ALWAYS_200), 408, id="not as errors are"),
    ],
)
async def test_a_poll_that_brings_nothing_is_error_408(
    ask: Ask, server: RehearsalServer, knobs: Knobs, status: int
) -> None:
    server.zalo.knobs = knobs
    assert await ask("getUpdates", timeout=0) == (
        status,
        {"ok": False, "description": "Request timeout", "error_code": 408},
    )


async def test_a_long_poll_ends_when_somebody_writes(ask: Ask, server: RehearsalServer) -> None:
    poll = await waiting_poll(ask, server)
    assert not poll.done()
    server.zalo_people.write(MEMBER, "Xin chào")
    _, answer = await asyncio.wait_for(poll, 25)
    assert answer["result"]["message"]["text"] == "Xin chào"


async def test_two_polls_share_what_comes(ask: Ask, server: RehearsalServer) -> None:
    polls = [await waiting_poll(ask, server) for _ in range(2)]
    server.zalo_people.write(MEMBER, "một")
    server.zalo_people.write(MEMBER, "hai")
    found = [(await asyncio.wait_for(poll, 25))[1]["result"]["message"]["text"] for poll in polls]
    assert sorted(found) == ["hai", "một"]


@pytest.mark.parametrize(
    ("updates", "found"),
    [
        pytest.param(Updates.ONCE, ["một", "hai"], id="once"),
        pytest.param(Updates.REPLAY, ["một", "hai"] * 3, id="again and again"),
        pytest.param(Updates.LIVE_ONLY, [], id="lost when nobody polls"),
    ],
)
async def test_how_often_an_update_comes(
    ask: Ask, server: RehearsalServer, updates: Updates, found: list[str]
) -> None:
    server.zalo.knobs = Knobs(updates=updates)
    for text in ("một", "hai"):
        server.zalo_people.write(MEMBER, text)
    assert await texts(ask) == found


async def test_who_polls_at_that_moment_loses_nothing(ask: Ask, server: RehearsalServer) -> None:
    server.zalo.knobs = Knobs(updates=Updates.LIVE_ONLY)
    poll = await waiting_poll(ask, server)
    server.zalo_people.write(MEMBER, "Xin chào")
    assert (await asyncio.wait_for(poll, 25))[1]["ok"]


@pytest.mark.parametrize(
    ("kind", "knobs", "event", "content"),
    [
        pytest.param(
            MessageKind.IMAGE,
            Knobs(),
            "message.image.received",
            {
                "photo_url": "https://vidu.example/1",
                "message_type": "CHAT_PHOTO",
                "caption": "Ảnh",
            },
            id="image",
        ),
        pytest.param(
            MessageKind.IMAGE,
            Knobs(image_field=ImageField.PHOTO),
            "message.image.received",
            {"photo": "https://vidu.example/1", "message_type": "CHAT_PHOTO", "caption": "Ảnh"},
            id="image as documented",
        ),
        pytest.param(
            MessageKind.VOICE,
            Knobs(),
            "message.voice.received",
            {"voice_url": "https://vidu.example/1", "message_type": "CHAT_VOICE"},
            id="voice",
        ),
    ],
)
async def test_what_is_no_text_has_none(
    ask: Ask,
    server: RehearsalServer,
    kind: MessageKind,
    knobs: Knobs,
    event: str,
    content: dict[str, Any],
) -> None:
    server.zalo.knobs = knobs
    server.zalo_people.send(MEMBER, kind, "https://vidu.example/1", caption="Ảnh")
    _, answer = await ask("getUpdates", timeout=0)
    message = answer["result"]["message"]
    assert answer["result"]["event_name"] == event
    assert {key: message[key] for key in content} == content
    assert "text" not in message


async def test_of_a_special_sender_only_that_somebody_wrote(
    ask: Ask, server: RehearsalServer
) -> None:
    child = Person(id="c0ffee", name="Em Bé", is_special=True)
    server.zalo_people.write(child, "đăng ký")
    _, answer = await ask("getUpdates", timeout=0)
    update = answer["result"]
    assert update["event_name"] == "message.unsupported.received"
    assert update["message"].keys() == {"from", "chat", "message_id", "date"}


async def test_a_test_may_make_up_an_update(ask: Ask, server: RehearsalServer) -> None:
    server.zalo.push(server.zalo.bot, {"event_name": "message.poll.received"})
    _, answer = await ask("getUpdates", timeout=0)
    assert answer["result"] == {"event_name": "message.poll.received"}


async def test_message_ids_do_not_come_again_in_a_later_run(server: RehearsalServer) -> None:
    first = server.zalo_people.write(MEMBER, "một").id
    later = RehearsalServer(now=lambda: NOW + timedelta(minutes=5))
    assert later.zalo_people.write(MEMBER, "một").id != first

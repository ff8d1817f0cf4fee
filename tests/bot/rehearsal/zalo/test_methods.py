"""What the methods take, in every way they can be called, and what they answer."""

import re
from typing import Any

import httpx
import pytest

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import BOT_NAME, MEMBER, REHEARSAL_TOKENS
from bot.rehearsal.zalo.knobs import Knobs, WrongToken
from bot.rehearsal.zalo.methods.table import METHODS
from bot.rehearsal.zalo.records import Message, MessageKind, Person
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.zalo.conftest import Ask

PATH = f"/zalo/bot{REHEARSAL_TOKENS[0]}"
TO_MEMBER = {"chat_id": MEMBER.id, "text": "Xin chào 💰"}
NOW_MS = int(NOW.timestamp() * 1000)


def newest(server: RehearsalServer) -> Message:
    return server.zalo.messages(MEMBER.id)[-1]


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        pytest.param("POST", {"json": TO_MEMBER}, id="JSON"),
        pytest.param("POST", {"data": TO_MEMBER}, id="form"),
        pytest.param("POST", {"params": TO_MEMBER}, id="query"),
        pytest.param("GET", {"params": TO_MEMBER}, id="GET"),
    ],
)
async def test_a_message_is_taken_however_it_comes(
    http: httpx.AsyncClient, server: RehearsalServer, method: str, sent: dict[str, Any]
) -> None:
    response = await http.request(method, f"{PATH}/sendMessage", **sent)
    message = newest(server)
    assert message.text == "Xin chào 💰"
    assert response.json() == {
        "ok": True,
        "result": {"message_id": message.id, "date": NOW_MS},
        "error_code": 0,
    }
    assert re.fullmatch("[0-9a-f]{20}", message.id)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no type"),
        pytest.param({"content-type": "application/json"}, id="JSON"),
        pytest.param({"connection": "close"}, id="closing"),
    ],
)
async def test_an_empty_body_is_enough_where_nothing_is_asked(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        response = await http.request(method, f"{PATH}/getMe", headers=headers)
        assert response.json()["result"] == {
            "id": "8000000001",
            "account_name": "bot.8000000001",
            "account_type": "BASIC",
            "can_join_groups": True,
            "display_name": BOT_NAME,
        }


async def test_multipart_is_not_read(http: httpx.AsyncClient) -> None:
    parts = {name: (None, value) for name, value in TO_MEMBER.items()}
    response = await http.post(f"{PATH}/sendMessage", files=parts)
    assert response.status_code == 400
    assert response.json()["description"] == "The chat_id must not be empty"


LONG = "đ" * 1998 + "💰"  # 2,000 units, 1,999 letters


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        pytest.param("sendMessage", {"text": ""}, "The text must not be empty", id="empty"),
        pytest.param("sendMessage", {"text": " \n"}, "The text must not be empty", id="blank"),
        pytest.param("sendMessage", {"text": LONG + "x"}, "between 1 and 2000", id="too long"),
        pytest.param("sendMessage", {"chat_id": ""}, "The chat_id must not be empty", id="nobody"),
        pytest.param("sendMessage", {"chat_id": 7}, "The chat_id must be a string", id="number"),
        pytest.param("sendMessage", {"chat_id": "x"}, "chat not found", id="unknown chat"),
        pytest.param("sendMessage", {"parse_mode": "HTML"}, "The parse_mode must", id="mode"),
        pytest.param("sendPhoto", {}, "The photo must not be empty", id="no photo"),
        pytest.param(
            "sendPhoto",
            {"photo": "data:image/png;base64,AA=="},
            "The photo must start with http:// or https://",
            id="no address",
        ),
        pytest.param(
            "sendPhoto",
            {"photo": "https://vidu.example/a.png", "caption": LONG + "x"},
            "The caption must be between",
            id="long caption",
        ),
        pytest.param("sendSticker", {}, "The sticker must not be empty", id="no sticker"),
        pytest.param(
            "sendVoice", {"voice_url": "https://vidu.example/a.mp3"}, ".aac file", id="no aac"
        ),
        pytest.param("sendChatAction", {"action": "dance"}, "action is invalid", id="action"),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_costs_nothing(
    ask: Ask, server: RehearsalServer, method: str, given: dict[str, Any], reason: str
) -> None:
    status, answer = await ask(method, **TO_MEMBER | given)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert reason in answer["description"]
    assert server.zalo.used() == 0
    assert server.zalo.sent == []


async def test_a_text_may_have_2000_utf16_units(ask: Ask, server: RehearsalServer) -> None:
    assert (await ask("sendMessage", **TO_MEMBER | {"text": LONG}))[0] == 200
    assert newest(server).text == LONG


@pytest.mark.parametrize(
    "style",
    [
        pytest.param({"start": 0, "len": 99, "st": ["b"]}, id="beyond the end"),
        pytest.param({"start": -1, "len": 2, "st": ["b"]}, id="before the start"),
        pytest.param({"start": 0, "len": 0, "st": ["b"]}, id="empty"),
        pytest.param({"start": 0, "len": 3, "st": ["bold"]}, id="unknown code"),
        pytest.param({"start": 0, "len": 3, "st": []}, id="no code"),
        pytest.param({"offset": 0, "length": 3}, id="Telegram's"),
        pytest.param("b", id="no object"),
    ],
)
async def test_a_wrong_style_is_refused(ask: Ask, style: Any) -> None:  # noqa: ANN401 - JSON
    status, answer = await ask("sendMessage", **TO_MEMBER, text_styles=[style])
    assert status == 400
    assert "text_styles" in answer["description"]


async def test_styles_are_kept_and_give_way_to_a_parse_mode(
    ask: Ask, server: RehearsalServer
) -> None:
    styles = [{"start": 9, "len": 2, "st": ["b", "c_db342e"]}]  # the last sign is two units
    await ask("sendMessage", **TO_MEMBER, text_styles=styles)
    assert list(newest(server).styles) == styles
    await ask("sendMessage", **TO_MEMBER, text_styles=styles, parse_mode="markdown")
    assert (newest(server).styles, newest(server).parse_mode) == ((), "markdown")


async def test_pictures_stickers_and_voices_go_by_name_or_address(
    ask: Ask, server: RehearsalServer
) -> None:
    chat = {"chat_id": MEMBER.id}
    photo = {"photo": "https://vidu.example/a.png", "caption": "Ảnh hội nghị"}
    assert (await ask("sendPhoto", **chat, **photo))[1]["result"]["message_type"] == "CHAT_PHOTO"
    await ask("sendSticker", **chat, sticker="d063f44d")
    await ask("sendVoice", **chat, voice_url="https://vidu.example/a.aac")
    sent = [(m.kind, m.media, m.text) for m in server.zalo.messages(MEMBER.id)]
    assert sent == [
        (MessageKind.IMAGE, "https://vidu.example/a.png", "Ảnh hội nghị"),
        (MessageKind.STICKER, "d063f44d", ""),
        (MessageKind.VOICE, "https://vidu.example/a.aac", ""),
    ]
    assert server.zalo.used() == 3


async def test_a_chat_action_has_no_result_and_costs_nothing(
    ask: Ask, server: RehearsalServer
) -> None:
    _, answer = await ask("sendChatAction", chat_id=MEMBER.id, action="typing")
    assert answer == {"ok": True, "error_code": 0}
    assert server.zalo.used() == 0


async def test_a_bot_cannot_write_first(ask: Ask, server: RehearsalServer) -> None:
    stranger = Person(id="aa11", name="Lý Thị Mơ")
    server.zalo.add_person(stranger)
    with pytest.raises(Impossible):
        server.zalo_people.block(stranger)
    server.zalo_people.unblock(stranger)
    assert (await ask("sendMessage", chat_id="aa11", text="Tin"))[0] == 400
    server.zalo_people.write(stranger, "Xin chào")
    assert (await ask("sendMessage", chat_id="aa11", text="Tin"))[0] == 200


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("/zalo/bot1:x/getMe", 401, id="wrong token"),
        pytest.param(f"{PATH}/getme", 404, id="capitals matter"),
        pytest.param(f"{PATH}/getChat", 404, id="no such method"),
        pytest.param(f"{PATH}/a/b", 404, id="no such path"),
    ],
)
async def test_wrong_addresses(http: httpx.AsyncClient, path: str, code: int) -> None:
    response = await http.post(path)
    assert (response.status_code, response.json()["error_code"]) == (code, code)


async def test_a_wrong_token_may_bring_a_page(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    server.zalo.knobs = Knobs(wrong_token=WrongToken.HTML)
    response = await http.post("/zalo/bot1:x/getMe")
    assert response.status_code == 401
    assert response.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "body", [pytest.param(b"{", id="cut off"), pytest.param(b"[]", id="no object")]
)
async def test_a_body_that_is_no_json_object_is_refused(
    http: httpx.AsyncClient, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    response = await http.post(f"{PATH}/getMe", content=body, headers=headers)
    assert response.json()["error_code"] == 400


async def test_another_web_page_is_kept_out(http: httpx.AsyncClient) -> None:
    for name in METHODS:
        response = await http.post(f"{PATH}/{name}", headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403

"""The page's own addresses: what people do as JSON, what happens as an event stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.rehearsal.page.routes import FILES
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import samples
from bot.rehearsal.telegram.cast import (
    GROUP_ADMIN,
    GROUP_ID,
    GROUP_MEMBER,
    MEMBER,
    OFFICE_ADMIN,
    supergroup_id,
)
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Standing
from tests.bot.rehearsal.conftest import Ask

BUTTON = {"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]]}


async def act(http: httpx.AsyncClient, name: str, **given: Any) -> Any:  # noqa: ANN401 - JSON
    response = await http.post(f"/rehearsal/{name}", json=given)
    assert response.status_code == 200, response.text
    return response.json()


async def test_people_write_and_press(
    http: httpx.AsyncClient, ask: Ask, server: RehearsalServer
) -> None:
    written = await act(http, "write", phone="member", text="/start")
    assert server.telegram.messages(MEMBER.id)[0].id == written["message_id"]
    _, sent = await ask("sendMessage", chat_id=MEMBER.id, text="Đồng ý?", reply_markup=BUTTON)
    place = {"message_id": sent["result"]["message_id"], "row": 0, "column": 0}
    pressed = await act(http, "press", phone="member", **place)
    _, updates = await ask("getUpdates")
    assert updates["result"][-1]["callback_query"]["id"] == pressed["query"]


async def test_a_group_s_phone_writes_as_whom_one_chooses(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    await act(http, "add-bot", phone="group", person=GROUP_ADMIN.id)
    await act(http, "write", phone="group", person=GROUP_MEMBER.id, text="Xin chào")
    await act(http, "upgrade-group", phone="group", person=GROUP_ADMIN.id)
    assert server.telegram.chats[GROUP_ID].messages[written_id(server)].sender == GROUP_MEMBER
    await act(http, "remove-bot", phone="group", person=GROUP_ADMIN.id)
    assert server.telegram.chat(GROUP_ID).standing is Standing.GONE


def written_id(server: RehearsalServer) -> int:
    messages = server.telegram.chats[GROUP_ID].messages.values()
    return next(message.id for message in messages if message.text)


async def test_a_member_blocks_and_unblocks(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    await act(http, "block", phone="member")
    assert server.telegram.chat(MEMBER.id).standing is Standing.GONE
    await act(http, "unblock", phone="member")
    assert server.telegram.chat(MEMBER.id).standing is Standing.MEMBER


async def test_files_are_sent_and_messages_forwarded(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    await act(http, "send-file", phone="admin", sample="photo", caption="Hội nghị")
    large = await act(http, "send-file", phone="admin", sample="large")
    await act(http, "send-album", phone="admin", samples=["document"] * 2, caption="Hai tệp")
    await act(http, "forward", phone="admin", message_id=large["message_id"])
    sent = [
        (message.media.file.size, message.text)
        for message in server.telegram.messages(OFFICE_ADMIN.id)
        if message.media is not None
    ]
    picture, document = len(samples.picture()), len(samples.document())
    assert sent == [
        (picture, "Hội nghị"),
        (25 << 20, ""),
        (document, "Hai tệp"),
        (document, ""),
        (25 << 20, ""),
    ]


async def test_what_the_group_wrote_is_forwarded_to_the_bot_in_private(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    written = server.people.write(GROUP_MEMBER, "Chiều nay họp", chat=GROUP_ID)
    player = {"phone": "group", "person": GROUP_ADMIN.id}
    await act(http, "forward", message_id=written.id, **player)
    [forwarded] = server.telegram.messages(GROUP_ADMIN.id)
    assert (forwarded.text, forwarded.sender) == ("Chiều nay họp", GROUP_ADMIN)


async def test_sent_files_are_shown_and_saved_but_never_run(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    shown = await http.get(f"/rehearsal/file/{server.people.photo().id}")
    assert (shown.content, shown.headers["content-type"]) == (samples.picture(), "image/jpeg")
    harmful = server.people.document("Trang.html", b"<script>alert(1)</script>")
    saved = await http.get(f"/rehearsal/file/{harmful.id}")
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''Trang.html"
    assert "sandbox" in saved.headers["content-security-policy"]
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert (await http.get("/rehearsal/file/x")).status_code == 404


async def test_the_portal_is_edited(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    published = await act(http, "publish", title="Tin mới", body="Một.\n\nHai.")
    await act(http, "edit", id=published["id"], title="Tin đã sửa")
    assert server.portal.articles[0].title == "Tin đã sửa"
    await act(http, "withdraw", id=published["id"])
    assert server.portal.articles[0].title != "Tin đã sửa"
    await act(http, "break-portal", kind="500")
    assert (await http.get(server.portal_url)).status_code == 500
    await act(http, "repair-portal")
    assert (await http.get(server.portal_url)).status_code == 200


async def test_faults_are_set_and_cleared(http: httpx.AsyncClient, ask: Ask) -> None:
    fault = await act(http, "add-fault", kind="error", code=500, method="getMe")
    assert (await ask("getMe"))[0] == 500
    [listed] = (await http.get("/rehearsal/faults")).json()
    assert (listed["id"], listed["code"], listed["method"]) == (fault["id"], 500, "getMe")
    await act(http, "clear-faults")
    assert (await ask("getMe"))[0] == 200


async def test_a_fault_may_concern_one_phone_and_messages_alone(
    http: httpx.AsyncClient, ask: Ask, server: RehearsalServer
) -> None:
    await act(http, "add-fault", kind="error", code=403, phone="group", only_messages=True)
    server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
    await act(
        http, "add-fault", kind="error", code=500, phone="group", only_messages=True, times=1
    )
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200
    new = supergroup_id(GROUP_ID)
    assert (await ask("sendChatAction", chat_id=new, action="typing"))[0] == 200
    assert (await ask("sendMessage", chat_id=new, text="Tin"))[0] == 500
    [listed] = (await http.get("/rehearsal/faults")).json()
    assert (listed["code"], listed["chat"], listed["phone"]) == (403, GROUP_ID, "")


@pytest.mark.parametrize(
    ("name", "given", "status"),
    [
        pytest.param("write", {"phone": "member", "text": " "}, 409, id="nothing to send"),
        pytest.param("write", {"phone": "nobody", "text": "a"}, 400, id="no such phone"),
        pytest.param(
            "write", {"phone": "member", "person": 5, "text": "a"}, 400, id="somebody else's phone"
        ),
        pytest.param("write", [], 400, id="no object"),
        pytest.param(
            "press",
            {"phone": "member", "message_id": 1, "row": 0, "column": 0},
            409,
            id="no such button",
        ),
        pytest.param("send-file", {"phone": "admin", "sample": "film"}, 400, id="no such sample"),
        pytest.param(
            "send-album", {"phone": "admin", "samples": ["photo"]}, 409, id="album of one"
        ),
        pytest.param(
            "forward", {"phone": "admin", "message_id": 1}, 400, id="no message to forward"
        ),
        pytest.param("withdraw", {"id": 5}, 400, id="no such article"),
        pytest.param("add-fault", {"kind": "rain"}, 400, id="no such fault"),
        pytest.param(
            "zalo-write", {"phone": "zalo-member", "text": " "}, 409, id="nothing to say on Zalo"
        ),
        pytest.param(
            "zalo-write", {"phone": "member", "text": "a"}, 400, id="no such phone with Zalo"
        ),
        pytest.param(
            "zalo-add-bot",
            {"phone": "zalo-group", "person": "19ea6b07d45c82f3b6a8"},
            409,
            id="not the owner of a group",
        ),
        pytest.param(
            "zalo-send", {"phone": "zalo-member", "message": "film"}, 400, id="no such message"
        ),
    ],
)
async def test_what_cannot_be_done_is_said(
    http: httpx.AsyncClient, name: str, given: object, status: int
) -> None:
    response = await http.post(f"/rehearsal/{name}", json=given)
    assert response.status_code == status
    assert response.json()["error"]


async def told(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


async def test_an_open_page_is_told_everything_in_order(
    http: httpx.AsyncClient, ask: Ask, server: RehearsalServer
) -> None:
    async with asyncio.timeout(60), http.stream("GET", "/rehearsal/events") as response:
        events = told(response)
        state = await anext(events)
        assert [phone["standing"] for phone in state["phones"]] == ["returning"] * 5
        server.people.write(MEMBER, "/start")
        assert (await anext(events))["phone"]["standing"] == "member"
        assert (await anext(events))["message"]["text"] == "/start"
        _, sent = await ask("sendMessage", chat_id=MEMBER.id, text="Có?", reply_markup=BUTTON)
        assert (await anext(events))["message"] == sent["result"]
        query_id = server.people.press(MEMBER, "Có")
        await ask("answerCallbackQuery", callback_query_id=query_id, text="Đã ghi")
        answer = await anext(events)
        assert (answer["kind"], answer["phone"], answer["text"]) == ("answer", "member", "Đã ghi")
        await ask(
            "editMessageText",
            chat_id=MEMBER.id,
            message_id=sent["result"]["message_id"],
            text="Xong",
        )
        edit = await anext(events)
        assert (edit["kind"], edit["message"]["text"]) == ("edit", "Xong")
        await ask("deleteMessage", chat_id=MEMBER.id, message_id=edit["message"]["message_id"])
        gone = await anext(events)
        assert (gone["kind"], gone["phone"]) == ("delete", "member")
        assert gone["message_id"] == edit["message"]["message_id"]
        server.telegram.faults.add(Fault(code=429, times=1, chat=MEMBER.id))
        [fault] = (await anext(events))["faults"]
        assert (fault["code"], fault["phone"]) == (429, "member")
        await ask("sendMessage", chat_id=MEMBER.id, text="Tin")
        assert (await anext(events))["faults"] == []
        article = server.portal.publish()
        assert (await anext(events))["articles"][0]["title"] == article.title


async def test_a_supergroup_still_shows_what_was_said_before(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    server.people.write(GROUP_MEMBER, "Trước", chat=GROUP_ID)
    server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
    server.people.write(GROUP_MEMBER, "Sau", chat=GROUP_ID)
    state = (await http.get("/rehearsal/state")).json()
    shown = [message.get("text") for message in state["phones"][1]["messages"]]
    assert shown == ["Trước", None, None, "Sau"]


async def test_no_outside_resource_is_named(http: httpx.AsyncClient) -> None:
    for path in FILES:
        if path == "/favicon.svg":  # names its own vocabulary
            continue
        response = await http.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in response.text.replace("https?", "")  # a pattern names no address
        assert "innerHTML" not in response.text

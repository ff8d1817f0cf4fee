"""What this Telegram refuses, in the real server's words."""

from typing import Any

import httpx
import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import (
    GROUP_ADMIN,
    GROUP_ID,
    GROUP_MEMBER,
    MEMBER,
    REHEARSAL_TOKEN,
    supergroup_id,
)
from bot.rehearsal.telegram.records import Person, Standing
from tests.bot.rehearsal.conftest import Ask

STRANGER = Person(id=800001, first_name="Người lạ")
BOLD = {"type": "bold"}


def keyboard(**button: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is anything
    return {"inline_keyboard": [[{"text": "Nút", **button}]]}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param({"text": ""}, "message text is empty", id="no text"),
        pytest.param({"text": " \n "}, "text must be non-empty", id="white space only"),
        pytest.param({"text": "a" * 4097}, "message is too long", id="4097 letters"),
        pytest.param({"text": "📰" * 2049}, "message is too long", id="2049 emoji"),
        pytest.param(
            {"entities": [BOLD | {"offset": 9, "length": 1}]},
            "entity begins after the end of the text at UTF-16 offset 9",
            id="entity after the text",
        ),
        pytest.param(
            {"entities": [BOLD | {"offset": 3, "length": 7}]},
            "entity beginning at UTF-16 offset 3 ends after the end of the text "
            "at UTF-16 offset 10",
            id="entity beyond the text",
        ),
        pytest.param(
            {"entities": [BOLD | {"offset": 1, "length": 3}]},
            "entity begins in a middle of a UTF-16 symbol at byte offset 2",
            id="entity begins in a surrogate pair",
        ),
        pytest.param(
            {"entities": [BOLD | {"offset": 0, "length": 1}]},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
            "at byte offset 2",
            id="entity ends in a surrogate pair",
        ),
        pytest.param(
            {"entities": "[{"}, "can't parse entities JSON object", id="entities are no JSON"
        ),
        pytest.param({"parse_mode": "HTML"}, "unsupported parse_mode", id="markup"),
        pytest.param(
            {"reply_markup": keyboard(callback_data="đ" * 33)},
            "BUTTON_DATA_INVALID",
            id="66 bytes of button data",
        ),
        pytest.param(
            {"reply_markup": keyboard()},
            "can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
            id="button that does nothing",
        ),
        pytest.param(
            {"reply_markup": keyboard(url="http://localhost:8080/tin")},
            "inline keyboard button URL 'http://localhost:8080/tin' is invalid: Wrong HTTP URL",
            id="button to a host without a dot",
        ),
        pytest.param(
            {"reply_markup": keyboard(url="ftp://vidu.example/tin")},
            "inline keyboard button URL 'ftp://vidu.example/tin' is invalid: "
            "Unsupported URL protocol",
            id="button with another protocol",
        ),
        pytest.param(
            {"reply_markup": {"keyboard": [[{"text": "Nút"}]]}},
            "the rehearsal shows inline keyboards only",
            id="keyboard of another kind",
        ),
        pytest.param({"chat_id": ""}, "chat_id is empty", id="no chat"),
        pytest.param({"chat_id": 999999}, "chat not found", id="unknown chat"),
        pytest.param({"chat_id": "@vanphong"}, "chat not found", id="unknown name"),
        pytest.param({"message_thread_id": 5}, "message thread not found", id="unknown topic"),
        pytest.param(
            {"reply_parameters": {"message_id": 1}},
            "message to be replied not found",
            id="reply to nothing",
        ),
    ],
)
async def test_what_cannot_be_sent(
    ask: Ask, server: RehearsalServer, given: dict[str, Any], reason: str
) -> None:
    status, answer = await ask("sendMessage", **{"chat_id": MEMBER.id, "text": "📰 Tin"} | given)
    description = f"Bad Request: {reason}"
    assert (status, answer) == (400, {"ok": False, "error_code": 400, "description": description})
    assert server.telegram.sent == []


async def test_the_longest_text_and_data_are_taken(ask: Ask) -> None:
    status, _ = await ask(
        "sendMessage",
        chat_id=MEMBER.id,
        text="📰" * 2048,
        entities=[BOLD | {"offset": 0, "length": 4096}],
        reply_markup=keyboard(callback_data="a" * 64),
    )
    assert status == 200


async def test_entities_end_where_trailing_space_was_cut(ask: Ask) -> None:
    _, answer = await ask(
        "sendMessage",
        chat_id=MEMBER.id,
        text="Tin  ",
        entities=[BOLD | {"offset": 0, "length": 5}, BOLD | {"offset": 4, "length": 1}],
    )
    assert answer["result"]["text"] == "Tin"
    assert answer["result"]["entities"] == [BOLD | {"offset": 0, "length": 3}]


async def test_an_equal_edit_is_refused(bot: telegram.Bot) -> None:
    message = await bot.send_message(MEMBER.id, "Tin")
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await message.edit_text("Tin")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_reply_markup(None)


async def test_only_own_messages_that_exist_can_be_edited(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    written = server.people.write(MEMBER, "Xin chào")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Tin", MEMBER.id, 1)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Tin", MEMBER.id, written.id)


async def test_an_old_or_unknown_query_cannot_be_answered(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    await bot.send_message(
        MEMBER.id,
        "Đồng ý?",
        reply_markup=telegram.InlineKeyboardMarkup.from_button(
            telegram.InlineKeyboardButton("Có", callback_data="1")
        ),
    )
    query_id = server.people.press(MEMBER, "Có")
    server.telegram.expire_queries()
    for wrong in (query_id, "nothing"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await bot.answer_callback_query(wrong)


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        pytest.param(
            "sendChatAction", {"action": "sing"}, "wrong parameter action in request", id="action"
        ),
        pytest.param("answerCallbackQuery", {"text": "a" * 201}, "MESSAGE_TOO_LONG", id="toast"),
        pytest.param("getChatMember", {"user_id": 5}, "PARTICIPANT_ID_INVALID", id="member"),
        pytest.param(
            "getChatAdministrators",
            {},
            "there are no administrators in the private chat",
            id="admins of a private chat",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": [{"command": "đăngký", "description": "Đăng ký."}]},
            "BOT_COMMAND_INVALID",
            id="command with marks",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": [{"command": "dangky", "description": " "}]},
            "command description must be non-empty",
            id="command without description",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": [], "scope": {"type": "chat", "chat_id": 999999}},
            "chat not found",
            id="menu of an unknown chat",
        ),
    ],
)
async def test_what_else_is_refused(
    ask: Ask, method: str, given: dict[str, Any], reason: str
) -> None:
    status, answer = await ask(method, chat_id=MEMBER.id, **given)
    assert (status, answer["description"]) == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        pytest.param("/bot1:wrong/getMe", 401, "Unauthorized", id="another bot's token"),
        pytest.param("/botnonsense/getMe", 404, "Not Found", id="no token"),
        pytest.param(f"/bot{REHEARSAL_TOKEN}/sendSong", 404, "Not Found", id="no such method"),
    ],
)
async def test_unknown_callers_and_calls(
    http: httpx.AsyncClient, path: str, status: int, description: str
) -> None:
    response = await http.post(path)
    answer = {"ok": False, "error_code": status, "description": description}
    assert (response.status_code, response.json()) == (status, answer)


async def test_a_client_with_a_wrong_token_is_told(server: RehearsalServer) -> None:
    stranger = telegram.Bot("1:wrong", base_url=server.api_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_who_blocked_the_bot_is_not_reached(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    message = await bot.send_message(MEMBER.id, "Tin")
    server.people.block(MEMBER)
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(MEMBER.id, "Tin")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await message.edit_text("Tin khác")
    server.people.unblock(MEMBER)
    await bot.send_message(MEMBER.id, "Tin nữa")
    assert server.telegram.texts(MEMBER.id) == ["Tin", "Tin nữa"]


async def test_a_stranger_cannot_be_written_to_first(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.telegram.add_person(STRANGER, standing=Standing.STRANGER)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(STRANGER.id, "Tin")
    server.people.write(STRANGER, "/start")
    await bot.send_message(STRANGER.id, "Tin")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_removed_the_bot_is_not_reached(
    bot: telegram.Bot, server: RehearsalServer, kind: str
) -> None:
    chat_id = GROUP_ID
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    if kind == "supergroup":
        chat_id = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID).id
    server.people.remove_bot(GROUP_ADMIN, chat_id)
    with pytest.raises(Forbidden, match=f"bot was kicked from the {kind} chat"):
        await bot.send_message(chat_id, "Tin")


async def test_a_group_without_the_bot_is_not_reached(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    server.telegram.add_group(-5, "Chi hội", {}, standing=Standing.STRANGER)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(-5, "Tin")


async def test_an_upgraded_group_says_its_new_id(
    bot: telegram.Bot, ask: Ask, server: RehearsalServer
) -> None:
    server.people.upgrade_group(GROUP_MEMBER, GROUP_ID)
    new_id = supergroup_id(GROUP_ID)
    _, answer = await ask("sendMessage", chat_id=GROUP_ID, text="Tin")
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new_id},
    }
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP_ID, "Tin")
    assert moved.value.new_chat_id == new_id
    await bot.send_message(new_id, "Tin")
    assert server.telegram.texts(GROUP_ID) == ["Tin"]

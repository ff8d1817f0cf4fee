"""Every method of the Bot API, called as python-telegram-bot calls it."""

from typing import Any

import httpx
import pytest
import telegram
from telegram.constants import ChatAction

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import (
    BOT_NAME,
    GROUP_ADMIN,
    GROUP_ID,
    GROUP_MEMBER,
    GROUP_TITLE,
    MEMBER,
    REHEARSAL_TOKEN,
)
from tests.bot.rehearsal.conftest import Ask

CONSENT = telegram.InlineKeyboardMarkup(
    [
        [
            telegram.InlineKeyboardButton("Đồng ý", callback_data="consent:yes"),
            telegram.InlineKeyboardButton("Đọc toàn văn", url="https://vidu.example/tin"),
        ]
    ]
)


async def test_the_bot_learns_who_it_is(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.first_name, me.is_bot, me.id) == (BOT_NAME, True, 7000000001)


async def test_a_message_stands_in_the_chat_as_it_was_sent(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    message = await bot.send_message(
        MEMBER.id,
        "📰 Tin mới",
        entities=[telegram.MessageEntity("bold", 3, 7)],
        reply_markup=CONSENT,
        disable_notification=True,
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
    )
    assert message.text == "📰 Tin mới"
    assert message.parse_entities() == {message.entities[0]: "Tin mới"}
    assert message.reply_markup == CONSENT
    assert message.link_preview_options == telegram.LinkPreviewOptions(is_disabled=True)
    [stands] = server.telegram.from_bot(MEMBER.id)
    assert (stands.id, stands.text, stands.silent) == (message.message_id, "📰 Tin mới", True)
    assert [sent.message for sent in server.telegram.sent] == [stands]


async def test_what_telegram_finds_in_a_text_by_itself_is_marked(bot: telegram.Bot) -> None:
    text = "Xem /dulieu, hỏi @vanphong hoặc http://vidu.example/a. Ngày 16/03, và/hoặc 17/03"
    message = await bot.send_message(MEMBER.id, text)
    found = {entity.type: words for entity, words in message.parse_entities().items()}
    assert found == {
        "bot_command": "/dulieu",
        "mention": "@vanphong",
        "url": "http://vidu.example/a",
    }


async def test_a_reply_shows_what_it_answers(bot: telegram.Bot, server: RehearsalServer) -> None:
    question = server.people.write(MEMBER, "Tin này ở đâu?")
    message = await bot.send_message(
        MEMBER.id, "Ở cổng.", reply_parameters=telegram.ReplyParameters(question.id)
    )
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "Tin này ở đâu?"


async def test_a_message_goes_into_a_forum_topic(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    forum = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
    forum.topics.add(5)
    message = await bot.send_message(forum.id, "Xin chào", message_thread_id=5)
    assert (message.message_thread_id, message.is_topic_message) == (5, True)


async def test_an_edit_changes_text_and_buttons_in_place(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    message = await bot.send_message(MEMBER.id, "Đồng ý?", reply_markup=CONSENT)
    edited = await message.edit_text("Đã ghi nhận.")
    assert isinstance(edited, telegram.Message)
    assert (edited.message_id, edited.reply_markup) == (message.message_id, None)
    assert edited.edit_date is not None
    assert server.telegram.texts(MEMBER.id) == ["Đã ghi nhận."]


async def test_buttons_change_without_the_text(bot: telegram.Bot, server: RehearsalServer) -> None:
    message = await bot.send_message(MEMBER.id, "Chuyên mục")
    await message.edit_reply_markup(CONSENT)
    [stands] = server.telegram.from_bot(MEMBER.id)
    assert stands.keyboard == CONSENT.to_dict()


async def test_a_chat_sees_that_the_bot_types(bot: telegram.Bot, server: RehearsalServer) -> None:
    seen: list[str] = []
    server.telegram.watchers.append(lambda event: seen.append(event.kind))
    assert await bot.send_chat_action(MEMBER.id, ChatAction.TYPING)
    assert seen == ["typing"]


async def test_a_pressed_button_is_answered(bot: telegram.Bot, server: RehearsalServer) -> None:
    await bot.send_message(MEMBER.id, "Đồng ý?", reply_markup=CONSENT)
    query_id = server.people.press(MEMBER, "Đồng ý")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.id) == ("consent:yes", query_id)
    await update.callback_query.answer("Đã ghi nhận", show_alert=True)
    answer = server.telegram.answers[query_id]
    assert (answer.text, answer.show_alert) == ("Đã ghi nhận", True)


async def test_a_chat_is_described(bot: telegram.Bot) -> None:
    private, group = await bot.get_chat(MEMBER.id), await bot.get_chat(GROUP_ID)
    assert (private.type, private.first_name) == ("private", MEMBER.first_name)
    assert (group.type, group.title) == ("group", GROUP_TITLE)


async def test_a_group_names_its_admins(bot: telegram.Bot) -> None:
    admins = await bot.get_chat_administrators(GROUP_ID)
    assert [(admin.user.id, admin.status) for admin in admins] == [(GROUP_ADMIN.id, "creator")]


@pytest.mark.parametrize(
    ("person_id", "status"),
    [
        pytest.param(GROUP_ADMIN.id, "creator", id="its founder"),
        pytest.param(GROUP_MEMBER.id, "member", id="a member"),
        pytest.param(MEMBER.id, "left", id="somebody else"),
        pytest.param(7000000001, "member", id="the bot"),
    ],
)
async def test_what_a_person_is_in_a_group(bot: telegram.Bot, person_id: int, status: str) -> None:
    assert (await bot.get_chat_member(GROUP_ID, person_id)).status == status


async def test_the_menu_is_the_nearest_one_that_is_set(
    bot: telegram.Bot, server: RehearsalServer
) -> None:
    everybody = [telegram.BotCommand("trogiup", "Trợ giúp.")]
    admins = [telegram.BotCommand("caidat", "Cài đặt.")]
    await bot.set_my_commands(everybody)
    await bot.set_my_commands(admins, telegram.BotCommandScopeAllChatAdministrators())
    group = server.telegram.chat(GROUP_ID)
    menus = server.telegram.menus
    assert menus.seen_by(GROUP_MEMBER.id, group) == [everybody[0].to_dict()]
    assert menus.seen_by(GROUP_ADMIN.id, group) == [admins[0].to_dict()]
    assert list(await bot.get_my_commands()) == everybody
    await bot.delete_my_commands()
    assert menus.seen_by(GROUP_MEMBER.id, group) == []


async def test_a_menu_can_be_set_for_one_chat(bot: telegram.Bot, server: RehearsalServer) -> None:
    own = [telegram.BotCommand("trangthai", "Trạng thái.")]
    await bot.set_my_commands(own, telegram.BotCommandScopeChat(MEMBER.id))
    chat = server.telegram.chat(MEMBER.id)
    assert server.telegram.menus.seen_by(MEMBER.id, chat) == [own[0].to_dict()]


async def test_there_is_no_webhook(bot: telegram.Bot, server: RehearsalServer) -> None:
    server.people.write(MEMBER, "Xin chào")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 1)
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_bot_can_take_its_leave(ask: Ask) -> None:
    assert await ask("close") == (200, {"ok": True, "result": True})
    assert await ask("logOut") == (200, {"ok": True, "result": True})


@pytest.mark.parametrize(
    "sending",
    [
        pytest.param({"json": {"chat_id": MEMBER.id, "text": "Xin chào"}}, id="JSON"),
        pytest.param({"data": {"chat_id": str(MEMBER.id), "text": "Xin chào"}}, id="form"),
        pytest.param({"params": {"chat_id": MEMBER.id, "text": "Xin chào"}}, id="query"),
        pytest.param(
            {"files": {"chat_id": (None, str(MEMBER.id)), "text": (None, "Xin chào")}},
            id="multipart",
        ),
    ],
)
async def test_parameters_come_in_every_documented_way(
    http: httpx.AsyncClient, server: RehearsalServer, sending: dict[str, Any]
) -> None:
    response = await http.post(f"/bot{REHEARSAL_TOKEN}/sendmessage", **sending)
    assert response.json()["result"]["text"] == "Xin chào"
    assert server.telegram.texts(MEMBER.id) == ["Xin chào"]


async def test_a_method_may_be_called_with_get(http: httpx.AsyncClient) -> None:
    response = await http.get(f"/bot{REHEARSAL_TOKEN}/getMe")
    assert response.json()["result"]["is_bot"] is True

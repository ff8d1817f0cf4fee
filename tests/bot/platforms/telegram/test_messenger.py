"""The messenger over HTTP, against the rehearsal Telegram: what arrives, every way to fail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.platforms.errors import MessageGone
from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, MEMBER
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.limits import Limits
from jobs.messenger import (
    Address,
    Button,
    ChatGone,
    ChatMoved,
    Content,
    MaybeSent,
    Messenger,
    Part,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)
from jobs.rich_text import RichText, bold, join, link, utf16_length
from storage.records import ChatKind, Platform
from tests.bot.platforms.rig import NOW

TO = Address(platform=Platform.TELEGRAM, chat=str(MEMBER.id))
GROUP = Address(platform=Platform.TELEGRAM, chat=str(GROUP_ID), kind=ChatKind.GROUP)
PART = Part(text=RichText("Lịch tiếp công dân tháng 11"))
BUTTONS = (
    (Button(label="Đồng ý", data="yes"), Button(label="Không", data="no")),
    (Button(label="Đọc toàn văn", url="https://tanlap.example.vn/tin/1"),),
)


def test_it_is_a_messenger(messenger: TelegramMessenger) -> None:
    promised: Messenger = messenger

    assert promised.platform is Platform.TELEGRAM
    assert promised.capabilities.text_limit == 4096
    assert promised.capabilities.buttons
    assert promised.capabilities.edits


async def test_text_arrives_as_it_is_with_its_styles_and_buttons(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    text = join(
        RichText("📰 "),
        bold("Tin <b>không</b> phải HTML & *không* phải Markdown"),
        RichText("\n"),
        link("Toàn văn", "https://tanlap.example.vn/tin/1"),
    )
    (part,) = messenger.render(Content(text=text, buttons=BUTTONS, silent=True))

    message_id = await messenger.send(TO, part)

    (message,) = server.telegram.from_bot(MEMBER.id)
    assert message_id == str(message.id)
    assert message.text == text.text
    assert [(e["type"], e["offset"], e["length"], e.get("url")) for e in message.entities] == [
        ("bold", 3, 50, None),
        ("text_link", 54, 8, "https://tanlap.example.vn/tin/1"),
    ]
    assert message.keyboard == {
        "inline_keyboard": [
            [
                {"text": "Đồng ý", "callback_data": "yes"},
                {"text": "Không", "callback_data": "no"},
            ],
            [{"text": "Đọc toàn văn", "url": "https://tanlap.example.vn/tin/1"}],
        ]
    }
    assert message.silent
    assert message.options["link_preview_options"] == {"is_disabled": True}


async def test_a_message_makes_a_sound_unless_it_is_silent(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    await messenger.send(TO, PART)

    assert not server.telegram.from_bot(MEMBER.id)[0].silent


async def test_a_long_text_arrives_whole_in_parts_with_the_buttons_under_the_last(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    sentences = "\n".join(f"{number}. Nghị quyết về 🌾 nông thôn mới." for number in range(300))

    for part in messenger.render(Content(text=RichText(sentences), buttons=BUTTONS)):
        await messenger.send(TO, part)

    messages = server.telegram.from_bot(MEMBER.id)
    assert len(messages) > 1
    assert all(utf16_length(message.text) <= 4096 for message in messages)
    assert "\n".join(message.text for message in messages) == sentences
    assert [message.keyboard is not None for message in messages] == [
        *[False] * (len(messages) - 1),
        True,
    ]


async def test_a_message_goes_to_its_topic(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    server.telegram.chat(GROUP_ID).topics.add(77)
    topic = Address(
        platform=Platform.TELEGRAM, chat=str(GROUP_ID), thread="77", kind=ChatKind.GROUP
    )

    await messenger.send(topic, PART)

    assert server.telegram.from_bot(GROUP_ID)[0].options["message_thread_id"] == 77


async def test_an_edit_changes_text_and_buttons_and_may_change_nothing(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    message_id = await messenger.send(TO, Part(text=PART.text, buttons=BUTTONS))
    new = Part(text=bold("Đã đăng ký"))

    await messenger.edit(TO, message_id, new)
    await messenger.edit(TO, message_id, new)

    (message,) = server.telegram.from_bot(MEMBER.id)
    assert message.text == "Đã đăng ký"
    assert message.entities[0]["type"] == "bold"
    assert message.keyboard is None


async def test_a_message_that_is_not_there_cannot_be_edited(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    server.telegram.add_person(MEMBER)

    with pytest.raises(MessageGone):
        await messenger.edit(TO, "12345", PART)


async def test_who_blocked_the_bot_is_gone(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    server.people.block(MEMBER)

    with pytest.raises(ChatGone):
        await messenger.send(TO, PART)


async def test_a_closed_topic_is_gone(messenger: TelegramMessenger) -> None:
    topic = Address(
        platform=Platform.TELEGRAM, chat=str(GROUP_ID), thread="78", kind=ChatKind.GROUP
    )

    with pytest.raises(ChatGone):
        await messenger.send(topic, PART)


async def test_a_group_that_moved_says_where_and_takes_messages_there(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    new = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)

    with pytest.raises(ChatMoved) as moved:
        await messenger.send(GROUP, PART)

    assert moved.value.address == str(new.id)
    there = Address(platform=Platform.TELEGRAM, chat=moved.value.address, kind=ChatKind.GROUP)
    await messenger.send(there, PART)
    assert server.telegram.texts(new.id) == [PART.text.text]


SENT_OR_NOT: dict[str, tuple[Fault, type[SendError], int]] = {
    "403": (Fault(code=403), ChatGone, 0),
    "400": (Fault(code=400), ChatGone, 0),
    "429": (Fault(code=429), Throttled, 0),
    "500": (Fault(code=500), Unreachable, 0),
    "bad_gateway": (Fault(kind=FaultKind.BAD_GATEWAY), Unreachable, 0),
    "silence_before": (Fault(kind=FaultKind.SILENCE_BEFORE), MaybeSent, 0),
    "silence_after": (Fault(kind=FaultKind.SILENCE_AFTER), MaybeSent, 1),
    "down": (Fault(kind=FaultKind.DOWN), MaybeSent, 0),
    "garbage": (Fault(kind=FaultKind.GARBAGE), MaybeSent, 1),
}


@pytest.mark.parametrize(("fault", "meaning", "arrived"), SENT_OR_NOT.values(), ids=SENT_OR_NOT)
async def test_what_a_failed_send_means(
    server: RehearsalServer,
    messenger: TelegramMessenger,
    fault: Fault,
    meaning: type[SendError],
    arrived: int,
) -> None:
    server.telegram.faults.add(replace(fault, method="sendMessage"))

    with pytest.raises(SendError) as caught:
        await messenger.send(TO, PART)

    assert type(caught.value) is meaning
    assert len(server.telegram.from_bot(MEMBER.id)) == arrived


async def test_a_refused_text_is_rejected(
    server: RehearsalServer, messenger: TelegramMessenger
) -> None:
    too_long = Fault(code=400, description="Bad Request: message is too long")
    server.telegram.faults.add(too_long)

    with pytest.raises(Rejected):
        await messenger.send(TO, PART)


async def test_writing_too_fast_says_how_long_to_wait() -> None:
    async with (
        RehearsalServer(now=lambda: NOW, limits=Limits(chat_burst=1)) as server,
        open_bot(server.telegram.token, api_url=server.api_url) as bot,
    ):
        await TelegramMessenger(bot).send(TO, PART)

        with pytest.raises(Throttled) as told:
            await TelegramMessenger(bot).send(TO, PART)

        assert told.value.wait == timedelta(seconds=1)
        assert not told.value.whole_bot


async def test_no_server_is_unreachable(server: RehearsalServer, bot: TelegramBot) -> None:
    await server.__aexit__(None, None, None)

    with pytest.raises(Unreachable):
        await TelegramMessenger(bot).send(TO, PART)


async def test_a_wrong_token_is_refused(server: RehearsalServer) -> None:
    async with open_bot("123456:wrong", api_url=server.api_url) as bot:
        with pytest.raises(TokenRefused):
            await TelegramMessenger(bot).send(TO, PART)

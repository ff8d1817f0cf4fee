"""How an answer gets to a person when Telegram is busy, slow or changed under its feet."""

import asyncio
from dataclasses import replace

import pytest

from bot.commands.command import Incoming, Reply
from bot.platforms.replies import Replies
from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.buttons import PressedButtons
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, MEMBER
from bot.rehearsal.telegram.faults import Fault
from jobs.messenger import Address, Button, Content, Part
from jobs.pacing import Pacer
from jobs.rich_text import RichText, utf16_length
from storage.records import ChatKind, Platform
from tests.bot.platforms.rig import LeapingClock

BUTTONS = ((Button(label="Xây dựng Đảng", data="topic:1"),),)
PREVIEW = Content(text=RichText("Mời họp lúc 14 giờ."))
REPLY = Reply(text=RichText("Đã lưu lựa chọn."), buttons=BUTTONS)


async def nobody() -> bool:
    return False


def incoming(chat: int = MEMBER.id, message_id: str = "") -> Incoming:
    kind = ChatKind.PERSON if chat > 0 else ChatKind.GROUP
    return Incoming(
        address=Address(platform=Platform.TELEGRAM, chat=str(chat), kind=kind),
        bot_id=3,
        person=str(MEMBER.id),
        person_name=MEMBER.name,
        message_id=message_id,
        is_chat_admin=nobody,
    )


@pytest.fixture
def replies(messenger: TelegramMessenger, clock: LeapingClock) -> Replies:
    return Replies(messenger, Pacer(clock))


@pytest.fixture
def buttons(bot: TelegramBot) -> PressedButtons:
    return PressedButtons(bot)


async def a_message(messenger: TelegramMessenger) -> str:
    return await messenger.send(incoming().address, Part(text=RichText("Chọn"), buttons=BUTTONS))


async def test_a_pressed_button_changes_its_message(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)

    await replies.say(REPLY, incoming(message_id=message_id))

    assert server.telegram.texts(MEMBER.id) == ["Đã lưu lựa chọn."]


async def test_an_answer_that_is_no_edit_is_a_new_message(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)

    await replies.say(Reply(text=REPLY.text, edit=False), incoming(message_id=message_id))

    assert server.telegram.texts(MEMBER.id) == ["Chọn", "Đã lưu lựa chọn."]


async def test_what_stands_above_comes_first(server: RehearsalServer, replies: Replies) -> None:
    await replies.say(replace(REPLY, above=PREVIEW), incoming())

    preview, panel = server.telegram.from_bot(MEMBER.id)
    assert (preview.text, panel.text) == ("Mời họp lúc 14 giờ.", "Đã lưu lựa chọn.")
    assert preview.keyboard is None
    assert panel.keyboard is not None


async def test_below_what_stands_above_comes_a_new_message_also_when_a_button_was_pressed(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)

    await replies.say(replace(REPLY, above=PREVIEW), incoming(message_id=message_id))

    assert server.telegram.texts(MEMBER.id) == ["Chọn", "Mời họp lúc 14 giờ.", "Đã lưu lựa chọn."]


async def test_a_long_preview_comes_whole_before_its_answer(
    server: RehearsalServer, replies: Replies
) -> None:
    long = Content(text=RichText("Tin mới. " * 1000))

    await replies.say(replace(REPLY, above=long), incoming())

    texts = server.telegram.texts(MEMBER.id)
    assert " ".join(texts[:-1]) == ("Tin mới. " * 1000).strip()
    assert texts[-1] == "Đã lưu lựa chọn."


async def test_an_answer_comes_also_when_its_preview_does_not(
    server: RehearsalServer, replies: Replies
) -> None:
    server.telegram.faults.add(Fault(kind=FaultKind.SILENCE_BEFORE, times=1))

    await replies.say(replace(REPLY, above=PREVIEW), incoming())

    assert server.telegram.texts(MEMBER.id) == ["Đã lưu lựa chọn."]


async def test_an_answer_whose_message_is_gone_is_a_new_message(
    server: RehearsalServer, replies: Replies
) -> None:
    await replies.say(REPLY, incoming(message_id="99999"))

    assert server.telegram.texts(MEMBER.id) == ["Đã lưu lựa chọn."]


async def test_an_answer_that_changes_nothing_is_done(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)

    same = Reply(text=RichText("Chọn"), buttons=BUTTONS)
    await replies.say(same, incoming(message_id=message_id))

    assert server.telegram.texts(MEMBER.id) == ["Chọn"]


async def test_a_long_answer_changes_its_message_and_goes_on_below(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)
    long = Reply(text=RichText("Tin mới. " * 1000), buttons=BUTTONS)

    await replies.say(long, incoming(message_id=message_id))

    messages = server.telegram.from_bot(MEMBER.id)
    assert [utf16_length(m.text) <= 4096 for m in messages] == [True, True, True]
    assert [m.keyboard is not None for m in messages] == [False, False, True]
    assert str(messages[0].id) == message_id


async def test_an_answer_without_text_says_nothing(
    server: RehearsalServer, replies: Replies
) -> None:
    await replies.say(Reply(text=RichText("")), incoming())

    assert server.telegram.texts(MEMBER.id) == []


async def test_an_answer_that_is_too_fast_waits_as_long_as_told(
    server: RehearsalServer, replies: Replies, clock: LeapingClock
) -> None:
    server.telegram.faults.add(Fault(code=429, times=1, seconds=17))
    start = clock.seconds

    await replies.say(REPLY, incoming())

    assert server.telegram.texts(MEMBER.id) == ["Đã lưu lựa chọn."]
    assert clock.seconds >= start + 17


async def test_an_answer_that_did_not_leave_is_tried_again(
    server: RehearsalServer, replies: Replies
) -> None:
    server.telegram.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, times=3))

    await replies.say(REPLY, incoming())

    assert server.telegram.texts(MEMBER.id) == ["Đã lưu lựa chọn."]


@pytest.mark.parametrize("code", [429, 500])
async def test_an_answer_is_given_up_after_four_tries(
    server: RehearsalServer,
    replies: Replies,
    code: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.telegram.faults.add(Fault(code=code))

    await replies.say(REPLY, incoming())

    assert server.telegram.traffic.methods["sendMessage"].total == 4
    assert "a reply did not get through" in caplog.text
    assert "Đã lưu" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "arrived"), [(FaultKind.SILENCE_AFTER, 1), (FaultKind.DOWN, 0)], ids=str
)
async def test_an_answer_that_may_have_arrived_is_not_repeated(
    server: RehearsalServer, replies: Replies, kind: FaultKind, arrived: int
) -> None:
    server.telegram.faults.add(Fault(kind=kind, times=1))

    await replies.say(REPLY, incoming())

    assert len(server.telegram.texts(MEMBER.id)) == arrived
    assert server.telegram.traffic.methods["sendMessage"].total == 1


async def test_an_answer_follows_its_group_to_the_supergroup(
    server: RehearsalServer, replies: Replies
) -> None:
    new = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)

    await replies.say(REPLY, incoming(GROUP_ID))

    assert server.telegram.texts(new.id) == ["Đã lưu lựa chọn."]


async def test_an_answer_to_who_has_just_left_is_dropped(
    server: RehearsalServer, replies: Replies
) -> None:
    server.people.block(MEMBER)

    await replies.say(REPLY, incoming())

    assert server.telegram.traffic.methods["sendMessage"].total == 1


async def test_of_many_presses_on_one_message_only_the_last_is_shown_late(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies
) -> None:
    message_id = await a_message(messenger)
    presses = [Reply(text=RichText(f"Đã chọn {number}")) for number in range(8)]

    await asyncio.gather(
        *(replies.say(reply, incoming(message_id=message_id)) for reply in presses)
    )

    assert server.telegram.texts(MEMBER.id) == ["Đã chọn 7"]
    assert server.telegram.traffic.methods["editMessageText"].total == 2


async def test_answers_of_one_chat_go_out_in_order(
    server: RehearsalServer, replies: Replies
) -> None:
    said = [f"Trả lời {number}" for number in range(10)]

    await asyncio.gather(*(replies.say(Reply(text=RichText(text)), incoming()) for text in said))

    assert server.telegram.texts(MEMBER.id) == said


async def test_who_hammers_waits_for_twenty_answers_at_most(
    server: RehearsalServer, replies: Replies, caplog: pytest.LogCaptureFixture
) -> None:
    said = [f"Trả lời {number}" for number in range(30)]

    await asyncio.gather(*(replies.say(Reply(text=RichText(text)), incoming()) for text in said))

    assert server.telegram.texts(MEMBER.id) == said[:20]
    assert caplog.text.count("a chat asks faster than it may be answered") == 10


async def test_a_button_is_released_with_a_word_no_longer_than_telegram_takes(
    server: RehearsalServer, messenger: TelegramMessenger, buttons: PressedButtons
) -> None:
    await a_message(messenger)
    query = server.people.press(MEMBER, "Xây dựng Đảng")

    await buttons.release(query, "đã lưu " * 50)

    assert server.telegram.answers[query].text.startswith("đã lưu đã lưu")
    assert not server.telegram.answers[query].show_alert


async def test_a_button_pressed_long_ago_is_no_trouble(
    server: RehearsalServer, messenger: TelegramMessenger, buttons: PressedButtons
) -> None:
    await a_message(messenger)
    query = server.people.press(MEMBER, "Xây dựng Đảng")
    server.telegram.expire_queries()

    await buttons.release(query)

    assert query not in server.telegram.answers

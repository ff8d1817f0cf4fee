"""What an update means to the bot: to whom it is said, by whom, or that it is no concern."""

import pytest

from bot.commands.command import Incoming
from bot.platforms.events import Event, Joined, Left, Moved, Returned
from tests.bot.platforms.telegram.raw import (
    BOT_USER,
    CHANNEL,
    FORWARDED,
    GROUP,
    MAI,
    PHOTO,
    PRIVATE,
    Json,
    message,
    place,
    read,
    said,
)


async def is_admin(incoming: Incoming) -> bool:
    assert incoming.is_chat_admin is not None
    return await incoming.is_chat_admin()


async def test_what_a_person_writes_in_private_is_heard() -> None:
    incoming = said({"message": message(PRIVATE, "Đăng ký nhận tin")}).incoming

    assert incoming.address == place(PRIVATE)
    assert incoming.bot_id == 3
    assert incoming.person == "7"
    assert incoming.person_name == "Mai Nguyễn Thị"
    assert incoming.text == "Đăng ký nhận tin"
    assert incoming.called
    assert await is_admin(incoming)


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo"])
def test_what_is_no_text_is_heard_in_private_as_an_empty_text(kind: str) -> None:
    file = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    contents = {
        "sticker": file | {"is_animated": False, "is_video": False, "type": "regular"},
        "voice": file | {"duration": 3},
        "photo": [file],
    }

    event = said({"message": message(PRIVATE) | {kind: contents[kind]}})

    assert event.incoming.text == ""


def test_the_words_under_a_picture_are_heard() -> None:
    event = said({"message": message(PRIVATE, caption="Đăng ký", photo=PHOTO)})

    assert event.incoming.text == "Đăng ký"


FOR_THE_BOT = {
    "a command": ("/dangky", "/dangky"),
    "a command with its name": ("/dangky@bantin_tanlap_bot Mặt trận", "/dangky Mặt trận"),
    "its name in capitals": ("/dangky@BanTin_TanLap_Bot", "/dangky"),
    "a mention first": ("@bantin_tanlap_bot đăng ký", "đăng ký"),
    "a mention last": ("Đăng ký @bantin_tanlap_bot", "Đăng ký"),
    "a mention with a comma": ("@bantin_tanlap_bot, tin mới", ", tin mới"),
}


@pytest.mark.parametrize(("typed", "heard"), FOR_THE_BOT.values(), ids=FOR_THE_BOT)
def test_in_a_group_what_names_the_bot_is_heard_without_the_name(typed: str, heard: str) -> None:
    event = said({"message": message(GROUP, typed)})

    assert event.incoming.text == heard
    assert event.incoming.called
    assert event.incoming.address == place(GROUP)


def test_in_a_group_a_reply_to_the_bot_is_heard() -> None:
    replied = message(GROUP, "Chọn chuyên mục") | {"from": BOT_USER}

    event = said({"message": message(GROUP, "1 3", reply_to_message=replied)})
    assert not event.incoming.called

    assert event.incoming.text == "1 3"


STRANGER_BOT = {"id": 8, "is_bot": True, "first_name": "Bot khác", "username": "other_bot"}
NO_CONCERN = {
    "ordinary talk": {"message": message(GROUP, "Chiều nay họp lúc 14 giờ nhé")},
    "a command of another bot": {"message": message(GROUP, "/dangky@other_bot")},
    "a command of another bot that mentions this one": {
        "message": message(GROUP, "/hoi@other_bot @bantin_tanlap_bot")
    },
    "a longer name": {"message": message(GROUP, "@bantin_tanlap_bot2 đăng ký")},
    "an e-mail address": {"message": message(GROUP, "thu@bantin_tanlap_bot")},
    "only the bot's name": {"message": message(GROUP, "@bantin_tanlap_bot")},
    "a picture in a group": {"message": message(GROUP, photo=PHOTO)},
    "a picture with ordinary words in a group": {
        "message": message(GROUP, caption="Ảnh buổi họp", photo=PHOTO)
    },
    "a command forwarded into a group": {
        "message": message(GROUP, "/huy@bantin_tanlap_bot", forward_origin=FORWARDED)
    },
    "a reply to another person": {
        "message": message(GROUP, "Đồng ý", reply_to_message=message(GROUP, "Họp nhé"))
    },
    "another bot": {"message": message(GROUP, "/dangky") | {"from": STRANGER_BOT}},
    "written by way of another bot": {
        "message": message(PRIVATE, "Đăng ký", via_bot=STRANGER_BOT)
    },
    "an edited message": {"edited_message": message(PRIVATE, "Đăng ký")},
    "a channel's post": {"channel_post": message(CHANNEL, "/dangky")},
    "a channel's post in its group": {
        "message": message(GROUP, "/dangky", sender_chat=CHANNEL, is_automatic_forward=True)
    },
    "a new title": {"message": message(GROUP, new_chat_title="Hội Phụ nữ xã")},
    "a new member": {"message": message(GROUP, new_chat_members=[MAI])},
    "a pinned message": {"message": message(PRIVATE, pinned_message=message(PRIVATE, "Tin"))},
    "a button without its message": {
        "callback_query": {"id": "9", "from": MAI, "chat_instance": "1", "data": "x"}
    },
    "something new": {"greeting_card": {}},
}


@pytest.mark.parametrize("update", NO_CONCERN.values(), ids=NO_CONCERN)
def test_what_is_not_for_the_bot_is_not_heard(update: Json) -> None:
    assert read(update) == []


async def test_a_pressed_button_says_its_data_and_its_message() -> None:
    query = {
        "id": "9",
        "from": MAI,
        "chat_instance": "1",
        "data": "topics:2",
        "message": message(GROUP, "Chọn") | {"from": BOT_USER},
    }

    event = said({"callback_query": query})

    assert event.query == "9"
    assert event.incoming.data == "topics:2"
    assert event.incoming.message_id == "5"
    assert event.incoming.person == "7"
    assert event.incoming.address == place(GROUP)
    assert await is_admin(event.incoming)


def test_a_button_under_a_message_too_old_to_be_shown_is_heard() -> None:
    old = {
        "chat": GROUP,
        "message_id": 5,
        "date": 0,
    }  # core.telegram.org/bots/api#inaccessiblemessage
    query = {"id": "9", "from": MAI, "chat_instance": "1", "data": "x", "message": old}

    assert said({"callback_query": query}).incoming.message_id == "5"


def test_a_forum_topic_is_the_thread() -> None:
    forum = GROUP | {"is_forum": True}
    in_topic = message(forum, "/dangky", message_thread_id=77, is_topic_message=True)

    assert said({"message": in_topic}).incoming.address == place(GROUP, "77")


def test_a_reply_in_an_ordinary_group_is_no_thread() -> None:
    reply = message(GROUP, "/dangky", message_thread_id=31)

    assert said({"message": reply}).incoming.address == place(GROUP)


async def test_an_anonymous_admin_is_an_admin_without_a_name() -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}

    incoming = said({"message": message(GROUP, "/caidat", sender_chat=GROUP) | {"from": hidden}})

    assert incoming.incoming.person == ""
    assert incoming.incoming.person_name == ""
    assert await is_admin(incoming.incoming)


async def test_who_writes_in_a_channels_name_is_no_admin() -> None:
    hidden = {"id": 136817688, "is_bot": True, "first_name": "Channel"}

    incoming = said({"message": message(GROUP, "/caidat", sender_chat=CHANNEL) | {"from": hidden}})

    assert incoming.incoming.person == ""
    assert not await is_admin(incoming.incoming)


async def test_another_member_is_asked_for_at_telegram() -> None:
    other = {"id": 8, "is_bot": False, "first_name": "Hoa"}

    incoming = said({"message": message(GROUP, "/caidat") | {"from": other}}).incoming

    assert not await is_admin(incoming)


def test_a_group_that_became_a_supergroup_has_moved() -> None:
    old = {"id": -500, "type": "group", "title": "Hội Phụ nữ"}
    told_there = message(old, migrate_to_chat_id=-100500)
    told_here = message(GROUP, migrate_from_chat_id=-500)

    for update in (told_there, told_here):
        assert read({"message": update}) == [Moved(old=place(old), new_chat="-100500")]


def test_a_topic_that_was_reopened_takes_messages_again() -> None:
    reopened = message(GROUP, message_thread_id=77, is_topic_message=True, forum_topic_reopened={})

    assert read({"message": reopened}) == [Returned(place(GROUP, "77"))]


RESTRICTED = """is_member can_send_messages can_change_info can_invite_users can_pin_messages
    can_manage_topics can_send_polls can_send_other_messages can_add_web_page_previews
    can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes
    can_send_voice_notes can_edit_tag can_react_to_messages"""
ADMIN = """can_be_edited is_anonymous can_manage_chat can_delete_messages can_change_info
    can_manage_video_chats can_restrict_members can_promote_members can_invite_users
    can_post_stories can_edit_stories can_delete_stories"""


def member(status: str, **rights: bool) -> Json:
    """The bot as a member, with every right unless told."""
    names = {"restricted": RESTRICTED, "administrator": ADMIN}.get(status, "")
    told = {"user": BOT_USER, "status": status} | dict.fromkeys(names.split(), True) | rights
    return told | ({"until_date": 0} if status in ("restricted", "kicked") else {})


MUTE = member("restricted", can_send_messages=False)
OUTSIDE = member("restricted", is_member=False)
BECAME: dict[str, tuple[Json, Json, Json, list[type[Event]]]] = {
    "blocked": (PRIVATE, member("member"), member("kicked"), [Left]),
    "unblocked": (PRIVATE, member("kicked"), member("member"), [Returned]),
    "removed": (GROUP, member("member"), member("kicked"), [Left]),
    "left": (GROUP, member("administrator"), member("left"), [Left]),
    "added": (GROUP, member("left"), member("member"), [Returned, Joined]),
    "added as admin": (GROUP, member("kicked"), member("administrator"), [Returned, Joined]),
    "added, but mute": (GROUP, member("left"), MUTE, []),
    "made mute": (GROUP, member("member"), MUTE, [Left]),
    "may speak again": (GROUP, MUTE, member("member"), [Returned]),
    "removed while mute": (GROUP, MUTE, member("kicked"), []),
    "back from outside": (GROUP, OUTSIDE, member("member"), [Returned, Joined]),
    "promoted": (GROUP, member("member"), member("administrator"), []),
    "in a channel": (CHANNEL, member("left"), member("administrator"), []),
}


@pytest.mark.parametrize(("chat", "old", "new", "events"), BECAME.values(), ids=BECAME)
def test_what_becomes_of_the_bot_in_a_chat(
    chat: Json, old: Json, new: Json, events: list[type[Event]]
) -> None:
    change = {"chat": chat, "from": MAI, "date": 1794000000}
    change |= {"old_chat_member": old, "new_chat_member": new}

    told = read({"my_chat_member": change})

    assert [type(event) for event in told] == events
    for event in told:
        if isinstance(event, Joined):
            assert event.incoming.person == "7"
            assert event.incoming.address == place(chat)
        elif isinstance(event, Left | Returned):
            assert event.address == place(chat)

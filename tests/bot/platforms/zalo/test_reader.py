"""What an update means to the bot: who said what, or that it is no concern."""

from typing import Any

import pytest

from bot.commands.command import Incoming
from bot.platforms.events import Json, Said
from bot.platforms.zalo.client import Me
from bot.platforms.zalo.reader import Reader
from jobs.messenger import Address
from storage.records import Attachment, AttachmentKind, ChatKind, Platform

ME = Me(id="1459", name="Bot Bản tin Tân Lập", account_name="bot.VDKyGxQvc", can_join_groups=True)
HANH = {"id": "6ede9a", "display_name": "Vũ Thị Hạnh", "is_bot": False}
PRIVATE = {"id": "6ede9a", "chat_type": "PRIVATE"}
GROUP = {"id": "zgr-1", "chat_type": "GROUP"}
URL = "https://anh.example.vn/1.jpg"


def update(kind: str, place: Json = PRIVATE, **more: Any) -> Json:  # noqa: ANN401 - any field of a message
    message = {"from": HANH, "chat": place, "message_id": "2d75", "date": 1794000000000} | more
    return {"event_name": f"message.{kind}.received", "message": message}


def text(words: str, place: Json = PRIVATE, **more: Any) -> Json:  # noqa: ANN401 - see above
    return update("text", place, text=words, **more)


def changed(name: str, value: object, raw: Json | None = None) -> Json:
    raw = raw or text("/tin")
    raw["message"][name] = value
    return raw


def heard(raw: Json) -> Incoming:
    arrival = Reader(ME, bot_id=3).read(raw)
    (event,) = arrival.events
    assert isinstance(event, Said)
    assert (arrival.key, arrival.chat) == ("2d75", event.incoming.address.chat)
    return event.incoming


def test_what_a_person_writes_in_private_is_heard() -> None:
    incoming = heard(text("Đăng ký nhận tin"))

    assert incoming.address == Address(platform=Platform.ZALO, chat="6ede9a")
    assert incoming.bot_id == 3
    assert incoming.person == "6ede9a"
    assert incoming.person_name == "Vũ Thị Hạnh"
    assert incoming.text == incoming.content.text == "Đăng ký nhận tin"
    assert incoming.called
    assert not incoming.tells_admins


NAMES = {
    "first": ("@Bot Bản tin Tân Lập đăng ký", "đăng ký"),
    "last": ("Đăng ký @Bot Bản tin Tân Lập", "Đăng ký"),
    "with other spaces": ("@Bot  Bản tin\u00a0Tân Lập đăng ký", "đăng ký"),
    "with detached marks": ("@Bot Ba\u0309n tin Ta\u0302n La\u0323\u0302p tin mới", "tin mới"),
    "the account's name": ("@bot.VDKyGxQvc /tin", "/tin"),
    "none, for it quotes the bot": ("1 3", "1 3"),
    "somebody else's too": ("@Bot Bản tin Tân Lập @Hoa hủy", "@Hoa hủy"),
}


@pytest.mark.parametrize(("typed", "said"), NAMES.values(), ids=NAMES)
def test_in_a_group_the_bots_name_is_taken_out(typed: str, said: str) -> None:
    incoming = heard(text(typed, GROUP))

    assert incoming.text == said
    assert incoming.called == ("@bot" in typed.lower())
    assert incoming.address == Address(platform=Platform.ZALO, chat="zgr-1", kind=ChatKind.GROUP)
    assert incoming.person == "6ede9a"


def test_in_a_group_the_bots_bare_name_is_heard() -> None:
    incoming = heard(text("@Bot Bản tin Tân Lập ", GROUP))
    assert (incoming.text, incoming.called) == ("", True)


@pytest.mark.parametrize("field", ["photo", "photo_url"])
def test_a_picture_comes_in_either_field(field: str) -> None:
    incoming = heard(changed(field, URL, update("image", caption="Ảnh hội nghị")))

    assert incoming.attachment == Attachment(kind=AttachmentKind.PHOTO, file_id=URL)
    assert incoming.text == incoming.content.text == "Ảnh hội nghị"


def test_a_picture_may_come_without_words() -> None:
    assert heard(update("image", photo_url=URL)).text == ""


def test_a_picture_without_an_address_can_be_carried_by_no_notice() -> None:
    incoming = heard(update("image", caption="Ảnh"))

    assert incoming.attachment is None
    assert incoming.other_media


def test_words_under_a_picture_in_a_group_are_heard_without_it() -> None:
    incoming = heard(update("image", GROUP, photo_url=URL, caption="@Bot Bản tin Tân Lập tin"))

    assert (incoming.text, incoming.attachment) == ("tin", None)


@pytest.mark.parametrize("kind", ["sticker", "voice"])
def test_a_sticker_or_voice_is_something_no_notice_can_carry(kind: str) -> None:
    incoming = heard(update(kind, sticker="d063", voice_url="https://a.example.vn/1.aac"))

    assert incoming.other_media
    assert incoming.text == ""


def test_what_zalo_keeps_back_is_heard_as_such() -> None:
    assert heard(update("unsupported")).unsupported


def test_half_a_character_is_replaced_for_it_can_be_stored_nowhere() -> None:
    incoming = heard(text("tin \ud83d") | {"n": 1})
    assert incoming.text == "tin ?"
    named = heard(changed("from", HANH | {"display_name": "Lan \ud83d"}))
    assert named.person_name == "Lan ?"


def test_no_more_is_read_than_a_message_can_hold() -> None:
    assert len(heard(text("tin " * 100_000)).text) <= 4096


def test_without_a_date_it_is_heard_all_the_same() -> None:
    raw = text("Xin chào")
    del raw["message"]["date"]

    assert heard(raw).text == "Xin chào"


KINDS = {
    "a group by its id": ({"id": "zgr-1"}, ChatKind.GROUP),
    "a person by his id": ({"id": "6ede9a"}, ChatKind.PERSON),
    "a person by its word": ({"id": "other", "chat_type": "PRIVATE"}, ChatKind.PERSON),
}


@pytest.mark.parametrize(("chat", "kind"), KINDS.values(), ids=KINDS)
def test_the_chat_is_a_group_or_a_person(chat: Json, kind: ChatKind) -> None:
    assert heard(text("tin", chat)).address.kind is kind


NO_CONCERN: dict[str, Json] = {
    "another bot": changed("from", HANH | {"is_bot": True}),
    "an unknown event": update("reaction", text="tin"),
    "a text without words": update("text"),
    "one space": text(" "),
    "a picture without words in a group": update("image", GROUP, photo_url=URL),
    "a sticker in a group": update("sticker", GROUP),
    "what is kept back in a group": update("unsupported", GROUP),
    "no message": {"event_name": "message.text.received"},
    "a message in words": {"event_name": "message.text.received", "message": "tin"},
    "no event": {"message": text("tin")["message"]},
    "no id of the message": changed("message_id", None),
    "no sender": changed("from", None),
    "no chat": changed("chat", {}),
    "an id of half a character": changed("message_id", "k\ud83d"),
    "an id without end": changed("message_id", "k" * 129),
    "a sender's id with a zero byte": changed("from", HANH | {"id": "6e\x00"}),
    "nothing": {},
}


@pytest.mark.parametrize("raw", NO_CONCERN.values(), ids=NO_CONCERN)
def test_what_is_no_concern_of_the_bot_is_not_heard(raw: Json) -> None:
    assert list(Reader(ME, bot_id=3).read(raw).events) == []

"""Photos and documents over HTTP: heard from a person, shown above an answer, sent to others."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from bot.commands.command import Incoming, Reply
from bot.platforms.errors import MessageGone
from bot.platforms.replies import Replies
from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.files import StoredFile
from bot.rehearsal.telegram.records import Message
from jobs.messenger import (
    Address,
    Button,
    ChatGone,
    ChatMoved,
    Content,
    MaybeSent,
    Part,
    Rejected,
    SendError,
    Throttled,
    Unreachable,
)
from jobs.pacing import Pacer
from jobs.rich_text import RichText, bold, join, plain, utf16_length
from storage.records import Attachment, AttachmentKind, ChatKind, Platform
from tests.bot.platforms.rig import LeapingClock, Notes
from tests.bot.platforms.telegram.rig import receiving

TO = Address(platform=Platform.TELEGRAM, chat=str(MEMBER.id))
GROUP = Address(platform=Platform.TELEGRAM, chat=str(GROUP_ID), kind=ChatKind.GROUP)
BUTTONS = ((Button(label="Đã nhận", data="read"),),)
NOTICE = join(plain("📢 "), bold("Mời họp"), plain(" tại nhà văn hóa"))
WRONG = Attachment(kind=AttachmentKind.PHOTO, file_id="AgAC-of-another-bot")


def attached(file: StoredFile) -> Attachment:
    return Attachment(kind=AttachmentKind(file.kind), file_id=file.id, name=file.name)


@pytest.fixture
def photo(server: RehearsalServer) -> Attachment:
    return attached(server.people.photo())


@pytest.fixture
def document(server: RehearsalServer) -> Attachment:
    return attached(server.people.document())


async def send_all(messenger: TelegramMessenger, to: Address, content: Content) -> None:
    for part in messenger.render(content):
        await messenger.send(to, part)


def file_ids(messages: Sequence[Message]) -> list[str]:
    return [message.media.file.id if message.media else "" for message in messages]


@pytest.mark.parametrize("kind", list(AttachmentKind))
async def test_an_attachment_arrives_with_caption_styles_and_buttons_in_its_topic(
    server: RehearsalServer,
    messenger: TelegramMessenger,
    photo: Attachment,
    document: Attachment,
    kind: AttachmentKind,
) -> None:
    server.telegram.chat(GROUP_ID).topics.add(77)
    topic = Address(
        platform=Platform.TELEGRAM, chat=str(GROUP_ID), thread="77", kind=ChatKind.GROUP
    )
    file = {AttachmentKind.PHOTO: photo, AttachmentKind.DOCUMENT: document}[kind]
    content = Content(text=NOTICE, attachment=file, buttons=BUTTONS, silent=True)
    (part,) = messenger.render(content)

    message_id = await messenger.send(topic, part)

    (message,) = server.telegram.from_bot(GROUP_ID)
    assert message_id == str(message.id)
    assert file_ids([message]) == [file.file_id]
    assert message.text == NOTICE.text
    assert [(e["type"], e["offset"], e["length"]) for e in message.entities] == [("bold", 3, 7)]
    assert message.keyboard == {
        "inline_keyboard": [[{"text": "Đã nhận", "callback_data": "read"}]]
    }
    assert message.silent
    assert message.options["message_thread_id"] == 77


@pytest.mark.parametrize(
    ("units", "messages"), [(1024, 1), (1025, 2)], ids=["fits a caption", "one unit too long"]
)
async def test_a_long_text_stands_below_its_photo(
    server: RehearsalServer,
    messenger: TelegramMessenger,
    photo: Attachment,
    units: int,
    messages: int,
) -> None:
    text = "🌾" * 512 + "a" * (units - 1024)

    await send_all(messenger, TO, Content(text=RichText(text), attachment=photo, buttons=BUTTONS))

    arrived = server.telegram.from_bot(MEMBER.id)
    assert file_ids(arrived) == [photo.file_id, *[""] * (messages - 1)]
    assert "".join(message.text for message in arrived) == text
    assert utf16_length(arrived[-1].text) == units
    assert [message.keyboard is not None for message in arrived] == [
        *[False] * (messages - 1),
        True,
    ]


async def test_a_file_that_telegram_does_not_know_is_rejected(
    messenger: TelegramMessenger, document: Attachment
) -> None:
    as_photo = Attachment(kind=AttachmentKind.PHOTO, file_id=document.file_id)

    for refused in (WRONG, as_photo):
        with pytest.raises(Rejected) as told:
            await messenger.send(TO, Part(text=NOTICE, attachment=refused))
        assert refused.file_id not in str(told.value)


FAILURES: dict[str, tuple[Fault, type[SendError], int]] = {
    "403": (Fault(code=403), ChatGone, 0),
    "429": (Fault(code=429), Throttled, 0),
    "500": (Fault(code=500), Unreachable, 0),
    "silence_after": (Fault(kind=FaultKind.SILENCE_AFTER), MaybeSent, 1),
    "garbage": (Fault(kind=FaultKind.GARBAGE), MaybeSent, 1),
}


@pytest.mark.parametrize(("fault", "meaning", "arrived"), FAILURES.values(), ids=FAILURES)
async def test_a_photo_fails_as_a_text_does(
    server: RehearsalServer,
    messenger: TelegramMessenger,
    photo: Attachment,
    fault: Fault,
    meaning: type[SendError],
    arrived: int,
) -> None:
    server.telegram.faults.add(replace(fault, method="sendPhoto"))

    with pytest.raises(SendError) as caught:
        await messenger.send(TO, Part(text=NOTICE, attachment=photo))

    assert type(caught.value) is meaning
    assert len(server.telegram.from_bot(MEMBER.id)) == arrived


async def test_a_photo_to_a_group_that_moved_says_where(
    server: RehearsalServer, messenger: TelegramMessenger, photo: Attachment
) -> None:
    new = server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)

    with pytest.raises(ChatMoved) as moved:
        await messenger.send(GROUP, Part(text=NOTICE, attachment=photo))

    assert moved.value.address == str(new.id)


class Heard:
    """What the receiver has understood so far."""

    def __init__(self) -> None:
        self.incoming: list[Incoming] = []
        self.notes = Notes(self._note)

    async def _note(self, incoming: Incoming) -> Reply | None:
        self.incoming.append(incoming)
        return None

    async def until(self, count: int) -> list[Incoming]:
        await self.notes.until(lambda: len(self.notes.marked) == count)
        return self.incoming


Sent = Callable[[RehearsalServer], StoredFile]
FILES: dict[str, tuple[Sent, AttachmentKind]] = {
    "a photo": (lambda server: server.people.photo(), AttachmentKind.PHOTO),
    "a document": (lambda server: server.people.document(), AttachmentKind.DOCUMENT),
    "25 MB": (
        lambda server: server.people.document("Tệp lớn.zip", size_bytes=25 << 20),
        AttachmentKind.DOCUMENT,
    ),
}


@pytest.mark.parametrize(("sent", "kind"), FILES.values(), ids=FILES)
async def test_what_the_office_sends_reaches_a_member_as_it_was(
    server: RehearsalServer,
    bot: TelegramBot,
    messenger: TelegramMessenger,
    clock: LeapingClock,
    sent: Sent,
    kind: AttachmentKind,
) -> None:
    heard, file = Heard(), sent(server)
    entities = [
        {"type": "bold", "offset": 3, "length": 7},
        {"type": "italic", "offset": 7, "length": 3},
        {"type": "text_link", "offset": 15, "length": 11, "url": "https://tanlap.example.vn/"},
    ]

    async with receiving(bot, heard.notes, clock):
        server.people.send(OFFICE_ADMIN, file, caption=NOTICE.text, entities=entities)
        (incoming,) = await heard.until(1)
    await send_all(messenger, TO, Content(text=incoming.content, attachment=incoming.attachment))

    assert incoming.attachment is not None
    assert incoming.attachment.kind is kind
    assert incoming.attachment.size_bytes == file.size
    (message,) = server.telegram.from_bot(MEMBER.id)
    assert file_ids([message]) == [file.id]
    assert message.text == NOTICE.text
    assert list(message.entities) == entities


async def test_the_photos_of_an_album_are_heard_one_by_one_in_order(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    heard = Heard()

    async with receiving(bot, heard.notes, clock):
        server.people.send_album(OFFICE_ADMIN, [server.people.photo()] * 3, caption="Ảnh lễ hội")
        server.people.write(OFFICE_ADMIN, "Hết")
        incoming = await heard.until(4)

    assert [each.text for each in incoming] == ["Ảnh lễ hội", "", "", "Hết"]
    assert [each.album == incoming[0].album for each in incoming] == [True, True, True, False]
    assert incoming[0].album


async def test_a_forwarded_photo_is_heard_as_somebody_elses(
    server: RehearsalServer, bot: TelegramBot, clock: LeapingClock
) -> None:
    heard = Heard()
    photo = server.people.photo()

    async with receiving(bot, heard.notes, clock):
        original = server.people.send(OFFICE_ADMIN, photo, caption="Mời họp")
        server.people.forward(OFFICE_ADMIN, original)
        own, forwarded = await heard.until(2)

    assert not own.forwarded
    assert forwarded.forwarded
    assert forwarded.content == own.content
    assert forwarded.attachment == own.attachment


@pytest.fixture
def replies(messenger: TelegramMessenger, clock: LeapingClock) -> Replies:
    return Replies(messenger, Pacer(clock))


async def nobody() -> bool:
    return False


def pressed(message_id: str = "") -> Incoming:
    return Incoming(
        address=TO,
        bot_id=3,
        person=str(MEMBER.id),
        person_name=MEMBER.name,
        message_id=message_id,
        is_chat_admin=nobody,
    )


async def test_a_photo_is_shown_above_the_answer(
    server: RehearsalServer, replies: Replies, photo: Attachment
) -> None:
    preview = Content(text=RichText("dài " * 400), attachment=photo)

    await replies.say(Reply(text=RichText("Gửi chứ?"), buttons=BUTTONS, above=preview), pressed())

    messages = server.telegram.from_bot(MEMBER.id)
    assert file_ids(messages) == [photo.file_id, "", ""]
    assert [message.text for message in messages] == ["", ("dài " * 400).strip(), "Gửi chứ?"]
    assert [message.keyboard is not None for message in messages] == [False, False, True]


async def test_a_preview_that_telegram_refuses_is_told_before_the_answer(
    server: RehearsalServer, replies: Replies
) -> None:
    preview = Content(text=NOTICE, attachment=WRONG)

    await replies.say(Reply(text=RichText("Gửi chứ?"), above=preview), pressed())

    told, panel = server.telegram.texts(MEMBER.id)
    assert told.startswith("Không hiển thị được nội dung xem trước")
    assert panel == "Gửi chứ?"


async def test_an_answer_to_a_button_under_a_photo_is_a_new_message(
    server: RehearsalServer, messenger: TelegramMessenger, replies: Replies, photo: Attachment
) -> None:
    part = Part(text=NOTICE, attachment=photo, buttons=BUTTONS)
    message_id = await messenger.send(TO, part)
    with pytest.raises(MessageGone):
        await messenger.edit(TO, message_id, Part(text=plain("Đã ghi nhận")))

    await replies.say(Reply(text=plain("Đã ghi nhận")), pressed(message_id))

    assert server.telegram.texts(MEMBER.id) == [NOTICE.text, "Đã ghi nhận"]

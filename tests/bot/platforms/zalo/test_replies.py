"""How an answer gets to a person on Zalo, where nothing is edited and every message counts."""

from dataclasses import replace

import pytest

from bot.commands.command import Incoming, Reply
from bot.platforms.replies import Replies
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.faults import Fault
from jobs.messenger import Address, Content
from jobs.pacing import Pacer
from jobs.rich_text import RichText, utf16_length
from storage.records import Attachment, AttachmentKind, Platform
from tests.bot.platforms.rig import LeapingClock

REPLY = Reply(text=RichText("Đã lưu lựa chọn."))


async def nobody() -> bool:
    return False


INCOMING = Incoming(
    address=Address(platform=Platform.ZALO, chat=MEMBER.id),
    bot_id=3,
    person=MEMBER.id,
    person_name=MEMBER.name,
    is_chat_admin=nobody,
)


@pytest.fixture
def replies(messenger: ZaloMessenger, clock: LeapingClock) -> Replies:
    return Replies(messenger, Pacer(clock))


async def test_an_answer_is_always_a_new_message(
    server: RehearsalServer, replies: Replies
) -> None:
    for _ in range(2):
        await replies.say(REPLY, replace(INCOMING, message_id="2d75"))

    assert server.zalo.texts(MEMBER.id) == [REPLY.text.text] * 2


async def test_a_long_answer_comes_in_parts_in_their_order(
    server: RehearsalServer, replies: Replies
) -> None:
    await replies.say(Reply(text=RichText("Tin mới. " * 500)), INCOMING)

    texts = server.zalo.texts(MEMBER.id)
    assert [utf16_length(text) <= 2000 for text in texts] == [True] * 3
    assert " ".join(texts) == ("Tin mới. " * 500).strip()


async def test_a_preview_of_what_zalo_cannot_fetch_says_so(
    server: RehearsalServer, replies: Replies
) -> None:
    preview = Content(
        text=RichText("Mời họp"),
        attachment=Attachment(kind=AttachmentKind.PHOTO, file_id="AgACAgUAAx"),
    )

    await replies.say(replace(REPLY, above=preview), INCOMING)

    assert server.zalo.texts(MEMBER.id) == [
        "Mời họp\n\n(Có một ảnh kèm theo, không gửi được qua Zalo.)",
        REPLY.text.text,
    ]


async def test_a_preview_that_zalo_refuses_is_told(
    server: RehearsalServer, replies: Replies
) -> None:
    refusal = "The photo must start with http:// or https://"
    server.zalo.faults.add(Fault(method="sendPhoto", code=400, description=refusal))
    photo = Attachment(kind=AttachmentKind.PHOTO, file_id="https://anh.example.vn/1.jpg")

    await replies.say(
        replace(REPLY, above=Content(text=RichText("Ảnh"), attachment=photo)), INCOMING
    )

    told, answer = server.zalo.texts(MEMBER.id)
    assert told.startswith("Không hiển thị được nội dung xem trước: Zalo không nhận ảnh")
    assert answer == REPLY.text.text


TRIES = {
    "400": (Fault(code=400, description="?"), 1),
    "401": (Fault(code=401, description="?"), 1),
    "404": (Fault(code=404, description="?"), 1),
    "429": (Fault(code=429, description="Quota exceeded"), 1),
    "no answer": (Fault(kind=FaultKind.SILENCE_AFTER), 1),
    "403": (Fault(code=403), 4),
    "502": (Fault(kind=FaultKind.BAD_GATEWAY), 4),
}


@pytest.mark.parametrize(("fault", "tries"), TRIES.values(), ids=TRIES)
async def test_only_what_may_work_later_is_tried_again(
    server: RehearsalServer,
    replies: Replies,
    fault: Fault,
    tries: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.zalo.faults.add(replace(fault))

    await replies.say(REPLY, INCOMING)

    assert server.zalo.calls["sendMessage"] == tries
    assert "a reply did not get through" in caplog.text
    assert "Đã lưu" not in caplog.text

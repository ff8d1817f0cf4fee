"""The messenger over HTTP, against the rehearsal Zalo: what arrives, every way to fail."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.platforms.errors import MessageGone
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import GROUP_ID, GROUP_OWNER, MEMBER
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import ErrorStatus
from bot.rehearsal.zalo.records import MessageKind, Person
from jobs.messenger import (
    Address,
    Content,
    MaybeSent,
    Messenger,
    Part,
    QuotaGone,
    Refused,
    Rejected,
    SendError,
    TokenRefused,
    Unreachable,
)
from jobs.rich_text import bold, join, plain
from storage.records import Attachment, AttachmentKind, ChatKind, Platform

TO = Address(platform=Platform.ZALO, chat=MEMBER.id)
GROUP = Address(platform=Platform.ZALO, chat=GROUP_ID, kind=ChatKind.GROUP)
PART = Part(text=plain("Lịch tiếp công dân tháng 11"))
PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="https://anh.example.vn/hop.jpg")


def test_it_is_a_messenger(messenger: ZaloMessenger) -> None:
    promised: Messenger = messenger

    assert promised.platform is Platform.ZALO
    assert promised.capabilities.text_limit == 2000
    assert not promised.capabilities.buttons
    assert not promised.capabilities.edits


async def test_text_arrives_as_it_is_with_its_styles(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    text = join(plain("📰 "), bold("Tin **không** phải Markdown <b>hay HTML</b>"))
    (part,) = messenger.render(Content(text=text))

    message_id = await messenger.send(TO, part)

    (message,) = server.zalo.messages(MEMBER.id)
    assert message.id == message_id
    assert message.text == text.text
    assert message.parse_mode == ""
    assert message.styles == ({"start": 3, "len": 43, "st": ["b"]},)


async def test_a_photo_is_fetched_from_its_address(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    for text in ("Ảnh hội nghị", ""):
        (part,) = messenger.render(Content(text=plain(text), attachment=PHOTO))
        await messenger.send(TO, part)

    told = [(each.kind, each.media, each.text) for each in server.zalo.messages(MEMBER.id)]
    assert told == [
        (MessageKind.IMAGE, PHOTO.file_id, "Ảnh hội nghị"),
        (MessageKind.IMAGE, PHOTO.file_id, ""),
    ]


async def test_a_group_is_written_to_like_a_person(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    await messenger.send(GROUP, PART)

    assert server.zalo.texts(GROUP_ID) == [PART.text.text]


async def test_nothing_is_edited(messenger: ZaloMessenger) -> None:
    with pytest.raises(MessageGone):
        await messenger.edit(TO, "mid", PART)


async def test_text_goes_without_styles_where_they_are_not_known(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    refusal = Fault(code=400, description="Bad request: unknown text_styles", times=1)
    server.zalo.faults.add(refusal)
    styled = Part(text=bold("Mời họp"))

    await messenger.send(TO, styled)
    await messenger.send(TO, styled)

    assert [each.styles for each in server.zalo.messages(MEMBER.id)] == [(), ()]
    assert server.zalo.calls["sendMessage"] == 3


def blocked(server: RehearsalServer) -> None:
    server.zalo_people.block(MEMBER)


def left(server: RehearsalServer) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, gone_code=404, gone_words="Not Found")
    server.zalo_people.block(MEMBER)


def used_up(server: RehearsalServer) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, monthly_messages=0)


def revoked(server: RehearsalServer) -> None:
    server.zalo.bots = {}


def fault(kind: FaultKind, code: int = 403) -> Callable[[RehearsalServer], None]:
    def add(server: RehearsalServer) -> None:
        server.zalo.faults.add(Fault(kind=kind, method="sendMessage", code=code))

    return add


SENT_OR_NOT: dict[str, tuple[Callable[[RehearsalServer], None], type[SendError], int]] = {
    "blocked": (blocked, Refused, 0),
    "404": (left, Refused, 0),
    "the month used up": (used_up, QuotaGone, 0),
    "a server error, 403": (fault(FaultKind.ERROR), Unreachable, 0),
    "a server error, 500": (fault(FaultKind.ERROR, 500), Unreachable, 0),
    "error 408": (fault(FaultKind.ERROR, 408), MaybeSent, 0),
    "a page of a proxy": (fault(FaultKind.BAD_GATEWAY), Unreachable, 0),
    "no answer, not taken": (fault(FaultKind.SILENCE_BEFORE), MaybeSent, 0),
    "no answer, taken": (fault(FaultKind.SILENCE_AFTER), MaybeSent, 1),
    "cut off": (fault(FaultKind.DOWN), MaybeSent, 0),
    "a page instead of an answer": (fault(FaultKind.GARBAGE), MaybeSent, 1),
}


@pytest.mark.parametrize("status", ErrorStatus)
@pytest.mark.parametrize(("trouble", "meaning", "arrived"), SENT_OR_NOT.values(), ids=SENT_OR_NOT)
async def test_what_a_failed_send_means(
    server: RehearsalServer,
    messenger: ZaloMessenger,
    trouble: Callable[[RehearsalServer], None],
    meaning: type[SendError],
    arrived: int,
    status: ErrorStatus,
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, errors=status)
    trouble(server)

    with pytest.raises(meaning):
        await messenger.send(TO, PART)

    assert len(server.zalo.texts(MEMBER.id)) == arrived
    assert server.zalo.calls["sendMessage"] == 1


async def test_a_revoked_token_is_refused(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    revoked(server)

    with pytest.raises(TokenRefused):
        await messenger.send(TO, PART)
    with pytest.raises(TokenRefused):
        await messenger.ping()


@pytest.mark.parametrize("status", ErrorStatus)
async def test_what_is_too_long_is_our_own_fault(
    server: RehearsalServer, messenger: ZaloMessenger, status: ErrorStatus
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, errors=status)
    await messenger.send(TO, Part(text=plain("ệ" * 2000)))

    with pytest.raises(Rejected):
        await messenger.send(TO, Part(text=plain("ệ" * 2001)))


async def test_who_never_wrote_is_refused(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    stranger = Person(id="00ff00ff00ff00ff00ff", name="Người lạ")
    server.zalo.add_person(stranger)

    with pytest.raises(Refused):
        await messenger.send(Address(platform=Platform.ZALO, chat=stranger.id), PART)


async def test_a_group_that_removed_the_bot_refuses(
    server: RehearsalServer, messenger: ZaloMessenger
) -> None:
    server.zalo_people.remove_bot(GROUP_OWNER, GROUP_ID)

    with pytest.raises(Refused):
        await messenger.send(GROUP, PART)


async def test_no_server_is_unreachable(server: RehearsalServer, messenger: ZaloMessenger) -> None:
    await server.__aexit__(None, None, None)

    with pytest.raises(Unreachable):
        await messenger.send(TO, PART)
    with pytest.raises(Unreachable):
        await messenger.ping()

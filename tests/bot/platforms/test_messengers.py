"""What is promised of every messenger, on every platform, over HTTP against its rehearsal."""

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.platforms.zalo.client import open_client
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram import cast as telegram_cast
from bot.rehearsal.telegram import faults as telegram_faults
from bot.rehearsal.telegram.records import Standing
from bot.rehearsal.zalo import cast as zalo_cast
from bot.rehearsal.zalo import faults as zalo_faults
from jobs.messenger import (
    Address,
    Button,
    Content,
    MaybeSent,
    Messenger,
    SendError,
    TokenRefused,
    Unreachable,
)
from jobs.rich_text import bold, join, link, plain, utf16_length
from storage.records import Attachment, AttachmentKind, ChatKind, Platform
from tests.bot.platforms.rig import NOW, secrets_in

URL = "https://tanlap.example.vn/tin/1"
SOON = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One platform with a person and a group in it."""

    server: RehearsalServer
    messenger: Messenger
    token: str
    person: Address
    group: Address

    def texts(self, to: Address) -> list[str]:
        if to.platform is Platform.ZALO:
            return self.server.zalo.texts(to.chat)
        return self.server.telegram.texts(int(to.chat))

    def break_sending(self, kind: FaultKind) -> None:
        if self.person.platform is Platform.ZALO:
            self.server.zalo.faults.add(zalo_faults.Fault(kind=kind, only_messages=True))
        else:
            self.server.telegram.faults.add(telegram_faults.Fault(kind=kind, only_messages=True))


@asynccontextmanager
async def on_telegram(server: RehearsalServer, token: str) -> AsyncIterator[Stage]:
    group = telegram_cast.GROUP_ID
    server.telegram.chat(group).standing = Standing.MEMBER
    async with open_bot(token, api_url=server.api_url, answer_within=SOON) as bot:
        yield Stage(
            server=server,
            messenger=TelegramMessenger(bot),
            token=token,
            person=Address(platform=Platform.TELEGRAM, chat=str(telegram_cast.MEMBER.id)),
            group=Address(platform=Platform.TELEGRAM, chat=str(group), kind=ChatKind.GROUP),
        )


@asynccontextmanager
async def on_zalo(server: RehearsalServer, token: str) -> AsyncIterator[Stage]:
    async with open_client(token, api_url=server.zalo_api_url, answer_within=SOON) as client:
        yield Stage(
            server=server,
            messenger=ZaloMessenger(client),
            token=token,
            person=Address(platform=Platform.ZALO, chat=zalo_cast.MEMBER.id),
            group=Address(platform=Platform.ZALO, chat=zalo_cast.GROUP_ID, kind=ChatKind.GROUP),
        )


def opened(
    server: RehearsalServer, platform: Platform, *, token: str = ""
) -> AbstractAsyncContextManager[Stage]:
    if platform is Platform.ZALO:
        return on_zalo(server, token or server.zalo.bot.token)
    return on_telegram(server, token or server.telegram.token)


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=lambda: NOW, limits=None) as server:
        yield server


@pytest.fixture(params=list(Platform))
async def stage(request: pytest.FixtureRequest, server: RehearsalServer) -> AsyncIterator[Stage]:
    async with opened(server, request.param) as stage:
        yield stage


async def sent(stage: Stage, content: Content, to: Address | None = None) -> list[str]:
    """The messages' ids."""
    parts = stage.messenger.render(content)
    return [await stage.messenger.send(to or stage.person, part) for part in parts]


async def test_it_names_its_platform(stage: Stage) -> None:
    assert stage.messenger.platform is stage.person.platform


async def test_words_arrive_as_they_are(stage: Stage) -> None:
    text = "📰 Tin <b>không</b> phải **HTML** & _không_ phải `Markdown` {red}"

    (message_id,) = await sent(stage, Content(text=join(bold(text))))

    assert message_id
    assert stage.texts(stage.person) == [text]


async def test_each_message_has_its_own_id(stage: Stage) -> None:
    content = Content(text=plain("Mời họp"))

    assert await sent(stage, content) != await sent(stage, content)


async def test_a_group_is_written_to_like_a_person(stage: Stage) -> None:
    await sent(stage, Content(text=plain("Mời họp")), stage.group)

    assert stage.texts(stage.group) == ["Mời họp"]


async def test_a_long_text_comes_in_parts_that_fit_and_nothing_is_lost(stage: Stage) -> None:
    text = "Kính mời bà con dự họp 🌾. " * 400

    await sent(stage, Content(text=plain(text)))

    texts = stage.texts(stage.person)
    limit = stage.messenger.capabilities.text_limit
    assert all(0 < utf16_length(each) <= limit for each in texts)
    assert " ".join(texts) == text.strip()


async def test_an_empty_content_is_no_message(stage: Stage) -> None:
    assert await sent(stage, Content(text=plain(""))) == []


async def test_a_link_can_be_followed(stage: Stage) -> None:
    content = Content(
        text=join(plain("Mời xem "), link("lịch họp", URL)),
        buttons=((Button(label="Đọc toàn văn", url=f"{URL}?b"),),),
    )

    await sent(stage, content)

    (text,) = stage.texts(stage.person)
    if stage.messenger.capabilities.buttons:
        assert text == "Mời xem lịch họp"
    else:
        assert text == f"Mời xem lịch họp\n{URL}\n\nĐọc toàn văn:\n{URL}?b"


async def test_a_photo_by_its_address_brings_its_words(stage: Stage) -> None:
    photo = Attachment(kind=AttachmentKind.PHOTO, file_id="https://anh.example.vn/hop.jpg")

    (part,) = stage.messenger.render(Content(text=plain("Ảnh"), attachment=photo))

    assert (part.attachment, part.text.text) == (photo, "Ảnh")


async def test_it_knows_that_the_platform_answers(stage: Stage) -> None:
    await stage.messenger.ping()


FAILURES: dict[FaultKind, tuple[type[SendError], int]] = {
    FaultKind.SILENCE_BEFORE: (MaybeSent, 0),
    FaultKind.SILENCE_AFTER: (MaybeSent, 1),
    FaultKind.DOWN: (MaybeSent, 0),
    FaultKind.GARBAGE: (MaybeSent, 1),
    FaultKind.BAD_GATEWAY: (Unreachable, 0),
}


@pytest.mark.parametrize("kind", FAILURES)
async def test_what_a_failed_send_means(
    stage: Stage, kind: FaultKind, caplog: pytest.LogCaptureFixture
) -> None:
    meaning, arrived = FAILURES[kind]
    caplog.set_level(logging.DEBUG)
    for chatty in ("telegram", "uvicorn"):  # as bot.logs does
        caplog.set_level(logging.WARNING, logger=chatty)
    stage.break_sending(kind)

    with pytest.raises(SendError) as caught:
        await sent(stage, Content(text=plain("Bí mật")))

    assert type(caught.value) is meaning
    assert len(stage.texts(stage.person)) == arrived
    assert not secrets_in(caught.value, stage.token, "Bí mật", stage.person.chat)
    assert stage.token not in caplog.text
    assert "Bí mật" not in caplog.text


async def test_no_server_is_unreachable(stage: Stage) -> None:
    await stage.server.__aexit__(None, None, None)

    with pytest.raises(Unreachable):
        await sent(stage, Content(text=plain("Mời họp")))
    with pytest.raises(Unreachable):
        await stage.messenger.ping()


@pytest.mark.parametrize("platform", Platform)
async def test_a_wrong_token_is_refused(server: RehearsalServer, platform: Platform) -> None:
    async with opened(server, platform, token="8000000009:sai") as stage:  # noqa: S106
        with pytest.raises(TokenRefused):
            await sent(stage, Content(text=plain("Mời họp")))
        with pytest.raises(TokenRefused):
            await stage.messenger.ping()

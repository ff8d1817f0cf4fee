"""python-zalo-bot, a client of other authors, and this Zalo understand each other.

What it does with each answer was measured before this Zalo was written, so these tests also say
that nothing here is friendlier than that.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import zalo_bot
from zalo_bot.error import BadRequest, InvalidToken, NetworkError, ZaloError

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import BOT_NAME, GROUP_ID, GROUP_OWNER, MEMBER, REHEARSAL_TOKENS
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import ErrorStatus, Idle, Knobs, Updates
from bot.rehearsal.zalo.records import MessageKind
from tests.bot.rehearsal.conftest import NOW
from tests.bot.rehearsal.hook import serving

SECRET = "secret-8"  # noqa: S105 - of this test


@pytest.fixture
async def client(
    server: RehearsalServer, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[zalo_bot.Bot]:
    caplog.set_level(logging.WARNING, logger="httpx")  # it would log the token
    base_url = server.zalo_api_url.removesuffix("/bot")
    async with zalo_bot.Bot(REHEARSAL_TOKENS[0], base_url=base_url) as bot:
        yield bot


async def test_it_knows_who_it_is(client: zalo_bot.Bot) -> None:
    me = await client.get_me()
    assert (me.id, me.display_name) == (REHEARSAL_TOKENS[0].partition(":")[0], BOT_NAME)
    assert me.can_join_groups


async def test_it_reads_what_a_person_writes(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    said = server.zalo_people.write(MEMBER, "Xin chào")
    update = await client.get_update(timeout=1)
    message = update.message
    assert (message.text, message.message_id) == ("Xin chào", said.id)
    assert (message.chat.id, message.from_user.display_name) == (MEMBER.id, MEMBER.name)


async def test_it_reads_what_a_group_says_to_it(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    server.zalo_people.write(GROUP_OWNER, "tin mới", chat=GROUP_ID, mention=True)
    message = (await client.get_update(timeout=1)).message
    assert (message.chat.id, message.chat.type) == (GROUP_ID, "GROUP")
    assert message.text == f"@{BOT_NAME} tin mới"


@pytest.mark.parametrize("kind", [MessageKind.IMAGE, MessageKind.STICKER, MessageKind.UNSUPPORTED])
async def test_it_survives_what_is_no_text(
    client: zalo_bot.Bot, server: RehearsalServer, kind: MessageKind
) -> None:
    server.zalo_people.send(MEMBER, kind, "https://vidu.example/1")
    assert (await client.get_update(timeout=1)).message.text is None


Send = Callable[[zalo_bot.Bot], Awaitable[Any]]


@pytest.mark.parametrize(
    ("send", "arrived"),
    [
        pytest.param(
            lambda bot: bot.send_message(MEMBER.id, "Xin chào 💰\nDòng 2"),
            ("text", "Xin chào 💰\nDòng 2", ""),
            id="message",
        ),
        pytest.param(
            lambda bot: bot.send_photo(MEMBER.id, "Ảnh", "https://vidu.example/a.png"),
            ("image", "Ảnh", "https://vidu.example/a.png"),
            id="photo",
        ),
        pytest.param(
            lambda bot: bot.send_sticker(MEMBER.id, "d063f44dc80821567819"),
            ("sticker", "", "d063f44dc80821567819"),
            id="sticker",
        ),
    ],
)
async def test_what_it_sends_arrives_and_is_confirmed(
    client: zalo_bot.Bot, server: RehearsalServer, send: Send, arrived: tuple[str, str, str]
) -> None:
    confirmed = await send(client)
    [message] = server.zalo.messages(MEMBER.id)
    assert (message.kind, message.text, message.media) == arrived
    assert confirmed.message_id == message.id
    assert confirmed.date == NOW.replace(tzinfo=None)


async def test_typing_is_shown(client: zalo_bot.Bot, server: RehearsalServer) -> None:
    shown: list[str] = []
    server.zalo.watchers.append(lambda event: shown.append(event.kind))
    await client.send_chat_action(MEMBER.id, "typing")
    assert shown == ["typing"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param(400, BadRequest, id="400"),
        pytest.param(401, InvalidToken, id="401"),
        pytest.param(404, InvalidToken, id="404"),
        pytest.param(408, NetworkError, id="408"),
        pytest.param(429, NetworkError, id="429"),
        pytest.param(500, NetworkError, id="500"),
    ],
)
async def test_an_error_with_its_status_is_an_exception(
    client: zalo_bot.Bot, server: RehearsalServer, code: int, error: type[ZaloError]
) -> None:
    server.zalo.faults.add(Fault(code=code, description="Lỗi"))
    with pytest.raises(error):
        await client.send_message(MEMBER.id, "Tin")
    assert server.zalo.sent == []


async def test_an_error_under_status_200_looks_to_it_like_nothing(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    server.zalo.knobs = Knobs(errors=ErrorStatus.ALWAYS_200, monthly_messages=0)
    assert await client.send_message(MEMBER.id, "Tin") is None
    assert server.zalo.sent == []


async def test_an_idle_poll_is_an_error_or_nothing(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    with pytest.raises(NetworkError):
        await client.get_update(timeout=0)
    server.zalo.knobs = Knobs(idle=Idle.STATUS_200)
    assert await client.get_update(timeout=0) is None


async def test_a_replayed_update_reaches_it_again(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    server.zalo.knobs = Knobs(updates=Updates.REPLAY)
    said = server.zalo_people.write(MEMBER, "Xin chào")
    found = [(await client.get_update(timeout=0)).message.message_id for _ in range(2)]
    assert found == [said.id, said.id]


async def test_a_proxys_page_is_an_error(client: zalo_bot.Bot, server: RehearsalServer) -> None:
    server.zalo.faults.add(Fault(kind=FaultKind.GARBAGE))
    with pytest.raises(ZaloError, match="Invalid server response"):
        await client.get_me()


async def test_its_webhook_is_set_served_and_removed(
    client: zalo_bot.Bot, server: RehearsalServer
) -> None:
    with pytest.raises(InvalidToken):  # a 404; what it makes of that is misleading
        await asyncio.to_thread(client.get_webhook_info)
    async with serving() as hook:
        await client._set_webhook_async(hook.url, SECRET)  # noqa: SLF001 - the other runs a loop
        await hook.next()  # the probe
        info = await client._get_webhook_info_async()  # noqa: SLF001 - see above
        assert info.url == hook.url
        server.zalo_people.write(MEMBER, "Xin chào")
        headers, body = await hook.next()
        update = zalo_bot.Update.de_json(body["result"], client)
    assert update.message.text == "Xin chào"
    assert headers["x-bot-api-secret-token"] == SECRET
    await client._delete_webhook_async()  # noqa: SLF001 - see above
    assert server.zalo.bot.webhook.url == ""

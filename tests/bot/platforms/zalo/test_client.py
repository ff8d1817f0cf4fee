"""The client over HTTP: each way that Zalo may answer, and no token anywhere."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.zalo.client import ZaloClient, open_client
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.knobs import Idle, Updates, WrongToken
from jobs.messenger import MaybeSent, Rejected, SendError, TokenRefused, Unreachable
from tests.bot.platforms.rig import secrets_in
from tests.bot.platforms.wire import (
    Act,
    closes,
    echoes,
    floods,
    hangs,
    resets,
    shows,
    trickles,
    wire,
)

TOKEN = "123456789:abc-xyz_secret"  # noqa: S105 - opens nothing
NO_TIME = timedelta(0)


@asynccontextmanager
async def a_client(url: str, token: str = TOKEN) -> AsyncIterator[ZaloClient]:
    async with open_client(token, api_url=url, answer_within=timedelta(seconds=1)) as client:
        yield client


async def test_the_bot_is_known_by_the_name_people_mention(
    server: RehearsalServer, client: ZaloClient
) -> None:
    me = await client.who_am_i()

    assert me.id == server.zalo.bot.id
    assert me.name == server.zalo.bot.person.name
    assert me.can_join_groups


async def test_where_no_name_is_told_the_account_is_the_name() -> None:
    told = '{"ok":true,"result":{"id":"1","account_name":"bot.V","account_type":"BASIC"}}'
    async with wire(shows(200, told)) as api, a_client(api.url) as client:
        me = await client.who_am_i()

    assert (me.name, me.can_join_groups) == ("bot.V", False)


async def test_parameters_are_posted_as_json_to_the_method_behind_the_token() -> None:
    async with wire(shows(200, '{"ok":true}')) as api, a_client(api.url) as client:
        await client.call("sendMessage", chat_id="c", text="Xin chào 🌾")

    (asked,) = api.asked
    assert asked.head.startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1")
    assert "content-type: application/json" in asked.head.lower()
    assert asked.body.decode() == '{"chat_id": "c", "text": "Xin chào 🌾"}'


@pytest.mark.parametrize("page", WrongToken)
async def test_a_wrong_token_is_refused(server: RehearsalServer, page: WrongToken) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, wrong_token=page)
    async with a_client(server.zalo_api_url) as client:
        with pytest.raises(TokenRefused):
            await client.who_am_i()


async def test_a_token_whose_path_is_not_there_is_refused() -> None:
    told = '{"ok":false,"description":"Not Found","error_code":404}'
    async with wire(shows(404, told)) as api, a_client(api.url) as client:
        with pytest.raises(TokenRefused):
            await client.who_am_i()


@pytest.mark.parametrize("idle", Idle)
async def test_when_nobody_wrote_there_is_nothing(
    server: RehearsalServer, client: ZaloClient, idle: Idle
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, idle=idle)

    assert await client.updates(NO_TIME) == []


EMPTY = ["{}", "[]", "null", '""']


@pytest.mark.parametrize("result", EMPTY)
async def test_an_empty_result_is_nothing_too(result: str) -> None:
    told = f'{{"ok":true,"result":{result}}}'
    async with wire(shows(200, told)) as api, a_client(api.url) as client:
        assert await client.updates(NO_TIME) == []


async def test_an_update_comes_alone_or_in_a_list(
    server: RehearsalServer, client: ZaloClient
) -> None:
    said = server.zalo_people.write(MEMBER, "Xin chào")
    (update,) = await client.updates(NO_TIME)
    assert update["message"]["message_id"] == said.id

    listed = '{"ok":true,"result":[{"event_name":"a"},7,{"event_name":"b"}]}'
    async with wire(shows(200, listed)) as api, a_client(api.url) as other:
        names = [each["event_name"] for each in await other.updates(NO_TIME)]
    assert names == ["a", "b"]


async def test_a_webhook_keeps_updates_from_who_polls(
    server: RehearsalServer, client: ZaloClient
) -> None:
    server.zalo.bot.webhook.set("http://127.0.0.1:9/other", "x" * 8, server.zalo.now())

    with pytest.raises(ReceivedElsewhere):
        await client.updates(NO_TIME)


async def test_a_bot_without_a_webhook_says_404(
    server: RehearsalServer, client: ZaloClient
) -> None:
    assert await client.webhook_url() == ""

    server.zalo.bot.webhook.set("http://127.0.0.1:9/zalo", "x" * 8, server.zalo.now())
    assert await client.webhook_url() == "http://127.0.0.1:9/zalo"


async def test_a_removed_webhook_is_none(client: ZaloClient) -> None:
    await client.call("deleteWebhook")

    assert await client.webhook_url() == ""


async def test_what_zalo_found_at_the_webhook_is_told(client: ZaloClient) -> None:
    found = await client.set_webhook("http://127.0.0.1:9/zalo", "x" * 8)

    assert found == "webhook.err.conn"


@pytest.mark.parametrize("told", ["null", "{}", "true"])
async def test_an_answer_that_does_not_tell_whether_the_webhook_was_reached_is_none(
    told: str,
) -> None:
    async with (
        wire(shows(200, f'{{"ok":true,"result":{told}}}')) as api,
        a_client(api.url) as zalo,
    ):
        with pytest.raises(Unreachable):
            await zalo.try_webhook()


@pytest.mark.parametrize("length", [7, 257])
async def test_a_secret_of_another_length_is_refused(client: ZaloClient, length: int) -> None:
    with pytest.raises(SendError):
        await client.set_webhook("http://127.0.0.1:9/zalo", "x" * length)


LOST: dict[str, tuple[Act, type[SendError]]] = {
    "no answer": (hangs, MaybeSent),
    "closed without an answer": (closes, MaybeSent),
    "reset": (resets, MaybeSent),
    "an answer without end": (trickles, MaybeSent),
    "an answer too large": (floods, MaybeSent),
    "a proxy's page that repeats what was asked": (echoes(502), Unreachable),
    "a page that repeats what was asked": (echoes(200), MaybeSent),
}


@pytest.mark.parametrize(("act", "meaning"), LOST.values(), ids=LOST)
async def test_a_lost_answer_shows_neither_token_nor_text(
    act: Act, meaning: type[SendError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire(act) as api, a_client(api.url) as client:
        with pytest.raises(meaning) as caught:
            await client.call("sendMessage", chat_id="c", text="Bí mật")

    assert not secrets_in(caught.value, TOKEN, "Bí mật", "127.0.0.1")
    assert TOKEN not in caplog.text + repr(client)
    assert "Bí mật" not in caplog.text


async def test_a_good_answer_leaves_no_token_in_the_log(
    server: RehearsalServer, client: ZaloClient, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx's own client would log every address at the level INFO."""
    caplog.set_level(logging.DEBUG)

    await client.who_am_i()

    assert server.zalo.bot.token not in caplog.text


async def test_a_server_that_is_not_there_has_taken_nothing() -> None:
    async with a_client("http://127.0.0.1:9/bot") as client:
        with pytest.raises(Unreachable) as caught:
            await client.call("sendMessage", chat_id="c", text="Bí mật")

    assert not secrets_in(caught.value, TOKEN, "Bí mật")


async def test_what_is_no_unicode_is_never_accepted() -> None:
    async with a_client("http://127.0.0.1:9/bot") as client:
        with pytest.raises(Rejected):
            await client.call("sendMessage", chat_id="c", text="\ud83d")


async def test_one_poll_at_a_time_may_be_replayed(
    server: RehearsalServer, client: ZaloClient
) -> None:
    server.zalo.knobs = replace(server.zalo.knobs, updates=Updates.REPLAY)
    server.zalo_people.write(MEMBER, "Xin chào")

    first, second = await client.updates(NO_TIME), await client.updates(NO_TIME)

    assert first == second


async def test_what_is_slow_but_comes_is_taken(
    server: RehearsalServer, client: ZaloClient
) -> None:
    server.zalo.faults.add(Fault(kind=FaultKind.SLOW, seconds=0.05, times=1))

    assert (await client.who_am_i()).id == server.zalo.bot.id

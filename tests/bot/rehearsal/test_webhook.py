"""The webhook: how it is set, what is posted to it, and what happens when it does not answer."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import telegram
from telegram.error import Conflict

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER, REHEARSAL_TOKEN
from tests.bot.rehearsal.conftest import NOW, Ask
from tests.bot.rehearsal.hook import Hook, serving
from tests.bot.rehearsal.test_updates import waiting_poll

SECRET = "a-Z_9"  # noqa: S105 - of this test
NONSENSE = ("http://[/", "http://127.0.0.1:99999/", "http://127.0.0.1/\x01")


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=lambda: NOW) as running:
        running.telegram.webhook.retry_seconds = 0.001
        yield running


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with serving() as running:
        yield running


async def test_updates_are_posted_in_order_with_the_secret(
    bot: telegram.Bot, server: RehearsalServer, hook: Hook
) -> None:
    server.people.write(MEMBER, "trước")
    assert await bot.set_webhook(hook.url, secret_token=SECRET)
    server.people.write(MEMBER, "sau")
    headers, update = await hook.taken.get()
    assert headers["x-telegram-bot-api-secret-token"] == SECRET
    assert headers["content-type"] == "application/json"
    assert update["message"]["text"] == "trước"
    assert await hook.next_text() == "sau"


async def test_what_was_waiting_can_be_dropped(
    bot: telegram.Bot, server: RehearsalServer, hook: Hook
) -> None:
    server.people.write(MEMBER, "trước")
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    server.people.write(MEMBER, "sau")
    headers, update = await hook.taken.get()
    assert update["message"]["text"] == "sau"
    assert "x-telegram-bot-api-secret-token" not in headers


async def test_what_is_not_taken_is_posted_again(
    bot: telegram.Bot, server: RehearsalServer, hook: Hook
) -> None:
    hook.statuses = [500, 404]
    await bot.set_webhook(hook.url)
    server.people.write(MEMBER, "một")
    server.people.write(MEMBER, "hai")
    assert [await hook.next_text() for _ in range(4)] == ["một", "một", "một", "hai"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
    assert info.last_error_date == NOW


async def test_a_webhook_that_nobody_serves_is_said_and_what_waits_is_counted(
    bot: telegram.Bot, ask: Ask, server: RehearsalServer
) -> None:
    async with serving() as gone:
        pass
    await bot.set_webhook(gone.url, allowed_updates=["message"])
    server.people.write(MEMBER, "Xin chào")
    async with asyncio.timeout(60):
        while not (await bot.get_webhook_info()).last_error_message:
            pass
    _, answer = await ask("getWebhookInfo")
    assert answer["result"] == {
        "url": gone.url,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "ip_address": "127.0.0.1",
        "last_error_date": int(NOW.timestamp()),
        "last_error_message": "Connection refused",
        "allowed_updates": ["message"],
    }


async def test_a_webhook_and_polls_exclude_each_other(
    bot: telegram.Bot, server: RehearsalServer, hook: Hook
) -> None:
    poll = await waiting_poll(bot, server)
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await asyncio.wait_for(poll, 25)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    server.people.write(MEMBER, "Xin chào")
    assert len(await bot.get_updates()) == 1
    assert hook.taken.empty()


async def test_another_webhook_takes_over(
    bot: telegram.Bot, server: RehearsalServer, hook: Hook
) -> None:
    hook.statuses = [500] * 1000
    await bot.set_webhook(hook.url)
    server.people.write(MEMBER, "Xin chào")
    await hook.next_text()
    async with serving() as other:
        await bot.set_webhook(other.url)
        assert await other.next_text() == "Xin chào"
        await bot.set_webhook("")
        assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param({"secret_token": "a b"}, "contains unallowed characters", id="space"),
        pytest.param({"secret_token": "a" * 257}, "secret token is too long", id="long secret"),
        pytest.param(
            {"url": "https://vidu.example/bot"},
            "bad webhook: Failed to resolve host: Name or service not known",
            id="another machine",
        ),
        *(
            pytest.param({"url": url}, "bad webhook: Failed to resolve host", id=url)
            for url in NONSENSE
        ),
    ],
)
async def test_what_cannot_be_a_webhook(
    ask: Ask, hook: Hook, given: dict[str, str], reason: str
) -> None:
    status, answer = await ask("setWebhook", **{"url": hook.url} | given)
    assert status == 400
    assert reason in answer["description"]
    assert (await ask("getUpdates"))[0] == 200


async def test_the_longest_secret_is_taken(bot: telegram.Bot, hook: Hook) -> None:
    assert await bot.set_webhook(hook.url, secret_token="a" * 256)


async def test_the_server_stops_although_a_webhook_does_not_answer() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()  # until the other side is gone
        writer.close()
        left.set()

    asked, left = asyncio.Event(), asyncio.Event()
    listener = await asyncio.start_server(never, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    async with asyncio.timeout(60):
        async with (
            RehearsalServer(now=lambda: NOW) as server,
            httpx.AsyncClient(timeout=60) as http,
        ):
            given = {"url": url}
            await http.post(f"{server.api_url}{REHEARSAL_TOKEN}/setWebhook", json=given)
            server.people.write(MEMBER, "Xin chào")
            await asked.wait()
        await left.wait()
    listener.close()
    await listener.wait_closed()

"""The bot object: who it is, what it asks for, what it does not tell."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.telegram.bot import Me, TelegramBot, open_bot, who_am_i
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import BOT_NAME, BOT_USERNAME, MEMBER
from jobs.messenger import SendError, TokenRefused, Unreachable
from tests.bot.platforms.wire import shows, wire

TOKEN = "123456:a-token-nobody-may-read"  # noqa: S105


async def test_it_knows_who_it_is(server: RehearsalServer, bot: TelegramBot) -> None:
    me = await who_am_i(bot)

    assert me == Me(id=server.telegram.bot.id, username=BOT_USERNAME, name=BOT_NAME)


async def test_a_wrong_token_is_refused_without_being_told(server: RehearsalServer) -> None:
    async with open_bot(TOKEN, api_url=server.api_url) as bot:
        with pytest.raises(TokenRefused) as refused:
            await who_am_i(bot)

        assert TOKEN not in str(refused.value) + repr(bot)


async def test_it_asks_for_messages_buttons_and_its_own_membership(
    server: RehearsalServer, bot: TelegramBot
) -> None:
    await bot.raw_updates(0, timedelta(0))

    assert server.telegram.updates.allowed == ["callback_query", "message", "my_chat_member"]


async def test_it_opens_without_a_network() -> None:
    async with open_bot(TOKEN, api_url="http://127.0.0.1:9/bot") as bot:
        with pytest.raises(Unreachable):
            await who_am_i(bot)


async def test_a_proxy_is_used_and_its_absence_is_unreachable(server: RehearsalServer) -> None:
    async with open_bot(
        server.telegram.token, api_url=server.api_url, proxy="http://127.0.0.1:9"
    ) as bot:
        with pytest.raises(Unreachable):
            await who_am_i(bot)


async def test_a_proxy_in_the_environment_is_not_looked_at(
    server: RehearsalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with open_bot(server.telegram.token, api_url=server.api_url) as bot:
        assert (await who_am_i(bot)).username == BOT_USERNAME


async def test_two_receivers_are_told_apart(server: RehearsalServer, bot: TelegramBot) -> None:
    first = asyncio.create_task(bot.raw_updates(0, timedelta(seconds=30)))
    second = asyncio.create_task(bot.raw_updates(0, timedelta(seconds=30)))

    done, waiting = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
    server.people.write(MEMBER, "Xin chào")
    await asyncio.wait(waiting)

    assert isinstance(done.pop().exception(), ReceivedElsewhere)
    assert len(waiting.pop().result()) == 1


ODD_ANSWERS = {
    "no result": {"ok": False, "error_code": 500, "description": "?"},
    "no list": {"ok": True, "result": True},
    "no Bot API": {"hello": "world"},
}


@pytest.mark.parametrize("answer", ODD_ANSWERS.values(), ids=ODD_ANSWERS)
async def test_an_odd_answer_is_no_updates_and_no_crash(answer: dict[str, object]) -> None:
    shown = shows(200, json.dumps(answer))
    async with wire(shown) as api, open_bot(TOKEN, api_url=api.url) as bot:
        with pytest.raises(SendError):
            await bot.raw_updates(0, timedelta(0))

"""Connections, answers of every kind, uploads: what is said of each to PTB."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.connector import NeverLeft
from bot.platforms.telegram.request import AiohttpRequest, Encoded, NoAnswer, Seconds
from tests.bot.platforms.rig import secrets_in
from tests.bot.platforms.telegram.conftest import Tls
from tests.bot.platforms.telegram.rig import SOON
from tests.bot.platforms.wire import (
    Act,
    Wire,
    accepts,
    closes,
    echoes,
    floods,
    hangs,
    raw,
    resets,
    serving,
    shows,
    trickles,
    wire,
)

SECRET = "123456:a-token-nobody-may-read"  # noqa: S105
BODY = Encoded(b'{"chat_id":"7","text":"Xin ch\xc3\xa0o"}')


async def post(request: AiohttpRequest, url: str, **how: Any) -> object:  # noqa: ANN401 - as PTB's
    return await request.post(f"{url}{SECRET}/sendMessage", BODY, **how)


async def failure(request: AiohttpRequest, url: str, **how: Any) -> NetworkError:  # noqa: ANN401
    with pytest.raises(NetworkError) as caught:
        await post(request, url, **how)
    assert not secrets_in(caught.value, SECRET, "127.0.0.1")
    return caught.value


async def test_an_answer_is_its_result_and_the_connection_stays() -> None:
    async with wire(accepts(5)) as api, AiohttpRequest() as request:
        assert await post(request, api.url) == {"message_id": 5}
        assert await post(request, api.url) == {"message_id": 5}

        assert [asked.body for asked in api.asked] == [BODY.body] * 2
        assert "Content-Type: application/json" in api.asked[0].head
        assert api.connections == 1


LOST: dict[str, Act] = {
    "closed": closes,
    "reset": resets,
    "silent": hangs,
    "half a head": raw(b"HTTP/1.1 200 OK\r\ncontent-", then=closes),
    "half a body": raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", then=closes),
    "a body that stops": raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", then=hangs),
    "a body that trickles": trickles,
    "no HTTP": raw(b"220 mail.tanlap.example.vn ready\r\n\r\n", then=closes),
    "a head without end": raw(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 100_000, then=closes),
}


@pytest.mark.parametrize("act", LOST.values(), ids=LOST)
async def test_what_was_asked_and_not_answered_is_asked_once_even_on_an_old_connection(
    act: Act,
) -> None:
    async with wire(accepts(), act) as api, AiohttpRequest(seconds=SOON) as request:
        await post(request, api.url)

        error = await failure(request, api.url)

        assert isinstance(error.__cause__, NoAnswer)
        assert len(api.asked) == 2
        assert api.connections == 1


@pytest.mark.parametrize("act", [hangs, trickles])
async def test_what_takes_too_long_is_timed_out(act: Act) -> None:
    async with wire(act) as api, AiohttpRequest(seconds=SOON) as request:
        assert isinstance(await failure(request, api.url), TimedOut)


async def test_a_connection_that_was_closed_while_it_rested_is_not_used() -> None:
    answer = raw(b"", then=accepts())

    async def answers_and_closes(asked: Any, writer: asyncio.StreamWriter) -> None:  # noqa: ANN401
        await answer(asked, writer)
        writer.close()

    async with wire(answers_and_closes) as api, AiohttpRequest() as request:
        for _ in range(3):
            assert await post(request, api.url) == {"message_id": 5}
            for _ in range(5):
                await asyncio.sleep(0)  # the end of the connection is seen

        assert api.connections == 3


async def test_what_is_larger_than_any_answer_of_telegram_is_not_kept() -> None:
    async with wire(floods) as api, AiohttpRequest() as request:
        with pytest.raises(TelegramError, match="none of the Bot API's"):
            await post(request, api.url)


async def test_a_redirect_is_not_followed() -> None:
    async with wire(accepts()) as elsewhere:
        location = f"{elsewhere.url}{SECRET}/sendMessage"
        async with wire(shows(307, "", location=location)) as api, AiohttpRequest() as request:
            error = await failure(request, api.url)

        assert isinstance(error.__cause__, TelegramError)  # an answer, though not Telegram's
        assert elsewhere.asked == []


@pytest.mark.parametrize("page", ["<p>?", "[]", "{}", '"ok"', "", "[" * 100_000, "\xff"])
async def test_what_is_not_telegrams_is_not_repeated(page: str) -> None:
    async with wire(shows(200, page.encode("latin-1"))) as api, AiohttpRequest() as request:
        with pytest.raises(TelegramError, match="none of the Bot API's"):
            await post(request, api.url)


async def test_a_page_that_holds_the_token_is_not_repeated() -> None:
    async with wire(echoes(200)) as api, AiohttpRequest() as request:
        with pytest.raises(TelegramError) as caught:
            await post(request, api.url)

        assert not secrets_in(caught.value, SECRET)


async def test_without_a_free_connection_nothing_left() -> None:
    seconds = Seconds(pool=0.1, connect=1)
    async with wire(hangs) as api, AiohttpRequest(connections=1, seconds=seconds) as request:
        taken = asyncio.create_task(post(request, api.url))
        while not api.asked:  # noqa: ASYNC110 - over HTTP, soon
            await asyncio.sleep(0)
        error = await failure(request, api.url)
        taken.cancel()
        await asyncio.wait({taken})

        assert isinstance(error, TimedOut)
        assert isinstance(error.__cause__, NeverLeft)
        assert len(api.asked) == 1


async def test_a_server_that_does_not_finish_the_handshake_was_sent_nothing() -> None:
    async def says_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()
        await asyncio.Event().wait()

    async with serving(says_nothing) as port, AiohttpRequest(seconds=SOON) as request:
        error = await failure(request, f"https://127.0.0.1:{port}/bot")

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, NeverLeft)


async def test_a_server_that_is_not_trusted_was_sent_nothing(tls: Tls) -> None:
    async with wire(accepts(), tls=tls.server) as api:
        async with AiohttpRequest() as request:
            error = await failure(request, api.url)
        async with AiohttpRequest(tls=tls.client) as request:
            assert await post(request, api.url) == {"message_id": 5}

    assert isinstance(error.__cause__, NeverLeft)
    assert len(api.asked) == 1


NOWHERE = {
    "nobody listens": "http://127.0.0.1:9/bot",
    "no such name": f"http://{'a' * 70}.example.vn/bot",
    "no protocol": "127.0.0.1/bot",
    "another protocol": "ftp://127.0.0.1/bot",
    "no host": "http:///bot",
    "no port": "http://127.0.0.1:100000/bot",
}


@pytest.mark.parametrize("url", NOWHERE.values(), ids=NOWHERE)
async def test_where_nobody_is_nothing_is_sent(url: str) -> None:
    async with AiohttpRequest() as request:
        assert isinstance((await failure(request, url)).__cause__, NeverLeft)


async def test_a_closed_client_sends_nothing() -> None:
    async with wire(accepts()) as api:
        async with AiohttpRequest() as request:
            pass

        assert isinstance((await failure(request, api.url)).__cause__, NeverLeft)
        assert api.connections == 0


async def test_a_call_has_its_own_patience() -> None:
    async with wire(hangs, accepts()) as api, AiohttpRequest() as request:
        error = await failure(request, api.url, read_timeout=0.05)

        assert isinstance(error, TimedOut)
        assert await post(request, api.url, read_timeout=None) == {"message_id": 5}


async def test_an_upload_that_nobody_reads_ends() -> None:
    async def reads_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with (
        serving(reads_nothing) as port,
        open_bot(
            SECRET,
            api_url=f"http://127.0.0.1:{port}/bot",
            answer_within=timedelta(seconds=0.1),
        ) as bot,
    ):
        limits: dict[str, Any] = {
            "pool_timeout": 0.1,
            "connect_timeout": 1,
            "write_timeout": 0.1,
        }
        with pytest.raises(TimedOut) as caught:
            await bot.send_document(7, b"\0" * (20 << 20), filename="Lớn.bin", **limits)

    assert isinstance(caught.value.__cause__, NoAnswer)


async def test_a_form_carries_names_and_texts_as_they_are() -> None:
    async with wire(shows(200, '{"ok": true, "result": true}')) as api, a_bot(api) as bot:
        await bot._post("sendDocument", {"caption": "Kế hoạch", "chat_id": 7})  # noqa: SLF001

    assert api.asked[0].body.decode() == '{"caption":"Kế hoạch","chat_id":7}'


@asynccontextmanager
async def a_bot(api: Wire) -> AsyncIterator[TelegramBot]:
    async with open_bot(SECRET, api_url=api.url) as bot:
        yield bot

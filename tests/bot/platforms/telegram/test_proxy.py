"""Through a proxy of every kind, and before one that does not work."""

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.platforms.telegram.bot import TelegramBot, open_bot, who_am_i
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.platforms.telegram.request import AiohttpRequest
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import BOT_USERNAME, MEMBER
from jobs.messenger import Address, Part, SendError, Unreachable
from jobs.rich_text import RichText
from storage.records import Platform
from tests.bot.platforms.rig import secrets_in
from tests.bot.platforms.telegram.conftest import Tls
from tests.bot.platforms.telegram.proxies import (
    Ports,
    Proxy,
    http_proxy,
    socks_proxy,
    tls_front,
)
from tests.bot.platforms.telegram.rig import SOON
from tests.bot.platforms.wire import Serve, serving

TOKEN = "123456:a-token-nobody-may-read"  # noqa: S105
NAME = "localhost"  # at a port where nobody listens, unless the proxy leads elsewhere
NOBODY = f"https://{NAME}:9/bot"
TO = Address(platform=Platform.TELEGRAM, chat=str(MEMBER.id))
PART = Part(text=RichText("Lịch tiếp công dân tháng 11"))

Open = Callable[[Ports, Tls], AbstractAsyncContextManager[Proxy]]
PROXIES: dict[str, Open] = {
    "HTTP": lambda ports, _tls: http_proxy(ports),
    "HTTP with a password": lambda ports, _tls: http_proxy(ports, password=True),
    "HTTP over TLS": lambda ports, tls: http_proxy(ports, tls=tls.server),
    "SOCKS5": lambda ports, _tls: socks_proxy(ports),
    "SOCKS5 with a password": lambda ports, _tls: socks_proxy(ports, password=True),
    "SOCKS5h": lambda ports, _tls: socks_proxy(ports, scheme="socks5h"),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    bot: TelegramBot
    proxy: Proxy


@asynccontextmanager
async def through(
    proxy: Open, server: RehearsalServer, tls: Tls, scheme: str
) -> AsyncIterator[Way]:
    port = int(server.url.rpartition(":")[2])
    async with tls_front(port, tls.server) as front:
        ports = {NAME: front if scheme == "https" else port}
        async with (
            proxy(ports, tls) as opened,
            open_bot(
                server.telegram.token,
                api_url=f"{scheme}://{NAME}:9/bot",
                proxy=opened.url,
                tls=tls.client,
            ) as bot,
        ):
            yield Way(bot=bot, proxy=opened)


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("proxy", PROXIES.values(), ids=PROXIES)
async def test_everything_goes_through_the_proxy_names_too(
    server: RehearsalServer, tls: Tls, proxy: Open, scheme: str
) -> None:
    server.people.write(MEMBER, "Xin chào")

    async with through(proxy, server, tls, scheme) as way:
        assert (await who_am_i(way.bot)).username == BOT_USERNAME
        for _ in range(3):
            await TelegramMessenger(way.bot).send(TO, PART)
        await way.bot.send_document(MEMBER.id, document=b"\0" * 300_000, filename="Báo cáo.bin")
        (update,) = await way.bot.raw_updates(0, timedelta(seconds=5))

    *texts, document = server.telegram.from_bot(MEMBER.id)
    assert [message.text for message in texts] == [PART.text.text] * 3
    assert document.media is not None
    assert (document.media.file.name, document.media.file.size) == ("Báo cáo.bin", 300_000)
    assert update["message"]["text"] == "Xin chào"
    assert way.proxy.asked == [NAME] * 2  # one connection to send, one to ask for updates


async def failure(bot: TelegramBot) -> SendError:
    with pytest.raises(SendError) as caught:
        await TelegramMessenger(bot).send(TO, PART)
    return caught.value


async def says_nothing(reader: StreamReader, _writer: StreamWriter) -> None:
    await reader.read()


async def shuts(_reader: StreamReader, writer: StreamWriter) -> None:
    writer.close()


async def babbles(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"220 mail.tanlap.example.vn ready\r\n")
    await reader.read()


def answers(head: bytes) -> Serve:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1)
        writer.write(head)
        await reader.read()

    return serve


BAD_PROXIES: dict[str, Serve] = {
    "silent": says_nothing,
    "closing": shuts,
    "no proxy at all": babbles,
    "HTTP that forbids": answers(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n"),
    "HTTP that wants a password": answers(b"HTTP/1.1 407 Who\r\n\r\n"),
    "SOCKS5 that wants a password": answers(bytes([5, 255])),
    "SOCKS5 that reaches nobody": answers(bytes([5, 0, 5, 4, 0, 1, *[0] * 6])),
}


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
@pytest.mark.parametrize("serve", BAD_PROXIES.values(), ids=BAD_PROXIES)
async def test_behind_a_proxy_that_does_not_connect_nothing_was_sent(
    serve: Serve, scheme: str
) -> None:
    async with (
        serving(serve) as port,
        AiohttpRequest(proxy=f"{scheme}://127.0.0.1:{port}", seconds=SOON) as request,
    ):
        bot = TelegramBot(TOKEN, base_url=NOBODY, request=request)
        assert type(await failure(bot)) is Unreachable


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
async def test_no_proxy_is_unreachable(scheme: str) -> None:
    async with open_bot(TOKEN, api_url=NOBODY, proxy=f"{scheme}://127.0.0.1:9") as bot:
        assert type(await failure(bot)) is Unreachable


@pytest.mark.parametrize("open_proxy", [http_proxy, socks_proxy], ids=["HTTP", "SOCKS5"])
async def test_a_proxy_that_is_not_told_its_password_is_unreachable_and_tells_no_secret(
    open_proxy: Callable[..., AbstractAsyncContextManager[Proxy]],
) -> None:
    async with open_proxy({}, password=True) as proxy:
        wrong = proxy.url.replace("mat", "sai")
        async with open_bot(TOKEN, api_url=NOBODY, proxy=wrong) as bot:
            error = await failure(bot)

    assert type(error) is Unreachable
    assert not secrets_in(error, TOKEN, PART.text.text, "khau", "127.0.0.1", NAME)
    assert proxy.asked == []

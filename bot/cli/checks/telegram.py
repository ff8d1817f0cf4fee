"""Telegram: the token, who receives what people write, the proxy on the way there."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

from bot.bots.telegram import office_bot
from bot.cli.checks.finding import Finding, critical, fine, warning
from bot.platforms.telegram.bot import who_am_i
from bot.platforms.telegram.connector import PROXY_PORTS
from bot.platforms.telegram.inbox import look_into_inbox
from bot.settings import Settings
from jobs.messenger import SendError, TokenRefused

MANY_WAITING = 20  # a bot that runs fetches them within a second
_CONNECT = timedelta(seconds=10)
_INIT = "Hãy chạy: bantin init"


async def look_at_bot(settings: Settings, *, answer_within: timedelta) -> list[Finding]:
    if settings.telegram_token is None:
        return [] if settings.each_zalo_token else [critical("chưa có mã bot.", _INIT)]
    async with office_bot(settings) as bot:
        try:
            async with asyncio.timeout(answer_within.total_seconds()):
                me = await who_am_i(bot)
        except TokenRefused:
            return [
                critical(
                    "Telegram không nhận mã bot này.",
                    f"Hãy sao chép lại mã trong @BotFather (/mybots). {_INIT}",
                )
            ]
        except (SendError, TimeoutError):
            return [critical("không kết nối được tới Telegram.", _way(settings))]
    return [fine(f"Telegram nhận mã bot của @{me.username} ({me.name}).")]


def _way(settings: Settings) -> str:
    if settings.telegram_proxy is not None:
        return "Hãy kiểm tra mạng và proxy (telegram_proxy); có thể cần đổi proxy khác."
    return "Hãy kiểm tra mạng; nếu Telegram bị chặn, đặt telegram_proxy rồi chạy lại."


async def look_at_inbox(
    settings: Settings, *, is_worked: bool, answer_within: timedelta
) -> list[Finding]:
    """Asks for no updates: that would take them from the program that runs."""
    if settings.telegram_token is None:
        return []
    async with office_bot(settings) as bot:
        try:
            async with asyncio.timeout(answer_within.total_seconds()):
                inbox = await look_into_inbox(bot)
        except (SendError, TimeoutError):
            return []  # said above
    if inbox.webhook_host:
        return [
            critical(
                f"tin nhắn của hội viên đang được chuyển tới nơi khác ({inbox.webhook_host}).",
                "Một chương trình khác dùng chung mã bot này: hãy dừng nó và xóa webhook của nó.",
            )
        ]
    if is_worked and inbox.waiting > MANY_WAITING:
        return [
            warning(
                f"{inbox.waiting} tin nhắn của hội viên đang chờ mà chưa được nhận.",
                "Hãy chạy lại Bản tin; nếu vẫn vậy, xem có máy nào khác dùng chung mã bot không.",
            )
        ]
    return [fine(f"không bị chuyển đi nơi khác, {inbox.waiting} tin nhắn đang chờ.")]


async def look_at_proxy(settings: Settings) -> list[Finding]:
    if settings.telegram_proxy is None:
        return []
    address = urlsplit(settings.telegram_proxy.get_secret_value())  # may hold a password
    try:
        host, port = address.hostname or "", address.port or PROXY_PORTS[address.scheme.lower()]
    except ValueError:
        return [critical("địa chỉ proxy viết sai.", "Hãy sửa telegram_proxy.")]
    try:
        async with asyncio.timeout(_CONNECT.total_seconds()):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        return [
            critical(
                f"không kết nối được tới proxy {host}:{port}.",
                "Hãy kiểm tra proxy còn chạy không, hoặc đổi telegram_proxy.",
            )
        ]
    writer.close()
    return [fine(f"kết nối được tới {host}:{port}.")]

"""Where Telegram keeps what people wrote to the bot, and how much of it waits."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.telegram.errors import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    webhook_host: str  # where it is sent to; empty: it waits to be fetched
    waiting: int


async def look_into_inbox(bot: Bot) -> Inbox:
    """Takes nothing out of it. Raises SendError."""
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        raise translate(error) from None
    host = urlsplit(info.url).hostname or info.url
    return Inbox(webhook_host=host, waiting=info.pending_update_count)

"""aiogram's bare send_message loop: python -m tests.clients.aiogram_sender URL MESSAGES IN_FLIGHT.

For `tests.bench.sending`; it imports nothing of this project but the loop that measures.
"""

# mypy: disable-error-code="import-not-found"
# aiogram lives in an environment of its own: its pydantic need not agree with ours.

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.bench.in_flight import TEXT, TOKEN, measure, stay_on


async def main(url: str, messages: int, in_flight: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(TOKEN, session=session) as bot:
        await measure(lambda chat: bot.send_message(chat, TEXT), messages, in_flight)


if __name__ == "__main__":
    stay_on(0)
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))

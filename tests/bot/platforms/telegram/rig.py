"""The receiver of these tests, run and killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.platforms.desk import Limits
from bot.platforms.handler import Handler
from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.platforms.telegram.request import Seconds
from bot.platforms.telegram.updates import Receiver
from jobs.clock import Clock
from jobs.pacing import Pacer
from tests.bot.platforms.rig import APOLOGY, QUICK

SOON = Seconds(pool=0.2, connect=0.4, write=0.2, read=0.5)


def a_receiver(
    bot: TelegramBot, handler: Handler, clock: Clock, limits: Limits = QUICK
) -> Receiver:
    return Receiver(
        bot=bot,
        bot_id=3,
        handler=handler,
        messenger=TelegramMessenger(bot),
        pacer=Pacer(clock),
        clock=clock,
        apology=APOLOGY,
        limits=limits,
    )


@asynccontextmanager
async def receiving(
    bot: TelegramBot, handler: Handler, clock: Clock, limits: Limits = QUICK
) -> AsyncIterator[None]:
    """Leaving it is as good as a kill: nothing is finished, nothing is told to Telegram."""
    running = asyncio.create_task(a_receiver(bot, handler, clock, limits).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})

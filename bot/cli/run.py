"""`bantin run`"""

import asyncio
import signal

from bot import app, logs
from bot.settings import Settings, load
from jobs.clock import SystemClock


def run() -> None:
    settings = load()
    logs.set_up(settings.log_level)
    asyncio.run(until_signalled(settings))


async def until_signalled(settings: Settings) -> None:
    """Ctrl-C and SIGTERM end it in order: what is being sent may still be answered."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    await app.run(settings, clock=SystemClock(), stop=stop)


def stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)

"""`bantin run`"""

import asyncio
import signal

from bot import app, logs
from bot.cli.screen import say
from bot.settings import Settings, load
from jobs.clock import SystemClock


def run() -> None:
    settings = load()
    logs.set_up(settings.log_level)
    say("Bản tin đang khởi động. Bấm Ctrl-C để dừng.")
    asyncio.run(_until_signalled(settings))
    say("Đã dừng.")


async def _until_signalled(settings: Settings) -> None:
    """Ended in order: what is being sent may still be answered."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    await app.run(settings, clock=SystemClock(), stop=stop)


def stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup has switched it off
        loop.add_signal_handler(signal.SIGHUP, stop.set)  # the terminal's window was closed

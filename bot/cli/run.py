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
    """Ctrl-C, SIGTERM, and the terminal's window closed; not what nohup has switched off."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:
            loop.add_signal_handler(each, stop.set)

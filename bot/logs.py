"""Logging; keeps tokens and people out of it."""

import logging
import re
import time

# a token stands in the path of every request: /bot123456:AA…/sendMessage, and in its file links
_TOKEN = re.compile(r"\b\d{5,}:[\w-]{20,}")
_QUIET = {
    "httpx": logging.WARNING,  # its INFO lines hold the whole address
    "httpcore": logging.WARNING,
    "apscheduler": logging.ERROR,  # warns each time that a long stage is still running
    "telegram": logging.WARNING,
    "uvicorn": logging.WARNING,
    "alembic": logging.WARNING,
}


class _WithoutTokens(logging.Formatter):
    """The last guard: whatever a library writes, tracebacks included."""

    converter = staticmethod(time.gmtime)  # times in UTC

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))


def set_up(level: str) -> None:
    """To standard error, one line an event, time in UTC."""
    handler = logging.StreamHandler()
    formatter = _WithoutTokens("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s",
                               "%Y-%m-%dT%H:%M:%S")  # fmt: skip
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)

"""Logging; keeps tokens and people out of it."""

import json
import logging
import re
import time

# a token stands in the path of every request: /bot123456:AA…/sendMessage, and in its file links;
# how long Zalo's are is written nowhere
_TOKEN = re.compile(r"(?<=/bot)\d+(?::|%3A)[^/\s\"']+|\d{5,}(?::|%3A)[\w.~-]{12,}", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=://)[^/\s@]+:[^/\s@]+(?=@)")  # of a proxy or a database
_QUIET = {
    "httpx": logging.WARNING,  # its INFO lines hold the whole address
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,  # its DEBUG lines may hold addresses
    "aiosqlite": logging.WARNING,  # its DEBUG lines hold names and addresses
    "apscheduler": logging.ERROR,  # warns each time that a long stage is still running
    "telegram": logging.WARNING,
    "uvicorn": logging.WARNING,
    "alembic": logging.WARNING,
}
_LINE = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"
_NOT_EXTRA = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",  # uvicorn's message once more
}


def without_secrets(text: str) -> str:
    return _PASSWORD.sub("<secret>", _TOKEN.sub("<token>", text))


class _OneLine(logging.Formatter):
    """One line an event apart from tracebacks; from a warning on, with the facts beside it."""

    converter = staticmethod(time.gmtime)  # times in UTC

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        line = super().formatMessage(record).replace("\n", "\\n")
        if record.levelno < logging.WARNING:
            return line  # what counts is in the sentence
        return " ".join((line, *_facts(record)))

    def format(self, record: logging.LogRecord) -> str:
        """The last guard: whatever a library writes, tracebacks included."""
        return without_secrets(super().format(record))


def _facts(record: logging.LogRecord) -> list[str]:
    extra = {key: value for key, value in vars(record).items() if key not in _NOT_EXTRA}
    names = sorted(extra, key=lambda key: key != "action")  # the rest as it was given
    return [f"{name}={_shown(extra[name])}" for name in names]


def _shown(value: object) -> str:
    text = str(value)
    plain = bool(text) and text.isprintable() and not re.search(r'[\s"=]', text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def set_up(level: str) -> None:
    """To standard error, time in UTC."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine(_LINE, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)

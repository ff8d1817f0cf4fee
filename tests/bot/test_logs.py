"""What a log line holds, and what it never holds."""

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from bot.logs import set_up, without_secrets
from tests.web import answer, web_server

TOKEN = "7000000001:AAE-rehearsal_opens-nothing-outside"  # noqa: S105
SECRET = TOKEN.partition(":")[2]
logger = logging.getLogger("jobs.example")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged at DEBUG."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    set_up("DEBUG")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    lines = io.StringIO()
    handler.setStream(lines)
    yield lines
    root.handlers = handlers
    root.setLevel(level)


def fails(text: str) -> None:
    raise ValueError(text)


def in_a_traceback() -> None:
    try:
        fails(f"no answer from https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        logger.exception("it failed")


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(lambda: logger.info(f"/bot{TOKEN}/getMe"), id="in the message"),  # noqa: G004
        pytest.param(
            lambda: logger.info("to %s", httpx.URL(f"https://a.vn/bot{TOKEN}")), id="args"
        ),
        pytest.param(lambda: logger.error("%s", ValueError(TOKEN)), id="in an exception"),
        pytest.param(lambda: logger.warning("x", extra={"error": TOKEN}), id="beside it"),
        pytest.param(lambda: logger.warning("at %s", TOKEN.replace(":", "%3A")), id="quoted"),
        pytest.param(in_a_traceback, id="in a traceback"),
    ],
)
def test_no_token_is_logged(log: io.StringIO, say: object) -> None:
    assert callable(say)
    say()
    assert "<token>" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_proxys_password_is_not_logged(log: io.StringIO) -> None:
    logger.error("no way through socks5://mai:mat-khau@10.0.0.1:1080")
    assert "mat-khau" not in log.getvalue()
    assert "10.0.0.1:1080" in log.getvalue()


def test_ordinary_numbers_are_left_alone() -> None:
    text = "lúc 12:30 ngày 11/12/2026, số 0277000000:1, http://a.vn/2026:11"
    assert without_secrets(text) == text


def test_a_warning_tells_its_facts_with_the_action_first(log: io.StringIO) -> None:
    extra = {"source_id": 7, "error": "cắt ngang", "action": "source_failed", "where": None}
    logger.warning("source not read", extra=extra)
    (line,) = log.getvalue().splitlines()
    assert line.endswith(
        "WARNING jobs.example: source not read"
        ' action=source_failed source_id=7 error="cắt ngang" where=None'
    )


@pytest.mark.parametrize("value", ["", "a b", 'say "no"', "two\nlines", "x=1", "\x1b[31m"])
def test_a_fact_can_be_told_from_the_next(log: io.StringIO, value: str) -> None:
    logger.error("x", extra={"health": value})
    (line,) = log.getvalue().splitlines()
    assert json.loads(line.partition("health=")[2]) == value


def test_what_went_well_is_said_in_the_sentence_alone(log: io.StringIO) -> None:
    logger.info("poll: visited 1", extra={"action": "stage_ran", "visited": 1})
    assert "action" not in log.getvalue()


def test_an_event_is_one_line(log: io.StringIO) -> None:
    logger.warning("one\ntwo")
    (line,) = log.getvalue().splitlines()
    assert "one\\ntwo" in line


def test_a_traceback_follows_its_line(log: io.StringIO) -> None:
    try:
        fails("odd")
    except ValueError:
        logger.exception("it failed", extra={"action": "stage_failed", "stage": "poll"})
    first, second, *_, last = log.getvalue().splitlines()
    assert first.endswith("it failed action=stage_failed stage=poll")
    assert second.startswith("Traceback")
    assert last == "ValueError: odd"


async def test_httpx_logs_no_address(log: io.StringIO) -> None:
    async with web_server() as web, httpx.AsyncClient(trust_env=False) as client:
        web.answers[f"/bot{TOKEN}/getMe"] = answer("200 OK")
        await client.get(f"{web.url}/bot{TOKEN}/getMe")
    assert "getMe" not in log.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "https://bot-api.zaloplatforms.com/bot12345689:abc-xyz/getMe",
        "/bot12345689%3Aabc-xyz/sendMessage?x=1",
        "the token 12345689:abc.xyz~123_456 was refused",
    ],
)
def test_no_token_of_zalo_is_shown_however_short(text: str) -> None:
    shown = without_secrets(text)
    assert "<token>" in shown
    assert "abc" not in shown
    assert "xyz" not in shown

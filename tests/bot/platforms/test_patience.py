"""Asking Telegram until it answers."""

from datetime import timedelta

import pytest

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.patience import until_answered
from jobs.messenger import MaybeSent, SendError, Throttled, TokenRefused, Unreachable
from tests.bot.platforms.rig import LeapingClock


async def waited(clock: LeapingClock, *troubles: SendError) -> float:
    """How many seconds it took until the answer after these troubles."""
    left = list(troubles)

    async def ask() -> str:
        if left:
            raise left.pop(0)
        return "answer"

    start = clock.seconds
    assert await until_answered(ask, clock) == "answer"
    return clock.seconds - start


async def test_it_asks_ever_more_seldom_but_twice_a_minute_at_least(clock: LeapingClock) -> None:
    assert await waited(clock, Unreachable(), MaybeSent(), Unreachable()) == 1 + 2 + 4
    assert await waited(clock, *[Unreachable()] * 7) == 1 + 2 + 4 + 8 + 16 + 30 + 30


async def test_it_waits_as_long_as_told(clock: LeapingClock) -> None:
    assert await waited(clock, Throttled(timedelta(seconds=40))) == 40


async def test_another_receiver_is_named_and_asked_for_every_ten_seconds(
    clock: LeapingClock, caplog: pytest.LogCaptureFixture
) -> None:
    assert await waited(clock, *[ReceivedElsewhere()] * 3) == 30

    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert "another program receives this bot's messages" in caplog.text


async def test_a_refused_token_is_not_asked_again(clock: LeapingClock) -> None:
    with pytest.raises(TokenRefused):
        await waited(clock, TokenRefused(), Unreachable())

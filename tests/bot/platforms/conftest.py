"""A clock that never waits."""

import pytest

from tests.bot.platforms.rig import LeapingClock


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()

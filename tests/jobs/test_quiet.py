"""Quiet hours, on either side of midnight."""

from datetime import UTC, datetime

import pytest

from jobs.quiet import QuietHours, ends_at, is_quiet
from jobs.vietnamese_date import VIETNAM

NIGHT = QuietHours(from_hour=21, to_hour=6)
NOON = QuietHours(from_hour=11, to_hour=14)
NEVER = QuietHours(from_hour=6, to_hour=6)


def _at(hour: int, minute: int = 0, *, day: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "quiet", "end"),
    [
        pytest.param(_at(21), NIGHT, _at(6, day=13), id="the night begins"),
        pytest.param(_at(23, 59), NIGHT, _at(6, day=13), id="before midnight"),
        pytest.param(_at(0), NIGHT, _at(6), id="midnight"),
        pytest.param(_at(5, 59), NIGHT, _at(6), id="the last minute"),
        pytest.param(_at(12), NOON, _at(14), id="within a day"),
        pytest.param(
            _at(22), QuietHours(from_hour=21, to_hour=0), _at(0, day=13), id="until midnight"
        ),
        pytest.param(_at(3), QuietHours(from_hour=0, to_hour=6), _at(6), id="from midnight"),
    ],
)
def test_in_quiet_hours_bulletins_wait_until_their_end(
    now: datetime, quiet: QuietHours, end: datetime
) -> None:
    assert is_quiet(now, quiet)
    assert ends_at(now, quiet) == end
    assert not is_quiet(end, quiet)


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        pytest.param(_at(6), NIGHT, id="the night is over"),
        pytest.param(_at(20, 59), NIGHT, id="the last minute of the day"),
        pytest.param(_at(14), NOON, id="after noon"),
        pytest.param(_at(6), NEVER, id="no quiet hours"),
        pytest.param(_at(3), NEVER, id="no quiet hours at night"),
    ],
)
def test_outside_quiet_hours_nothing_waits(now: datetime, quiet: QuietHours) -> None:
    assert not is_quiet(now, quiet)
    assert ends_at(now, quiet) == now

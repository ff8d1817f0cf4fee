"""When to try again."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.retry import next_attempt, next_visit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (0, 5 * SECOND),
        (1, 5 * SECOND),
        (2, 15 * SECOND),
        (3, MINUTE),
        (4, 5 * MINUTE),
        (5, 15 * MINUTE),
        (6, 15 * MINUTE),
        (10_000, 15 * MINUTE),
    ],
)
def test_a_send_waits_longer_after_each_try_but_never_gives_up(
    attempts: int, wait: timedelta
) -> None:
    assert next_attempt(attempts, now=NOW) == NOW + wait


@pytest.mark.parametrize("told", [0 * SECOND, 3 * SECOND, HOUR], ids=str)
def test_a_send_waits_exactly_as_long_as_told(told: timedelta) -> None:
    assert next_attempt(4, now=NOW, told=told) == NOW + told


@pytest.mark.parametrize(
    ("failures", "interval", "wait"),
    [
        (0, 15 * MINUTE, 15 * MINUTE),
        (1, 15 * MINUTE, 30 * MINUTE),
        (4, 15 * MINUTE, 4 * HOUR),
        (5, 15 * MINUTE, 6 * HOUR),
        (1_000_000, 15 * MINUTE, 6 * HOUR),
        (1, 5 * SECOND, 10 * SECOND),
        (3, 12 * HOUR, 12 * HOUR),
    ],
)
def test_a_failing_source_is_visited_less_and_less(
    failures: int, interval: timedelta, wait: timedelta
) -> None:
    assert next_visit(failures, interval=interval, now=NOW) == NOW + wait


@pytest.mark.parametrize(
    ("told", "wait"),
    [(MINUTE, 30 * MINUTE), (2 * HOUR, 2 * HOUR), (timedelta(days=400), timedelta(days=1))],
    ids=["less than our own wait", "more", "absurd"],
)
def test_a_server_that_asks_for_rest_gets_it_up_to_a_day(told: timedelta, wait: timedelta) -> None:
    found = next_visit(1, interval=15 * MINUTE, now=NOW, retry_after=told)
    assert found == NOW + wait

"""When a source is visited next: by its rhythm, the hour, what is asked, what went wrong."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from jobs.rhythm import (
    LONGEST,
    SHORTEST,
    Asks,
    Turn,
    first_gap,
    from_stored,
    longest_silence,
    next_gap,
    next_reread,
    next_visit,
    reread_because_listed_otherwise,
    reread_while_missing,
    stored,
)
from jobs.vietnamese_date import VIETNAM

USUAL = timedelta(minutes=15)
THURSDAY = datetime(2026, 11, 12, 9, tzinfo=VIETNAM)
NIGHT = datetime(2026, 11, 12, 22, tzinfo=VIETNAM)
SATURDAY = datetime(2026, 11, 14, 9, tzinfo=VIETNAM)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def a_turn(
    *,
    gap: timedelta | None = None,
    failures: int = 0,
    visits: int = 7,
    source_id: int = 3,
    usual: timedelta = USUAL,
    last_new_at: datetime | None = None,
) -> Turn:
    return Turn(
        source_id=source_id,
        visits=visits,
        usual=usual,
        gap=gap,
        failures=failures,
        last_new_at=last_new_at,
    )


@pytest.mark.parametrize(
    ("turn", "now", "wait"),
    [
        pytest.param(a_turn(), THURSDAY, USUAL, id="no rhythm known"),
        pytest.param(a_turn(gap=4 * HOUR), THURSDAY, HOUR, id="four visits between two articles"),
        pytest.param(a_turn(gap=MINUTE), THURSDAY, SHORTEST, id="never more often"),
        pytest.param(a_turn(gap=30 * DAY), THURSDAY, LONGEST, id="never less often"),
        pytest.param(a_turn(), SATURDAY, 2 * USUAL, id="weekend"),
        pytest.param(a_turn(), NIGHT, 4 * USUAL, id="night"),
        pytest.param(
            a_turn(gap=HOUR, last_new_at=THURSDAY - 8 * DAY), THURSDAY, LONGEST, id="fallen silent"
        ),
        pytest.param(a_turn(failures=1), THURSDAY, 2 * USUAL, id="one error"),
        pytest.param(a_turn(failures=3), THURSDAY, 8 * USUAL, id="three errors"),
        pytest.param(a_turn(failures=90), THURSDAY, LONGEST, id="ninety errors"),
        pytest.param(a_turn(usual=5 * timedelta(seconds=1), gap=DAY), NIGHT,
                     timedelta(seconds=5), id="trying it out"),
    ],
)  # fmt: skip
def test_how_long_a_source_rests(turn: Turn, now: datetime, wait: timedelta) -> None:
    rested = next_visit(turn, now=now) - now
    assert 0.85 * wait <= rested <= 1.15 * wait


@pytest.mark.parametrize("minute", range(0, 660, 30))
def test_a_night_ends_in_time_for_the_first_news(minute: int) -> None:
    now = datetime(2026, 11, 12, 19, tzinfo=VIETNAM) + minute * MINUTE
    slow = a_turn(gap=6 * HOUR)
    morning = datetime(2026, 11, 13, 6, tzinfo=VIETNAM)
    assert next_visit(slow, now=now) <= morning + 1.15 * 1.5 * HOUR + 0.15 * 11 * HOUR


@pytest.mark.parametrize(
    ("asks", "at_least", "at_most"),
    [
        pytest.param(Asks(rest=HOUR), HOUR, 1.15 * HOUR, id="ttl"),
        pytest.param(Asks(fresh_for=2 * HOUR), 2 * HOUR, 2.3 * HOUR, id="Cache-Control"),
        pytest.param(Asks(fresh_for=365 * DAY), LONGEST, 1.15 * LONGEST, id="for a year"),
        pytest.param(Asks(rest=MINUTE), 0.85 * USUAL, 1.15 * USUAL, id="less than our own"),
        pytest.param(Asks(retry_after=20 * HOUR), 20 * HOUR, 23 * HOUR, id="Retry-After"),
        pytest.param(Asks(retry_after=9 * DAY), DAY, 1.15 * DAY, id="Retry-After, too long"),
    ],
)
def test_what_a_server_asks_is_the_least_wait(
    asks: Asks, at_least: timedelta, at_most: timedelta
) -> None:
    for visits in range(1, 50):
        rested = next_visit(a_turn(visits=visits), asks, now=THURSDAY) - THURSDAY
        assert at_least <= rested <= at_most


def test_hours_and_days_that_a_feed_rules_out_are_passed_over() -> None:
    asks = Asks(quiet_hours=frozenset({2, 3, 4}), quiet_days=frozenset({4}))
    at = next_visit(a_turn(), asks, now=THURSDAY)  # 02:00 UTC
    assert at.astimezone(UTC).hour == 5
    friday = next_visit(a_turn(), asks, now=THURSDAY + 22 * HOUR)
    assert friday.astimezone(UTC).weekday() == 5


def test_a_feed_that_rules_out_every_hour_is_visited_all_the_same() -> None:
    asks = Asks(quiet_hours=frozenset(range(24)))
    assert next_visit(a_turn(), asks, now=THURSDAY) - THURSDAY < 1.15 * USUAL


def test_visits_of_many_sources_spread_and_do_so_the_same_way_each_time() -> None:
    first = [next_visit(a_turn(source_id=n, visits=0), now=THURSDAY) for n in range(1000)]
    assert first == [next_visit(a_turn(source_id=n, visits=0), now=THURSDAY) for n in range(1000)]
    a_minute = Counter(int((at - THURSDAY) / MINUTE) for at in first)
    assert max(a_minute.values()) < 5 * 1000 / 15
    waits = [next_visit(a_turn(visits=n), now=THURSDAY) - THURSDAY for n in range(1, 200)]
    assert len(set(waits)) > 150


@pytest.mark.parametrize(
    ("days", "gap"),
    [
        pytest.param([], None, id="no dates"),
        pytest.param([1, 2], None, id="one gap is no rhythm"),
        pytest.param([1, 1, 1, 1], None, id="all of one day"),
        pytest.param([1, 2, 3, 4], DAY, id="one a day"),
        pytest.param([1, 2, 3, 30], DAY, id="an old one pinned to the top"),
        pytest.param([1, 8, 15], 7 * DAY, id="one a week"),
    ],
)
def test_the_first_list_shows_how_often_a_source_publishes(
    days: list[int], gap: timedelta | None
) -> None:
    assert first_gap([THURSDAY - day * DAY for day in days]) == gap


def test_the_newest_gap_counts_for_three_tenths() -> None:
    gap = next_gap(10 * HOUR, new=1, last_new_at=THURSDAY - 20 * HOUR, now=THURSDAY)
    assert gap == 13 * HOUR
    assert next_gap(None, new=2, last_new_at=THURSDAY - 20 * HOUR, now=THURSDAY) == 10 * HOUR
    assert next_gap(HOUR, new=0, last_new_at=THURSDAY, now=THURSDAY) == HOUR


@pytest.mark.parametrize(
    ("gap", "silence"),
    [(None, 30 * DAY), (HOUR, 4 * DAY), (DAY, 6 * DAY), (7 * DAY, 42 * DAY), (60 * DAY, 90 * DAY)],
    ids=["not known", "an hour", "a day", "a week", "two months"],
)
def test_when_silence_is_longer_than_the_rhythm_allows(
    gap: timedelta | None, silence: timedelta
) -> None:
    assert longest_silence(gap) == silence


def test_what_a_feed_asks_is_kept() -> None:
    asks = Asks(rest=HOUR, quiet_hours=frozenset({1, 2}), quiet_days=frozenset({6}))
    assert from_stored(stored(asks)) == asks
    assert from_stored({}) == Asks()


def test_a_page_is_looked_at_again_a_few_times_in_two_days() -> None:
    now, found = THURSDAY, []
    at = next_reread(THURSDAY, rereads=0, now=now)
    while at is not None:
        found.append(at - THURSDAY)
        now = at
        at = next_reread(THURSDAY, rereads=len(found), now=now)
    assert found == [HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR]
    assert next_reread(THURSDAY, rereads=20, now=THURSDAY) is None


def test_a_page_that_is_missing_is_looked_for_until_a_day_has_passed() -> None:
    at = reread_while_missing(THURSDAY, rereads=1, now=THURSDAY)
    assert at == THURSDAY + 6 * HOUR
    last = reread_while_missing(THURSDAY, rereads=4, now=THURSDAY + 20 * HOUR)
    assert last == THURSDAY + 24 * HOUR


def test_a_list_that_says_something_else_each_time_is_not_followed_for_ever() -> None:
    assert reread_because_listed_otherwise(rereads=0, now=THURSDAY) == THURSDAY
    assert reread_because_listed_otherwise(rereads=1, now=THURSDAY) == THURSDAY + HOUR
    assert reread_because_listed_otherwise(rereads=20, now=THURSDAY) is None

"""When a source is visited next, by its own rhythm and by what its server asks. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from jobs.vietnamese_date import VIETNAM

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
LONGEST_OBEYED = timedelta(days=1)  # of what a server asks for with Retry-After
WORK_BEGINS, WORK_ENDS = 6, 19  # hours in Viet Nam
_NIGHT, _WEEKEND = 4, 2
_SATURDAY = 5
_VISITS_A_GAP = 4
_WEIGHT = 0.3  # of the newest gap
_LONGEST_GAP = timedelta(days=60)
_SILENCE_COUNTS = 8  # a source that falls silent is visited less and less
_JITTER = 0.15
_FIRST_JITTER = 0.7  # what was added together must not stay together
_LONGEST_QUIET = 48  # hours, looked through for one that the feed does not rule out


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What those who come back are asked for: by a feed with each list, by a server at once."""

    rest: timedelta = timedelta(0)
    quiet_hours: frozenset[int] = frozenset()  # of the day in UTC
    quiet_days: frozenset[int] = frozenset()  # of the week in UTC, 0 is Monday
    fresh_for: timedelta = timedelta(0)  # Cache-Control
    retry_after: timedelta | None = None


NOTHING = Asks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn is looked for, and how it went so far."""

    source_id: int
    visits: int  # until now
    usual: timedelta  # between two visits while no rhythm is known
    gap: timedelta | None = None  # between two new articles
    last_new_at: datetime | None = None
    failures: int = 0  # in a row


def next_visit(turn: Turn, asks: Asks = NOTHING, *, now: datetime) -> datetime:
    """Never later than six hours, unless the server itself asks for more."""
    wait = _wait(turn, now)
    for _ in range(turn.failures):
        wait = min(2 * wait, LONGEST)
        if wait == LONGEST:
            break
    wait *= 1 + _share(turn) * _JITTER
    if turn.visits == 0:
        wait *= 1 - _FIRST_JITTER * abs(_share(turn))
    asked = min(max(asks.rest, asks.fresh_for), LONGEST)
    if asks.retry_after is not None:
        asked = max(asked, min(asks.retry_after, LONGEST_OBEYED))
    if asked > wait:
        wait = asked * (1 + abs(_share(turn)) * _JITTER)  # never before it was asked for
    return _outside_of_quiet(now + wait, asks)


def _wait(turn: Turn, now: datetime) -> timedelta:
    if turn.usual < SHORTEST:  # somebody tries it out, and wants to see it happen
        return turn.usual
    wait = turn.usual
    if turn.gap is not None:
        silence = now - turn.last_new_at if turn.last_new_at else timedelta(0)
        wait = max(turn.gap, silence / _SILENCE_COUNTS) / _VISITS_A_GAP
    return _by_the_hour(_clamped(wait), now)


def _clamped(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)


def _by_the_hour(wait: timedelta, now: datetime) -> timedelta:
    """Nobody publishes at night: but who does at six shall not wait until ten."""
    local = now.astimezone(VIETNAM)
    by_day = _clamped(wait * (_WEEKEND if local.weekday() >= _SATURDAY else 1))
    if WORK_BEGINS <= local.hour < WORK_ENDS:
        return by_day
    morning = datetime.combine(local.date(), time(WORK_BEGINS), VIETNAM)
    if local.hour >= WORK_ENDS:
        morning += timedelta(days=1)
    return min(_clamped(wait * _NIGHT), morning - local + by_day)


def _share(turn: Turn) -> float:
    """From -1 to 1, the same for the same visit of the same source."""
    digest = hashlib.blake2b(f"{turn.source_id}/{turn.visits}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 0xFFFFFFFF * 2 - 1


def _outside_of_quiet(at: datetime, asks: Asks) -> datetime:
    """The first moment in no hour that the feed rules out; one that rules out all is not heard."""
    moment = at.astimezone(UTC)
    for _ in range(_LONGEST_QUIET):
        if not _is_quiet(moment, asks.quiet_hours, asks.quiet_days):
            return moment
        # as late in the free hour as it would have been in this one: the spread stays
        moment += timedelta(hours=1)
    return at


def _is_quiet(moment: datetime, hours: Collection[int], days: Collection[int]) -> bool:
    return moment.hour in hours or moment.weekday() in days


def first_gap(dates: Iterable[datetime]) -> timedelta | None:
    """How often a source seems to publish, by the dates of its first list."""
    known = sorted(set(dates))
    gaps = sorted(later - earlier for earlier, later in pairwise(known))
    if len(gaps) < 2:  # noqa: PLR2004 - one gap is no rhythm
        return None
    return min(max(gaps[len(gaps) // 2], SHORTEST), _LONGEST_GAP)


def next_gap(
    gap: timedelta | None, *, new: int, last_new_at: datetime | None, now: datetime
) -> timedelta | None:
    """With `new` articles found now: the newest gap counts for three tenths."""
    if not new or last_new_at is None:
        return gap
    newest = min(max((now - last_new_at) / new, SHORTEST), _LONGEST_GAP)
    return newest if gap is None else (1 - _WEIGHT) * gap + _WEIGHT * newest


def longest_silence(gap: timedelta | None) -> timedelta:
    """After so long without news something may be wrong."""
    if gap is None:
        return timedelta(days=30)
    return min(max(timedelta(days=4), 6 * gap), timedelta(days=90))


def stored(asks: Asks) -> dict[str, Any]:
    """What is kept of it with the source, for visits that bring no list."""
    return {
        "rest": int(asks.rest.total_seconds()),
        "quiet_hours": sorted(asks.quiet_hours),
        "quiet_days": sorted(asks.quiet_days),
    }


def from_stored(asks: Mapping[str, Any]) -> Asks:
    return Asks(
        rest=timedelta(seconds=asks.get("rest", 0)),
        quiet_hours=frozenset(asks.get("quiet_hours", ())),
        quiet_days=frozenset(asks.get("quiet_days", ())),
    )


_REREADS = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=48),
)
MOST_REREADS = 20  # of one article, whatever its list says
_BETWEEN_REREADS = timedelta(hours=1)
_WHILE_MISSING = timedelta(hours=6)
GONE_FOR = timedelta(hours=24)


def next_reread(first_seen_at: datetime, *, rereads: int, now: datetime) -> datetime | None:
    """When a page that was read is looked at again: less and less often, for two days."""
    if rereads >= MOST_REREADS:
        return None
    age = now - first_seen_at
    after = next((each for each in _REREADS if each > age + _BETWEEN_REREADS / 2), None)
    return first_seen_at + after if after else None


def reread_while_missing(
    missing_since: datetime, *, rereads: int, now: datetime
) -> datetime | None:
    """Until it was away for a day; a server that then fails is asked again."""
    if rereads >= MOST_REREADS:
        return None
    return max(min(now + _WHILE_MISSING, missing_since + GONE_FOR), now + _BETWEEN_REREADS)


def reread_because_listed_otherwise(*, rereads: int, now: datetime) -> datetime | None:
    """The first time at once; one that says something else each time is not believed for ever."""
    if rereads >= MOST_REREADS:
        return None
    return now if rereads == 0 else now + _BETWEEN_REREADS

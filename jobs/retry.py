"""When to try again. Pure."""

from datetime import datetime, timedelta

_SEND_WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
_LONGEST_VISIT_WAIT = timedelta(hours=6)
_LONGEST_OBEYED_WAIT = timedelta(days=1)


def next_attempt(attempts: int, *, now: datetime, told: timedelta | None = None) -> datetime:
    """When to send again after `attempts` tries; exactly when the platform said, if it did.

    It never gives up: the bulletin's expiry does.
    """
    if told is not None:
        return now + told
    position = min(max(attempts, 1), len(_SEND_WAITS)) - 1
    return now + _SEND_WAITS[position]


def next_visit(
    failures: int,
    *,
    interval: timedelta,
    now: datetime,
    retry_after: timedelta | None = None,
) -> datetime:
    """When to fetch a source or page again after `failures` in a row; 0 when it went well.

    What the server asked for is obeyed as the least wait, up to a day.
    """
    wait = interval
    for _ in range(failures):
        if wait >= _LONGEST_VISIT_WAIT:
            break
        wait = min(2 * wait, _LONGEST_VISIT_WAIT)
    if retry_after is not None:
        wait = max(wait, min(retry_after, _LONGEST_OBEYED_WAIT))
    return now + wait

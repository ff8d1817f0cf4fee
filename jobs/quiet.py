"""Quiet hours: when ordinary bulletins wait, and until when. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobs.vietnamese_date import VIETNAM


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From the one hour until the other, in Viet Nam; when both are the same there are none."""

    from_hour: int
    to_hour: int


def is_quiet(now: datetime, quiet: QuietHours) -> bool:
    hour = now.astimezone(VIETNAM).hour
    if quiet.from_hour <= quiet.to_hour:
        return quiet.from_hour <= hour < quiet.to_hour
    return hour >= quiet.from_hour or hour < quiet.to_hour


def ends_at(now: datetime, quiet: QuietHours) -> datetime:
    """When what is held back now may leave; outside quiet hours that is now."""
    if not is_quiet(now, quiet):
        return now
    local = now.astimezone(VIETNAM)
    end = local.replace(hour=quiet.to_hour, minute=0, second=0, microsecond=0)
    if end <= local:
        end += timedelta(days=1)
    return end.astimezone(UTC)

"""How often a feed asks to be read: ttl, skipHours, skipDays, the syndication module. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from jobs.sources.listing import Listing

LONGEST_REST = timedelta(days=1)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {  # web.resource.org/rss/1.0/modules/syndication
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_SKIP_HOURS = re.compile(r"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL | re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays>(.{0,1000}?)</skipDays>", re.DOTALL | re.IGNORECASE)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([a-z]+)\s*</day>", re.IGNORECASE)


def pace_of(text: str, channel: Mapping[str, Any]) -> Listing:
    """A listing without articles. rssboard.org/rss-specification: hours and days are in GMT."""
    hours = _SKIP_HOURS.search(text)
    days = _SKIP_DAYS.search(text)
    skipped = {int(hour) % 24 for hour in _HOUR.findall(hours[1] if hours else "")}
    named = {day.lower() for day in _DAY.findall(days[1] if days else "")}
    return Listing(
        articles=(),
        rest=min(LONGEST_REST, max(_ttl(channel), _period(channel))),
        quiet_hours=frozenset(skipped) if len(skipped) < 24 else frozenset(),  # noqa: PLR2004
        quiet_days=frozenset(_DAYS.index(day) for day in named & set(_DAYS)),
    )


def _ttl(channel: Mapping[str, Any]) -> timedelta:
    minutes = str(channel.get("ttl", "")).strip()
    return timedelta(minutes=int(minutes)) if re.fullmatch(r"\d{1,5}", minutes) else timedelta(0)


def _period(channel: Mapping[str, Any]) -> timedelta:
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    times = str(channel.get("sy_updatefrequency", "1")).strip()
    if period is None or not re.fullmatch(r"[1-9]\d{0,3}", times):
        return timedelta(0)
    return period / int(times)

"""How a bot deals with what is left of its month's messages. Pure."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from jobs.vietnamese_date import VIETNAM
from storage.records import BulletinKind, Spent, Usage

WARNED_PERCENT = 80
_SAVED_PERCENT = 95
_RESERVE_PERCENT = 2
_LEAST_RESERVE = 20  # messages
TRIED_AGAIN_AFTER = timedelta(days=1)  # nobody documents when a month ends for the platform


class Thrift(StrEnum):
    """How a bot deals with what is left of its month."""

    NONE = "none"
    NEWS_IN_DIGESTS = "news_in_digests"  # one a day for each reader
    RESERVED = "reserved"  # only replies and urgent notices; all news waits for a digest
    GONE = "gone"  # the platform takes nothing more


HELD_BACK = {
    Thrift.NONE: frozenset[BulletinKind](),
    Thrift.NEWS_IN_DIGESTS: frozenset({BulletinKind.ARTICLE}),
    Thrift.RESERVED: frozenset({BulletinKind.ARTICLE, BulletinKind.DIGEST}),
    Thrift.GONE: frozenset({BulletinKind.ARTICLE, BulletinKind.DIGEST}),
}


def month_of(now: datetime) -> str:
    """2026-11, in Viet Nam."""
    return f"{now.astimezone(VIETNAM):%Y-%m}"


def reserve_of(messages: int) -> int:
    """What is kept for replies and urgent notices."""
    usual = max(_LEAST_RESERVE, math.ceil(messages * _RESERVE_PERCENT / 100))
    return min(usual, messages // 2)


def percent_used(usage: Spent) -> int:
    return usage.used * 100 // max(1, usage.limits.messages)


def thrift(usage: Spent) -> Thrift:
    if usage.gone_at is not None:
        return Thrift.GONE
    if room(usage) <= 0:
        return Thrift.RESERVED
    if percent_used(usage) >= _SAVED_PERCENT:
        return Thrift.NEWS_IN_DIGESTS
    return Thrift.NONE


def thrift_at(usage: Spent, now: datetime) -> Thrift:
    """The same, but a bot that is GONE tries again once a day, as if it were not."""
    if usage.gone_at is not None and now >= usage.gone_at + TRIED_AGAIN_AFTER:
        return thrift(replace(usage, gone_at=None))
    return thrift(usage)


def room(usage: Spent) -> int:
    """Messages left above the reserve."""
    return usage.limits.messages - reserve_of(usage.limits.messages) - usage.used


class Resting(NamedTuple):
    """The bots for which deliveries wait on purpose."""

    gone: set[int]
    reserved: set[int]  # though not the urgent ones


def resting(usages: Sequence[Usage]) -> Resting:
    how = {each.bot.id: thrift(each) for each in usages}
    return Resting(
        gone={bot_id for bot_id, each in how.items() if each is Thrift.GONE},
        reserved={bot_id for bot_id, each in how.items() if each is Thrift.RESERVED},
    )

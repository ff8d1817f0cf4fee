"""How many messages of the month a bot has used, in Viet Nam's months."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Quota:
    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()  # by month: 2026-11
        self.received: Counter[str] = Counter()

    def used(self, now: datetime, *, counts_received: bool) -> int:
        month = month_of(now)
        return self.sent[month] + (self.received[month] if counts_received else 0)

    def note_sent(self, now: datetime) -> None:
        self.sent[month_of(now)] += 1

    def note_received(self, now: datetime) -> None:
        self.received[month_of(now)] += 1


def month_of(now: datetime) -> str:
    return f"{now.astimezone(VIET_NAM):%Y-%m}"

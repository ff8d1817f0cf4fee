"""How often a chat is answered in a day where each message costs the office one of its month.

Whoever plays with the bot must not use up what the news of all needs.
"""

from collections import Counter
from datetime import date, datetime
from typing import Final

from bot.commands.command import Reply, Request
from bot.commands.wording import contact_line, lines, paragraphs
from jobs.vietnamese_date import VIETNAM

_MOST_COUNTED: Final = 10_000


class DailyAnswers:
    """In memory: after a restart some more do no harm."""

    def __init__(self) -> None:
        self._day = date.min
        self._numbers: Counter[tuple[str, bool]] = Counter()  # by chat and importance

    def spared(
        self, request: Request, reply: Reply, *, is_important: bool = False
    ) -> Reply | None:
        """The last one of the day says so; then nothing is said but what is important, of which
        there may be as much again.
        """
        most = request.office.answers_a_day
        number = self._count((request.incoming.address.chat, is_important), request.now)
        if number > most:
            return None
        return reply if is_important or number < most else _last(request)

    def _count(self, what: tuple[str, bool], now: datetime) -> int:
        today = now.astimezone(VIETNAM).date()
        if today != self._day:
            self._day, self._numbers = today, Counter()
        if len(self._numbers) < _MOST_COUNTED or what in self._numbers:
            self._numbers[what] += 1
        return self._numbers[what]


def _last(request: Request) -> Reply:
    return Reply(
        text=paragraphs(
            "Hôm nay Bản tin đã trả lời nhiều lần, ngày mai sẽ trả lời tiếp. "
            "Vẫn có thể nhắn “dừng” hoặc “xóa dữ liệu”.",
            lines("Việc gấp xin liên hệ cơ quan.", contact_line(request.office)),
        )
    )

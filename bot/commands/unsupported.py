"""Who writes what the platform keeps back: greeted now and then, told how to be enrolled.

Zalo does so by law with what children and some people with disabilities write.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.commands.command import Incoming, Reply, Request
from bot.commands.enrol import NAME, code_of
from bot.commands.wording import addressed, bulletin_of, contact_line, lines, paragraphs

_EVERY: Final = timedelta(days=1)
_MOST_CHATS: Final = 10_000


class Greetings:
    """When each chat was greeted, in memory: after a restart one greeting more does no harm."""

    def __init__(self) -> None:
        self._greeted: dict[str, datetime] = {}

    def greet(self, request: Request) -> Reply | None:
        """None: lately done, or in a group, where nobody can know what was said to whom."""
        if request.in_group or not self._is_time(request.incoming, request.now):
            return None
        return _greeting(request)

    def _is_time(self, incoming: Incoming, now: datetime) -> bool:
        chat = incoming.address.chat
        last = self._greeted.pop(chat, None)
        is_time = last is None or now - last >= _EVERY
        if len(self._greeted) >= _MOST_CHATS:
            del self._greeted[next(iter(self._greeted))]
        self._greeted[chat] = now if last is None or is_time else last
        return is_time


def _greeting(request: Request) -> Reply:
    office = request.office
    bulletin = bulletin_of(office)
    if request.is_subscribed:
        hello = addressed(office, f"{{You}} đang nhận {bulletin}.")
        wish, act = "Muốn dừng nhận tin", "dừng giúp"
    else:
        hello, wish, act = f"Đây là {bulletin}.", "Muốn nhận tin", "ghi danh giúp"
    return Reply(
        text=paragraphs(
            f"{hello} Bản tin không đọc được tin nhắn vừa rồi.",
            f"{wish}, xin chuyển tiếp tin nhắn này cho cơ quan để được {act}.",
            lines(
                contact_line(office),
                "Cơ quan gửi cho Bản tin dòng này:",
                f"/{NAME} {code_of(request.incoming)}",
            ),
        )
    )

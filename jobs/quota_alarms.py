"""What the admins are told of a bot's limits: each once, before it is too late and when it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from jobs.messenger import PLATFORM_NAMES
from jobs.new_bulletin import LIFETIME
from jobs.text import with_dots
from jobs.thrift import WARNED_PERCENT, Thrift, percent_used, reserve_of, thrift
from storage.records import Usage

QUOTA_GONE: Final = "quota_gone"
_LOW, _DIGESTS, _RESERVED, _FULL = "quota_low", "quota_digests", "quota_reserved", "bot_full"
QUOTA_ALARMS: Final = frozenset({QUOTA_GONE, _LOW, _DIGESTS, _RESERVED, _FULL})
QUIETLY_OVER: Final = QUOTA_ALARMS - {QUOTA_GONE}  # a new month is no news

NOTICES_WAIT: Final = (
    f"thông báo thường chờ nhiều nhất {LIFETIME.days} ngày, quá hạn thì không gửi nữa và được ghi "
    "trong báo cáo"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaAlarm:
    kind: str
    subject: str
    text: str


def quota_alarms(usages: Iterable[Usage]) -> list[QuotaAlarm]:
    return [
        QuotaAlarm(kind=kind, subject=f"{usage.bot.id}{more}", text=text)
        for usage in usages
        for kind, more, text in (*_of_month(usage), *_of_people(usage))
    ]


def bot_words(usage: Usage) -> str:
    """Offices with several bots often name them alike."""
    return f"bot {PLATFORM_NAMES[usage.bot.platform]} {usage.bot.name} ({usage.bot.account})"


def month_words(usage: Usage) -> str:
    """tháng 11"""
    return f"tháng {int(usage.month[5:])}"


def next_month_words(usage: Usage) -> str:
    """01/12"""
    return f"01/{int(usage.month[5:]) % 12 + 1:02}"


def used_words(usage: Usage) -> str:
    return f"{with_dots(usage.used)}/{with_dots(usage.limits.messages)}"


def _of_month(usage: Usage) -> list[tuple[str, str, str]]:
    found = []
    bot, month = bot_words(usage), month_words(usage)
    match thrift(usage):
        case Thrift.GONE:
            text = (
                f"Nền tảng báo {bot} đã hết số tin của {month}. Việc gửi qua bot này tạm dừng, "
                f"mỗi ngày tự thử lại một lần, và tự tiếp tục từ ngày {next_month_words(usage)}. "
                f"Tin được giữ lại để gửi gộp; {NOTICES_WAIT}. "
                "Nếu cơ quan đã có thêm hạn mức, có thể cho gửi tiếp ngay: /hanmuc"
            )
            return [(QUOTA_GONE, "", text)]
        case Thrift.RESERVED:
            kept = reserve_of(usage.limits.messages)
            text = (
                f"Số tin còn lại trong {month} của {bot} chỉ còn đủ để gửi thông báo khẩn và đáp "
                f"lời người nhắn ({kept} tin). Tin được giữ lại để gửi gộp từ ngày "
                f"{next_month_words(usage)}; {NOTICES_WAIT}."
            )
            found.append((_RESERVED, "", text))
        case Thrift.NEWS_IN_DIGESTS:
            text = (
                f"Số tin trong {month} của {bot} sắp hết ({used_words(usage)}). Từ nay đến hết "
                "tháng, tin thường được gộp thành một bản tổng hợp mỗi ngày; thông báo vẫn được "
                "gửi ngay."
            )
            found.append((_DIGESTS, "", text))
        case Thrift.NONE:
            pass
    if percent_used(usage) >= WARNED_PERCENT:
        text = (
            f"Trong {month}, {bot} đã dùng {WARNED_PERCENT} % số tin được phép. "
            "Khi dùng đến 95 %, tin thường sẽ được gộp thành một bản tổng hợp mỗi ngày."
        )
        found.append((_LOW, "", text))
    return found


def _of_people(usage: Usage) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for more, number, most, unit in (
        (":people", usage.people, usage.limits.people, "người"),
        (":groups", usage.groups, usage.limits.groups, "nhóm"),
    ):
        if number >= most:
            text = (
                f"Hiện {bot_words(usage)} đã có {number}/{most} {unit}. Thêm {unit} mới "
                "có thể không được nền tảng nhận: cần tạo thêm một bot nữa."
            )
            found.append((_FULL, more, text))
    return found

"""What the admins must be told of sources: ill, silent, or with too much news at once. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.bulletin_text import show_moment
from jobs.rhythm import longest_silence
from storage.records import Flood, Health, Source

ILL, SILENT, FLOOD = "source_ill", "source_silent", "source_flood"
TROUBLES = (ILL, SILENT, FLOOD)

# a portal's bad minute is over by the third visit
_VISITS_ILL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    kind: str
    subject: str  # the source's id
    text: str


def troubles(sources: Sequence[Source], floods: Iterable[Flood], now: datetime) -> list[Trouble]:
    """All that is wrong now; what is not in it any more is over."""
    found = [each for source in sources for each in (_ill(source), _silent(source, now)) if each]
    return found + [_flood(flood) for flood in floods]


def is_ill(source: Source) -> bool:
    return source.health not in (Health.NEW, Health.OK)


def _ill(source: Source) -> Trouble | None:
    if not is_ill(source) or source.failures < _VISITS_ILL:
        return None
    last_ok = source.last_ok_at
    since = f"từ sau {show_moment(last_ok)}" if last_ok else "từ khi được thêm"
    text = f"Nguồn tin “{source.name}” không đọc được {since}. {source.health_reason}"
    return Trouble(kind=ILL, subject=str(source.id), text=text)


def _silent(source: Source, now: datetime) -> Trouble | None:
    """One that is ill is no silent one: nobody knows what it says."""
    since = source.last_new_at or source.baseline_at
    if since is None or is_ill(source):
        return None
    gap = timedelta(seconds=source.gap_seconds) if source.gap_seconds is not None else None
    if now - since <= longest_silence(gap):
        return None
    days = (now - since).days
    text = (
        f"Nguồn tin “{source.name}” đã {days} ngày không có tin mới, lâu hơn thường lệ. "
        f"Hãy mở {source.url} xem cổng thông tin có chuyển sang địa chỉ khác không."
    )
    return Trouble(kind=SILENT, subject=str(source.id), text=text)


def _flood(flood: Flood) -> Trouble:
    text = (
        f"Nguồn tin “{flood.source_name}” có {flood.articles} tin mới cùng lúc nên đang được"
        " giữ lại, chưa gửi cho ai. Gửi hay bỏ: /nguon"
    )
    return Trouble(kind=FLOOD, subject=str(flood.source_id), text=text)

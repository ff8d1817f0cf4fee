"""Dates as Vietnamese portals write them: day first, Vietnam's time unless said otherwise. Pure.

The forms are those of Liferay's and NukeViet's code, Java's vi_VN locales, RFC 822, ISO 8601.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from storage.records import Precision

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EARLIEST_YEAR = 2005
LATEST = timedelta(days=2)  # after now: portals announce, and clocks differ
LONGEST = 300  # characters of a string that may be a date
LONGEST_OFFSET = timedelta(hours=14)

_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12
}  # fmt: skip
_ENGLISH = "(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPELT = "gieng|muoi mot|muoi hai|muoi|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin|chap"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_MONTH = rf"(?P<m>\d{{1,2}}|{_SPELT})\b"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})[\s,/-]*(?:thang|thg\.?|th\.?)\s*{_MONTH}[\s,/-]*(?:nam\s*)?{_YEAR}"
    ),
    # WordPress in Vietnamese: "Tháng Ba 16, 2021"
    re.compile(rf"\bthang\s+(?P<m>{_SPELT})\s+(?P<d>\d{{1,2}}),?\s+{_YEAR}"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s*(?P<s>[/.-])\s*(?P<m>\d{{1,2}})\s*(?P=s)\s*{_YEAR}"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})[\s-]+{_ENGLISH}\.?[\s,-]+(?P<y>\d{{4}}|\d{{2}})(?![\d:])"
    ),
    re.compile(
        rf"\b{_ENGLISH}\.?\s+(?P<d>\d{{1,2}}),?\s+(?:[\d:]+\s+)?(?:[a-z]{{3,4}}\s+)?{_YEAR}"
    ),
)
_TIME = re.compile(
    r"(?<![\d:+])(?P<h>\d{1,2})\s*(?:[:h]|g(?:io)?)\s*(?P<min>\d{2})(?!\d)"
    r"(?:\s*(?::|'|phut)\s*(?P<sec>\d{2})(?!\d)(?:[.,]\d+)?|\s*phut)?"
    r"(?:\s*(?P<half>sa|ch|am|pm|sang|chieu|toi)\b)?"
    r"(?:\s*(?P<zulu>z)\b|\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?)(?![\d/.-]))?"
)
_HOUR = re.compile(r"(?<![\d:+])(?P<h>\d{1,2})\s*(?:h|gio)\b(?:\s*(?P<half>sang|chieu|toi)\b)?")
_NAMED_OFFSET = re.compile(r"\b(?:gmt|utc)\s*(?P<offset>[+-]\s*\d{1,2}(?::?\d{2})?)(?!\d)")
_ZONES = {  # hours; RFC 822, and Indochina Time, which Java writes
    "gmt": 0, "utc": 0, "ut": 0, "ict": 7,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7
}  # fmt: skip
_ZONE = re.compile(r"\b(?:{})\b".format("|".join(_ZONES)))
# NukeViet writes date('Y-m-dTH:i:s'), and PHP reads T as the zone
_NUKEVIET = re.compile(r"(\d{4}-\d\d-\d\d)([+-]\d\d)(\d\d:\d\d:\d\d)")
_DAY_IN_PATH = re.compile(r"/(20\d\d)[-/](\d{1,2})[-/](\d{1,2})(?=/|-\D)")
_BESIDE_A_DATE = frozenset({
    "t", "z", "da", "xuat", "ban", "duoc", "dang", "tai", "tin", "bai", "ngay", "gio", "luc",
    "vao", "cap", "nhat", "lan", "cuoi", "thoi", "gian", "tao", "published", "posted",
    "updated", "on", "at", "date", "thu", "hai", "ba", "tu", "nam", "sau", "bay", "chu", "t2",
    "t3", "t4", "t5", "t6", "t7", "th", "cn", "mon", "tue", "wed", "fri", "sat", "sun", "sang",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "chieu", "toi", "luot", "xem", "views", "2", "3", "4", "5", "6", "7"
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDate:
    at: datetime  # aware UTC; what is not known is zero, in Vietnam's time
    precision: Precision


def parse_date(raw: str, *, now: datetime) -> PublishedDate | None:
    """What a date string says; None unless it lies between 2005 and the day after tomorrow."""
    text = _NUKEVIET.sub(r"\1t\3\2", _bare(raw[:LONGEST]))
    published = text.partition("xuat ban")[2]  # Liferay: "Đã tạo … - Đã xuất bản … - Đã hết hạn …"
    text = published if _day_in(published) else text
    day = _day_in(text)
    if day is None or not EARLIEST_YEAR <= day.year <= now.year + 1:
        return None
    at, precision = _with_time(day, text)
    if at > now + LATEST or at.year < EARLIEST_YEAR:
        return None
    return PublishedDate(at=at.astimezone(UTC), precision=precision)


def find_day(text: str, *, now: datetime) -> PublishedDate | None:
    """The first day named in running text; hours in it are of something else."""
    day = _day_in(_bare(text[:LONGEST]))
    if day is None or not EARLIEST_YEAR <= day.year <= now.year + 1:
        return None
    at = day.replace(tzinfo=VIETNAM).astimezone(UTC)
    return PublishedDate(at=at, precision=Precision.DAY) if at <= now else None


def day_in_address(url: str, *, now: datetime) -> PublishedDate | None:
    """As /2026/05/12/ or /2026-5-12/ in a path: WordPress and SharePoint portals file by day."""
    found = _DAY_IN_PATH.search(url.partition("?")[0])
    return find_day("-".join(found.groups()), now=now) if found else None


def is_only_date(line: str) -> bool:
    """Whether it is a date and what stands beside one: a weekday, a label, a count of views."""
    if len(line) > LONGEST // 3 or not re.search(r"\d", line):
        return False
    text = _bare(line)
    if _day_in(text) is None:
        return False
    for pattern in (*_DATES, _NAMED_OFFSET, _TIME, _HOUR, _ZONE):
        text = pattern.sub(" ", text)
    text = re.sub(r"[\d.,]+\s*(?:luot )?xem|xem:? *[\d.,]+", " ", text)
    text = re.sub(r"^\W*\d[\d.,]*\s*$", "", text)  # an eye was drawn before it
    return all(word in _BESIDE_A_DATE for word in re.findall(r"\w+", text))


def _bare(raw: str) -> str:
    """Lower case, no marks, one kind of space; punctuation stays."""
    marks = unicodedata.normalize("NFKD", raw.lower()).replace("đ", "d")
    return " ".join("".join(c for c in marks if not unicodedata.combining(c)).split())


def _day_in(text: str) -> datetime | None:
    """The first possible day, as naive midnight."""
    found = [match for match in (pattern.search(text) for pattern in _DATES) if match]
    for match in sorted(found, key=re.Match.start):
        month, year = match["m"], int(match["y"])
        try:
            return datetime(  # noqa: DTZ001  the zone is read later
                year=year if year > 99 else 2000 + year,  # noqa: PLR2004
                month=int(month) if month.isdecimal() else _MONTHS[month],
                day=int(match["d"]),
            )
        except ValueError:
            continue
    return None


def _with_time(day: datetime, text: str) -> tuple[datetime, Precision]:
    """`day` with the time and zone the text adds; an impossible time adds nothing."""
    match = _TIME.search(text) or _HOUR.search(text)
    if match is None:
        return day.replace(tzinfo=VIETNAM), Precision.DAY
    parts = match.groupdict()
    hour = _hour(int(parts["h"]), parts["half"] or "")
    try:
        timed = day.replace(
            hour=hour, minute=int(parts.get("min") or 0), second=int(parts.get("sec") or 0)
        )
    except ValueError:
        return day.replace(tzinfo=VIETNAM), Precision.DAY
    if not parts.get("min"):
        return timed.replace(tzinfo=_zone(text, parts)), Precision.HOUR
    precision = Precision.SECOND if parts.get("sec") else Precision.MINUTE
    return timed.replace(tzinfo=_zone(text, parts)), precision


def _hour(hour: int, half: str) -> int:
    if half in ("ch", "pm", "chieu", "toi"):
        return hour + 12 if hour < 12 else hour  # noqa: PLR2004
    return 0 if half in ("sa", "am") and hour == 12 else hour  # noqa: PLR2004


def _zone(text: str, time: dict[str, str | None]) -> tzinfo:
    named = _NAMED_OFFSET.search(text)  # as people write it: GMT+7 is seven hours ahead
    if offset := named["offset"] if named else time.get("offset"):
        return _offset(offset)
    if time.get("zulu"):
        return UTC
    zone = _ZONE.search(text)
    return timezone(timedelta(hours=_ZONES[zone[0]])) if zone and zone[0] != "ict" else VIETNAM


def _offset(written: str) -> tzinfo:
    digits = re.sub(r"\D", "", written)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # noqa: PLR2004
    size = timedelta(hours=int(hours), minutes=int(minutes))
    if size > LONGEST_OFFSET:
        return VIETNAM
    return timezone(-size if written.startswith("-") else size)

"""Dates as portals write them."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.vietnamese_date import VIETNAM, day_in_address, find_day, is_only_date, parse_date
from storage.records import Precision

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)

WRITTEN = [
    # Liferay and Java's Vietnamese locales
    ("16/03/2021", "2021-03-16", "day"),
    ("6/3/2021", "2021-03-06", "day"),
    ("16-03-2021", "2021-03-16", "day"),
    ("16.03.2021", "2021-03-16", "day"),
    ("16 / 03 / 2021", "2021-03-16", "day"),
    ("Đã xuất bản 12/05/2026", "2026-05-12", "day"),
    ("Ngày xuất bản: 12/05/2026", "2026-05-12", "day"),
    ("Đã tạo 10/05/2026 - Đã xuất bản 12/05/2026", "2026-05-12", "day"),
    ("Đã xuất bản 11/05/2026 - Đã hết hạn 12/05/2026", "2026-05-11", "day"),
    ("Ngày 16 tháng 3 năm 2021", "2021-03-16", "day"),
    ("ngày 16 tháng 03 năm 2021", "2021-03-16", "day"),
    ("Thứ ba, ngày 16 tháng ba năm 2021", "2021-03-16", "day"),
    ("ngày 16 tháng tư năm 2021", "2021-04-16", "day"),
    ("ngày 16 tháng năm năm 2021", "2021-05-16", "day"),
    ("ngày 16 tháng năm 2021", "2021-05-16", "day"),
    ("ngày 2 tháng chín năm 2025", "2025-09-02", "day"),
    ("ngày 16 tháng mười năm 2021", "2021-10-16", "day"),
    ("ngày 16 tháng mười một năm 2021", "2021-11-16", "day"),
    ("ngày 16 tháng mười hai năm 2021", "2021-12-16", "day"),
    ("ngày 16 tháng giêng năm 2021", "2021-01-16", "day"),
    ("16 thg 3, 2021", "2021-03-16", "day"),
    ("16 thg 03 2021", "2021-03-16", "day"),
    ("16 tháng 3, 2021", "2021-03-16", "day"),
    ("Thứ Ba, 16 tháng 3, 2021", "2021-03-16", "day"),
    ("14:05, 16/03/2021", "2021-03-16T14:05", "minute"),
    ("14:05:09 16-03-2021", "2021-03-16T14:05:09", "second"),
    ("16 thg 3 2021 - 14:05:09", "2021-03-16T14:05:09", "second"),
    ("Th 3, 16 thg 3 2021 14:05:09 ICT", "2021-03-16T14:05:09", "second"),
    ("Tue Mar 16 14:05:09 ICT 2021", "2021-03-16T14:05:09", "second"),
    # as themes and editors write
    ("Thứ Hai, 11/05/2026 09:20 [GMT+7]", "2026-05-11T09:20", "minute"),
    ("Thứ Hai, 11/05/2026 09:20 (GMT+7)", "2026-05-11T09:20", "minute"),
    ("11/05/2026 09:20 GMT+7", "2026-05-11T09:20", "minute"),
    ("11/05/2026 GMT+07:00 09:20", "2026-05-11T09:20", "minute"),
    ("11/05/2026 09:20 UTC+7", "2026-05-11T09:20", "minute"),
    ("11/05/2026 09:20 GMT-5", "2026-05-11T21:20", "minute"),
    ("Thứ ba - 16/03/2021 14:05", "2021-03-16T14:05", "minute"),
    ("Chủ nhật, 14/03/2021 | 08:00", "2021-03-14T08:00", "minute"),
    ("(Ngày 04/05/2026, 07:30 SA)", "2026-05-04T07:30", "minute"),
    ("04/05/2026 02:05 CH", "2026-05-04T14:05", "minute"),
    ("04/05/2026 12:30 SA", "2026-05-04T00:30", "minute"),
    ("04/05/2026 12:30 CH", "2026-05-04T12:30", "minute"),
    ("04/05/2026 2:05:09 PM", "2026-05-04T14:05:09", "second"),
    ("04/05/2026 9:05 AM", "2026-05-04T09:05", "minute"),
    ("04/05/2026 14:05 CH", "2026-05-04T14:05", "minute"),
    ("Cập nhật lúc 14h05 ngày 16/3/2021", "2021-03-16T14:05", "minute"),
    ("14 giờ 05 phút, ngày 16/3/2021", "2021-03-16T14:05", "minute"),
    ("2 giờ 05 chiều 16/3/2021", "2021-03-16T14:05", "minute"),
    ("14 giờ ngày 16/3/2021", "2021-03-16T14", "hour"),
    ("16/03/2021 14h", "2021-03-16T14", "hour"),
    ("16/03/2021 - 25:61", "2021-03-16", "day"),
    ("Đăng ngày 16/03/2021 - 1.207 lượt xem", "2021-03-16", "day"),
    ("Tháng Ba 16, 2021", "2021-03-16", "day"),
    ("Tháng Mười Hai 6, 2021", "2021-12-06", "day"),
    ("16 Tháng Ba, 2021", "2021-03-16", "day"),
    ("T3, 16/03/2021", "2021-03-16", "day"),
    ("Thứ Ba, ngày 16/03/2021, 14 giờ 05", "2021-03-16T14:05", "minute"),
    ("14:05 | 16/03/2021", "2021-03-16T14:05", "minute"),
    ("ngày 16 tháng 3 năm 2021 lúc 14 giờ 05 phút", "2021-03-16T14:05", "minute"),
    ("Đăng lúc: 16-03-2021 02:05:00 PM", "2021-03-16T14:05:00", "second"),
    ("8h30 16/3/2021", "2021-03-16T08:30", "minute"),
    ("16-Mar-2021", "2021-03-16", "day"),
    ("Mar 16, 2021, 2:05:09 PM", "2021-03-16T14:05:09", "second"),
    ("2021-03-16 14:05:09.0", "2021-03-16T14:05:09", "second"),
    # feeds
    ("Tue, 12 May 2026 07:05:09 GMT", "2026-05-12T14:05:09", "second"),
    ("Tue, 12 May 2026 07:05:09 +0700", "2026-05-12T07:05:09", "second"),
    ("Tue, 12 May 2026 07:05:09 +07:00", "2026-05-12T07:05:09", "second"),
    ("12 May 2026 07:05 +0000", "2026-05-12T14:05", "minute"),
    ("Tue, 12 May 2026 07:05:09", "2026-05-12T07:05:09", "second"),
    ("Tue, 16 Mar 2021 14:05:09 EST", "2021-03-17T02:05:09", "second"),
    ("Tue, 16 Mar 21 14:05:09 +0700", "2021-03-16T14:05:09", "second"),
    ("May 12, 2026", "2026-05-12", "day"),
    ("2021-03-16T14:05:09+07:00", "2021-03-16T14:05:09", "second"),
    ("2021-03-16T14:05:09+0700", "2021-03-16T14:05:09", "second"),
    ("2021-03-16T14:05:09+07", "2021-03-16T14:05:09", "second"),
    ("2021-03-16T07:05:09Z", "2021-03-16T14:05:09", "second"),
    ("2021-03-16T07:05:09.123Z", "2021-03-16T14:05:09", "second"),
    ("2021-03-16 14:05:09", "2021-03-16T14:05:09", "second"),
    ("2021-03-16T14:05", "2021-03-16T14:05", "minute"),
    ("2021-03-16", "2021-03-16", "day"),
    ("2021/03/16", "2021-03-16", "day"),
    ("2021-03-16T20:05:09-05:00", "2021-03-17T08:05:09", "second"),
    ("2021-03-16+0714:05:09", "2021-03-16T14:05:09", "second"),
]
FORMS: list[Literal["NFC", "NFD"]] = ["NFC", "NFD"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("written", "said", "precision"), WRITTEN)
def test_a_date_is_read_as_vietnamese_readers_read_it(
    written: str, said: str, precision: str, form: Literal["NFC", "NFD"]
) -> None:
    date = parse_date(unicodedata.normalize(form, written), now=NOW)
    assert date
    assert date.at.tzinfo is UTC
    assert date.at.astimezone(VIETNAM).isoformat().startswith(said)
    assert date.precision == precision


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hôm nay",
        "2 giờ trước",
        "16/03",
        "tháng 3 năm 2021",
        "31/02/2021",
        "05/16/2021",
        "0/0/2021",
        "0001-01-01T00:00:00Z",
        "2126-04-28T10:00:00+07:00",
        "31/12/2004",
        "15/05/2026",
        "99/99/9999",
        "Số 12/2021/QĐ-UBND",
        "192.168.1.2021",
        "0299 000 123",
    ],
)
def test_what_is_no_date_or_an_impossible_one_says_nothing(written: str) -> None:
    assert parse_date(written, now=NOW) is None


def test_a_day_is_kept_as_its_midnight_in_viet_nam() -> None:
    date = parse_date("12/05/2026", now=NOW)
    assert date
    assert date.at == datetime(2026, 5, 11, 17, tzinfo=UTC)


def test_a_date_may_lie_two_days_ahead_and_no_further() -> None:
    assert parse_date((NOW + timedelta(days=2)).isoformat(), now=NOW)
    assert parse_date((NOW + timedelta(days=2, minutes=1)).isoformat(), now=NOW) is None


def test_hours_in_running_text_belong_to_something_else() -> None:
    date = find_day("Sáng ngày 12/05/2026, họp trước 16 giờ 30", now=NOW)
    assert date
    assert (date.at.astimezone(VIETNAM).hour, date.precision) == (0, Precision.DAY)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/05/12/tin/", "2026-05-12"),
        ("https://a.example/portal/Pages/2026-5-2/Tin-21x.aspx", "2026-05-02"),
        ("https://a.example/tin/2026-05-12-hop-bao.html", "2026-05-12"),
        ("https://a.example/2026/05/32/tin/", None),
        ("https://a.example/2027/05/12/tin/", None),
        ("https://a.example/?d=/2026/05/12/", None),
        ("https://a.example/van-ban/2026/05", None),
    ],
)
def test_an_address_may_tell_the_day(url: str, day: str | None) -> None:
    date = day_in_address(url, now=NOW)
    assert (date.at.astimezone(VIETNAM).strftime("%Y-%m-%d") if date else None) == day


def test_a_day_still_to_come_is_not_when_a_text_was_published() -> None:
    assert find_day("Ngày 13/05/2026, huyện sẽ tổ chức hội nghị", now=NOW) is None


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("Thứ Ba, 12/05/2026 15:31 [GMT+7]", True),
        ("Đã xuất bản 12/05/2026", True),
        ("Đăng ngày 12/05/2026 - Lượt xem: 1.137", True),
        ("Tuesday, March 16, 2021", True),
        ("2026-05-12T14:05:09+07:00", True),
        ("Họp ngày 12/05/2026", False),
        ("Sáng ngày 12/05/2026, Huyện ủy họp bàn.", False),
        ("Thứ Ba", False),
    ],
)
def test_a_line_that_is_only_a_date_is_told_from_a_sentence(line: str, is_date: bool) -> None:
    assert is_only_date(line) is is_date


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("0123456789/-:., +TZhg thangnămgờSACHGMT"), max_size=60))
def test_no_string_of_the_parts_of_dates_is_too_much(raw: str) -> None:
    date = parse_date(raw, now=NOW)
    assert date is None or datetime(2004, 12, 31, tzinfo=UTC) <= date.at <= NOW + timedelta(days=2)
    is_only_date(raw)
    find_day(raw, now=NOW)

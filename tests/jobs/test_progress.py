"""What the author of a broadcast reads while it goes out and afterwards."""

from datetime import UTC, datetime

import pytest

from jobs.progress import Report, status_of, status_text
from jobs.quiet import QuietHours
from storage.records import Bulletin, BulletinKind, DeliveryState, Reason, Urgency

NOW = datetime(2026, 11, 12, 1, 31, tzinfo=UTC)  # 08:31 in Viet Nam
NIGHT = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)  # 22:00
QUIET = QuietHours(from_hour=21, to_hour=6)


def a_bulletin(
    *, given_out: bool = True, stopped: bool = False, urgency: Urgency = Urgency.ORDINARY
) -> Bulletin:
    return Bulletin(
        id=1,
        kind=BulletinKind.BROADCAST,
        content_key="k",
        code="P2X-9QF",
        author_id=None,
        urgency=urgency,
        not_before=NOW,
        expires_at=NOW,
        corrects_id=None,
        created_at=NOW,
        fanned_out_at=NOW if given_out else None,
        cancelled_at=NOW if stopped else None,
        is_paid=False,
        settled_at=None,
        offered_at=None,
    )


def shown(report: Report, bulletin: Bulletin, now: datetime = NOW) -> str:
    status = status_of(report, bulletin)
    return status_text(status, bulletin, now=now, per_second=30, quiet=QUIET)


GOING_OUT: Report = {
    (DeliveryState.SENT, None): 640,
    (DeliveryState.QUEUED, None): 630,
    (DeliveryState.SENDING, None): 8,
    (DeliveryState.UNSURE, Reason.UNCONFIRMED): 3,
    (DeliveryState.FAILED, Reason.CHAT_GONE): 3,
}


def test_before_it_is_given_out() -> None:
    assert shown({}, a_bulletin(given_out=False)) == "Đang chuẩn bị gửi thông báo (Mã P2X-9QF)."


def test_while_it_goes_out() -> None:
    assert shown(GOING_OUT, a_bulletin()) == "Đã gửi 640/1.284 · lỗi 3 · còn khoảng 21 giây"


def test_in_quiet_hours_it_says_until_when() -> None:
    text = "Đã gửi 640/1.284 · lỗi 3\nĐang giờ nghỉ: sẽ gửi tiếp lúc 06:00."
    assert shown(GOING_OUT, a_bulletin(), NIGHT) == text
    assert "còn khoảng" in shown(GOING_OUT, a_bulletin(urgency=Urgency.URGENT), NIGHT)


def test_the_report_counts_to_the_person() -> None:
    report: Report = {
        (DeliveryState.SENT, None): 1262,
        (DeliveryState.FAILED, Reason.CHAT_GONE): 19,
        (DeliveryState.FAILED, Reason.UNCONFIRMED): 3,
    }
    assert shown(report, a_bulletin()).splitlines() == [
        "Xong lúc 08:31 ngày 12/11/2026 (Mã P2X-9QF).",
        "Đã gửi tới 1.262/1.284.",
        "Không gửi được 22: 19 đã chặn hoặc xóa Bản tin, 3 chưa rõ đã nhận hay chưa.",
    ]


def test_a_stopped_broadcast_says_how_many_did_not_get_it() -> None:
    report: Report = {
        (DeliveryState.SENT, None): 640,
        (DeliveryState.CANCELLED, Reason.STOPPED): 644,
    }
    assert shown(report, a_bulletin(stopped=True)).splitlines() == [
        "Đã dừng lúc 08:31 ngày 12/11/2026 (Mã P2X-9QF).",
        "Đã gửi tới 640/1.284.",
        "Chưa gửi, đã hủy: 644.",
    ]


def test_nobody_to_send_to_is_said() -> None:
    assert "Không có người nhận" in shown({}, a_bulletin())


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.UNSURE])
def test_it_is_not_finished_while_something_waits(state: DeliveryState) -> None:
    assert not status_of({(state, None): 1}, a_bulletin()).is_finished

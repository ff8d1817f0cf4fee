"""Shorter forms of a sentence: what may go and what never goes. The news is invented."""

import pytest

from jobs.summary.piece import Piece
from jobs.summary.tracing import stands
from jobs.summary.trimming import (
    finished,
    shorter,
    without_connective,
    without_setting,
)
from storage.records import TextSpan


def a_piece(text: str) -> Piece:
    return Piece(text=text, spans=(TextSpan(paragraph=0, start=0, length=len(text)),))


def forms(text: str, limit: int = 350) -> list[str]:
    return [form.text for form in shorter(a_piece(text), limit)]


MAY_GO = [
    (
        "UBND xã Tân Lựu ra quân làm thủy lợi nội đồng, nhằm bảo đảm nước tưới cho lúa Hè Thu.",
        "UBND xã Tân Lựu ra quân làm thủy lợi nội đồng.",
    ),
    (
        "Hội trao nhà cho bà Sa Rinh (58 tuổi, ấp Ô Răng) và tặng bà một số vật dụng gia đình.",
        "Hội trao nhà cho bà Sa Rinh và tặng bà một số vật dụng gia đình.",
    ),
    (
        "Toàn xã huy động được 286,4 tỷ đồng; bê tông hóa 47,6 km đường; thu nhập đạt 62,5 triệu.",
        "Toàn xã huy động được 286,4 tỷ đồng; bê tông hóa 47,6 km đường.",
    ),
    (
        "Sau ba tháng sáp nhập Vĩnh Sậy, Lạc Đài, tính đến ngày 30/9, xã giải quyết 4.118 hồ sơ.",
        "Tính đến ngày 30/9, xã giải quyết 4.118 hồ sơ.",
    ),
    (
        "Bí thư yêu cầu các xã xong đại hội điểm trước ngày 25/4 và hoàn thành báo cáo gửi huyện.",
        "Bí thư yêu cầu các xã xong đại hội điểm trước ngày 25/4.",
    ),
    (
        "Đại hội có sự tham gia đông đủ của hội viên với sự tham dự của 125 đại biểu.",
        "Đại hội có sự tham gia đông đủ của hội viên.",
    ),
]


@pytest.mark.parametrize(("text", "short"), MAY_GO)
def test_what_may_go(text: str, short: str) -> None:
    assert short in forms(text)


NEVER_GOES = [
    (
        "a contrast",
        "Huyện họp bàn giữ 4.200 ha lúa, nhưng chưa thống nhất được mức hỗ trợ cho dân.",
    ),
    ("however", "Mười một xã đã hoàn thành kế hoạch; tuy nhiên hai xã còn chậm so với yêu cầu."),
    ("an exception", "Các chi bộ đại hội xong trong tháng 5, trừ các chi bộ mới được thành lập."),
    (
        "a condition",
        "Xã sẽ hỗ trợ 5 triệu đồng mỗi hộ, nếu hộ có đơn gửi trước ngày 30/4 năm nay.",
    ),
    (
        "a negation",
        "Huyện giao chỉ tiêu cho từng xã để phấn đấu, với yêu cầu không chạy thành tích.",
    ),
    ("not yet", "Huyện đã bố trí đủ vốn cho ba tuyến đường, trong đó tuyến số 2 chưa giải ngân."),
    (
        "an attribution",
        "Nước lũ sẽ rút hẳn trong vòng ba ngày tới, theo Đài Khí tượng Thủy văn tỉnh.",
    ),
    ("who said it", "Xã sẽ thiếu nước trong tháng tới, đồng thời bà Lan cho biết giếng đã cạn."),
    (
        "a document",
        "Huyện ủy ban hành kế hoạch chuẩn bị đại hội, trên cơ sở Kế hoạch số 125-KH/HU.",
    ),
    ("its number", "Xã nhận văn bản của Huyện ủy về công tác nhân sự (Công văn số 12-CV/HU)."),
    ("the day", "Sáng nay (11/8) xã bàn giao nhà Đại đoàn kết cho hộ nghèo của ấp Ô Răng."),
    (
        "a list's end",
        "Hội nghị thông qua ba nội dung lớn gồm: quy chế làm việc; kế hoạch; nhân sự.",
    ),
    ("a person's title", "Ông Phan Đình Khởi, Chủ tịch UBND xã, cho biết xã đã nhận 40 hồ sơ."),
    ("half a quotation", "Bà nói “năm nay được mùa, nhằm lúc giá cao” trước các đại biểu dự họp."),
    ("a range of days", "Các xã nghỉ lễ trong hai ngày là ngày 30/4 và ngày 01/5 theo quy định."),
]


@pytest.mark.parametrize("text", [text for _, text in NEVER_GOES], ids=[i for i, _ in NEVER_GOES])
def test_what_never_goes(text: str) -> None:
    assert forms(text) == []


def test_no_form_ends_in_the_middle() -> None:
    assert (
        forms("Thực hiện chủ trương lớn ấy, nhằm nâng cao đời sống của Nhân dân trong xã.") == []
    )
    assert forms("Hội nghị do và với sự tham dự của 125 đại biểu trong toàn huyện Vàm Sậy.") == []


@pytest.mark.parametrize("text", [text for text, _ in MAY_GO])
def test_every_form_stands_where_its_span_says(text: str) -> None:
    for form in shorter(a_piece(text), 350):
        (span,) = form.spans
        assert stands(form.text, [text[span.start : span.start + span.length]])


def test_the_limit_holds_and_what_keeps_most_comes_first() -> None:
    text = MAY_GO[2][0]
    assert forms(text, 60) == ["Toàn xã huy động được 286,4 tỷ đồng."]
    assert [len(form) for form in forms(text)] == sorted(map(len, forms(text)), reverse=True)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Theo đó, các xã gửi báo cáo trước ngày 16/5.", "Các xã gửi báo cáo trước ngày 16/5."),
        ("Ngoài ra, huyện tặng 20 phần quà.", "Huyện tặng 20 phần quà."),
        ("Trước đó, ngày 5/3, đoàn đến xã.", "Ngày 5/3, đoàn đến xã."),
    ],
)
def test_an_opening_that_only_ties_is_dropped(text: str, bare: str) -> None:
    assert without_connective(a_piece(text)).text == bare


@pytest.mark.parametrize(
    "text",
    [
        "Tuy nhiên, hai xã còn chậm.",
        "Trước đó, đoàn đến xã.",
        "Trong đó, hai xã đạt chuẩn.",
        "Nhưng hai xã còn chậm.",
    ],
)
def test_an_opening_that_means_something_stays(text: str) -> None:
    assert without_connective(a_piece(text)).text == text


def test_the_meeting_is_not_named_again() -> None:
    said = without_setting(a_piece("Tại buổi làm việc, Bí thư Huyện ủy chỉ đạo ba nội dung."))
    assert said.text == "Bí thư Huyện ủy chỉ đạo ba nội dung."
    assert said.spans == (TextSpan(paragraph=0, start=19, length=36),)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("xã họp;", "Xã họp."), ("Xã họp", "Xã họp."), ("“Xã họp.”", "“Xã họp.”"), ("Họp?", "Họp?")],
)
def test_a_sentence_begins_large_and_ends_with_a_stop(text: str, whole: str) -> None:
    assert finished(a_piece(text)).text == whole

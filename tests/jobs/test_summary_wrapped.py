"""Paragraphs of a text, wrapped or not. The news is invented."""

import textwrap

import pytest

from jobs.summary.wrapped import paragraphs_in

LONG = (
    "Sáng ngày 16/3, Ban Thường vụ Huyện ủy Vàm Sậy có buổi làm việc với Hội Liên hiệp Phụ nữ "
    "huyện về công tác cán bộ và tiến độ chuẩn bị đại hội của 13 cơ sở trong toàn huyện."
)
MORE = (
    "Đến nay 11/13 xã đã hoàn thành dự thảo văn kiện; hai xã còn lại chậm vì thiếu nguồn cán bộ "
    "nữ dưới 35 tuổi và chưa được cấp ủy cho ý kiến về nhân sự."
)


def test_a_line_is_a_paragraph() -> None:
    assert paragraphs_in(f"{LONG}\n\n{MORE}\nẢnh: Lan\n") == [LONG, MORE, "Ảnh: Lan"]


@pytest.mark.parametrize("width", [40, 60, 72, 79, 100])
def test_lines_that_end_for_want_of_room_are_one_paragraph(width: int) -> None:
    text = "\n\n".join("\n".join(textwrap.wrap(each, width)) for each in (LONG, MORE))
    assert paragraphs_in(text) == [LONG, MORE]


def test_short_lines_stay_apart() -> None:
    lines = ["STT", "Ngày tiếp", "Người chủ trì tiếp", "05/11/2025 (thứ Tư)", "Bà Lan"]
    assert paragraphs_in("\n".join(lines)) == lines


@pytest.mark.parametrize("text", ["", " \n \n", "\u200b"])
def test_nothing_has_no_paragraphs(text: str) -> None:
    assert paragraphs_in(text) == []

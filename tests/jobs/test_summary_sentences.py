"""Where Vietnamese sentences end. `|` stands where one must end; the news is invented."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobs.summary.sentences import sentences

CASES = [
    # plain
    "Hội nghị bế mạc lúc 11 giờ.|Các đại biểu chụp ảnh lưu niệm.",
    "Ai được hỗ trợ?|Hộ nghèo!|Hồ sơ gồm hai loại giấy tờ.",
    "Không có dấu chấm ở cuối",
    "Hết câu thứ nhất.|12 xã đã hoàn thành kế hoạch.",
    "Hết câu thứ nhất .|Câu sau có cách trước dấu chấm.",
    "Câu một.|- Câu hai bắt đầu bằng gạch.",
    "Dòng một chưa hết\nDòng hai là câu khác.",
    "Hội nghị kết thúc 😀.|😀 Hẹn gặp lại.",
    # places
    "Đoàn đến TP. Cao Lãnh và TX. Hồng Ngự.|Mưa lớn.",
    "Trụ sở tại số 5, Q. 1, TP.HCM.|Giờ làm việc: 7 giờ.",
    "Nhà ở Q.1, P.Bến Nghé, TP.Hồ Chí Minh.",
    "Lễ mở tại TT. Mỹ An, H. Tháp Mười, Tp. Cần Thơ.",
    "Đường Đ. Nguyễn Huệ, P. 3, KP. 2 ngập nặng.",
    # titles
    "Thầy thuốc ưu tú, PGS.TS. Lê Văn Ba và GS.TS. Trần Tư dự.|Đoàn về sau.",
    "Mời BS.CKII Lý Thu, BS.CKI. Hồ Hạnh và ThS. Vũ Nam.|Xin cảm ơn.",
    "Bà Th.S Nguyễn Lan, TS.Nguyễn Hà và NSƯT. Kim Cương cùng đến.",
    "Do đ/c Nguyễn Văn Tám chủ trì; ĐC. Lê Chín, đ/c. Trần Mười, Đ/c.Hồ Sáu tham dự.",
    "Có Mr. John, Mrs. Anna và Dr. Lee từ St. Louis, phòng No. 5.",
    # initials
    "Anh Nguyễn V. A. bị phạt 2 triệu đồng.",
    "Nghi phạm là N.V.A. Công an huyện đang điều tra.",
    # letters that are numbers
    "Đại hội Đảng bộ huyện lần thứ X.|Các đại biểu bầu 39 đồng chí.",
    "Kết quả quý I.|Phương hướng quý II.",
    "Sản phẩm đạt loại A.|Giá bán tăng.",
    # numbers, dates
    "Ngày 16.3 huyện thu 3.500 tấn, tăng 2,4 lần.|Giá 16.500 đồng.",
    "Từ 16.3.2021 đến 20.4, các xã họp.",
    "Đạt 98,5%.|Vượt 1,2%.",
    "Xem tr. 15 và tr. 20.",
    "Chi 500 tr. đồng cho 5 xã.",
    # lists
    "1. Phê duyệt kế hoạch năm 2026.",
    "1. Phê duyệt kế hoạch.|2. Giao UBND xã thực hiện.",
    "1.2. Mục tiêu cụ thể.|a. Về kinh tế.|b) Về xã hội.",
    "II. Kết quả đạt được",
    "Điều 3. Quyết định có hiệu lực từ ngày ký.|Điều 4. Chánh Văn phòng chịu trách nhiệm.",
    "Nội dung gồm: 1. Thông qua quy chế; 2. Bầu ban chấp hành.|Hội nghị bế mạc.",
    # ellipsis
    "Trồng xoài, mít, nhãn… trên đất lúa.|Năng suất cao.",
    "Trồng xoài, mít, v.v. trên đất lúa.|Năng suất cao.",
    "Trồng xoài, mít, v.v...|Năng suất cao.",
    "Thu mua xoài, mít, v.v.|Ngoài ra còn có nhãn.",
    "Và rồi...|Mưa đến.",
    # quotes and brackets
    "Ông nói: “Phải làm ngay.”|Cả hội trường vỗ tay.",
    "Ông nói: “Phải làm ngay!” và ra về.",
    "“Chúng ta làm được.”|“Chắc chắn vậy.”",
    'Bà đáp: "Tôi đồng ý."|Mọi người cười.',
    "Phong trào “Dân vận khéo”.|Xã nào cũng có.",
    "Lễ khai mạc (chiều 5/3).|Ban tổ chức cảm ơn.",
    "(Nguồn: Văn phòng.)|Tin do xã cung cấp.",
    # a forgotten space
    "Nhiệm kỳ 2021-2026.|Thực hiện tốt Kết luận số 96.",
    "Xong trước ngày 30/5.|Các xã báo cáo về huyện.",
    "Xong trước ngày 30/5.|UBND huyện tổng hợp.",
    "Theo Nghị quyết của HĐND.|Các xã thực hiện.",
    "Hội nghị kết thúc.|“Tốt lắm”, ông nói.",
    "Đã làm chưa?|Chưa làm.",
    "Phong trào “Dân vận khéo”.|Xã nào cũng có.|Ảnh: Lan",
    "Đạt 95%.|Toàn huyện có 13 xã.",
    "Công văn số 12/UBND.VX ngày 3/5 và 45-CV/HU.BTG đã ban hành.",
    # addresses
    "Truy cập https://huyen.example.vn/Tin.Tuc?id=1.|Xin cảm ơn.",
    "Gửi về van.Phong@huyen.example.vn hoặc www.Huyen.Example.vn nhé.",
    "Xem tại thapmuoi.dongthap.gov.vn.|Mọi góp ý xin gửi về huyện.",
]


def without_marks(case: str) -> str:
    """The text of a case: a space where a sentence ends, none where it was forgotten."""
    return case.replace("|", " ")


@pytest.mark.parametrize("case", CASES)
def test_where_sentences_end(case: str) -> None:
    expected = [found for line in case.splitlines() for found in line.split("|")]
    assert sentences(without_marks(case)) == expected


@pytest.mark.parametrize(
    "case",
    [
        "Nhiệm kỳ 2021-2026.|Thực hiện tốt Kết luận số 96.",
        "Xong trước ngày 30/5.|Các xã báo cáo về huyện.",
        "Xong trước ngày 30/5.|UBND huyện tổng hợp.",
        "Theo Nghị quyết của HĐND.|Các xã thực hiện.",
        "Hội nghị kết thúc.|“Tốt lắm”, ông nói.",
        "Đã làm chưa?|Chưa làm.",
        "Phong trào “Dân vận khéo”.|Xã nào cũng có.",
        "Đạt 95%.|Toàn huyện có 13 xã.",
        "Ông nói: “Phải làm ngay.”|Cả hội trường vỗ tay.",
        "Hội nghị đã họp.|(Ảnh: Lan)",
    ],
)
def test_a_forgotten_space_is_no_matter(case: str) -> None:
    assert sentences(case.replace("|", "")) == case.split("|")


@pytest.mark.parametrize("text", ["", " \n ", "\u2028"])
def test_nothing_is_no_sentence(text: str) -> None:
    assert sentences(text) == []


PIECES = st.sampled_from(
    [
        "Huyện ủy", "họp", "TP.", "Q.1", "đ/c", "v.v.", "...", "…", ".", "?", "!", ".”", "“", ")",
        "(", "16.3", "2021-2026.", "Thực hiện", "1.", "Điều 2.", "N.V.A.", "khoá X.", " ", "\n",
        "\t", "\u00a0", "a@b.vn", "https://x.vn/A.B", "😀", "\u0323", "UBND", "PGS.TS.", ":", "- ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


@settings(max_examples=1000)
@given(TEXTS)
@example("\x1c.A\x85B\u2029")
def test_sentences_hold_all_of_the_text_in_order(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence and sentence == " ".join(sentence.split()) for sentence in found)


def test_a_long_text_is_read_in_good_time() -> None:
    text = "Hội nghị TP. Cao Lãnh họp ngày 16.3 do đ/c A chủ trì, v.v. rồi bế mạc. " * 3000
    assert len(sentences(text)) == 3000

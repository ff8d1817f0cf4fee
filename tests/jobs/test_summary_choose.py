"""What stands for an article, and in which order of preference. The news is invented."""

import pytest

from jobs.summary.choose import ChosenSummary, How, summarise
from jobs.summary.features import LIMIT_CHARS
from jobs.summary.line import LINE_CHARS
from jobs.summary.tracing import cut_out
from tests.saved_pages import DETAIL, expected

TITLE = "Huyện ủy Vàm Sậy làm việc với Hội Liên hiệp Phụ nữ huyện"
OPENING = (
    "Sáng ngày 16/3, Ban Thường vụ Huyện ủy Vàm Sậy có buổi làm việc với Hội Liên hiệp Phụ nữ "
    "huyện về công tác cán bộ và tiến độ chuẩn bị đại hội."
)
SHORT = "Đến nay 11/13 xã đã hoàn thành dự thảo văn kiện."
SECOND = "Hai xã còn lại chậm vì thiếu nguồn cán bộ nữ dưới 35 tuổi."
ORDER = (
    "Kết luận buổi làm việc, Bí thư Huyện ủy yêu cầu Hội Liên hiệp Phụ nữ huyện hoàn thành đại "
    "hội trước ngày 30/6."
)
GUESTS = "Dự buổi làm việc có bà Lương Thị Tố Hảo, Phó Bí thư Thường trực Huyện ủy Vàm Sậy."
CEREMONY = (
    "Trong không khí phấn khởi của những ngày đầu năm, cán bộ, hội viên phụ nữ huyện nô nức thi "
    "đua lập thành tích chào mừng đại hội."
)
LONG = (
    "Các cấp Hội trong huyện đã cụ thể hóa chương trình năm nay bằng kế hoạch "
    + "của từng chi hội khóm, chi hội ấp và từng tổ hội trong toàn huyện " * 5
    + "theo yêu cầu chung."
)


def chosen(lead: str, *paragraphs: str, title: str = TITLE) -> ChosenSummary:
    return summarise(title, lead, paragraphs)


def shown(lead: str, *paragraphs: str, title: str = TITLE) -> tuple[How, str]:
    found = chosen(lead, *paragraphs, title=title)
    return found.how, found.text


def test_the_pages_own_lead_is_preferred() -> None:
    lead = "Huyện ủy yêu cầu hoàn thành đại hội phụ nữ cấp xã trước ngày 30/6, không khoán trắng."
    how, text = shown(lead, OPENING, "Huyện ủy yêu cầu hoàn thành đại hội cấp xã trước ngày 30/6.")
    assert (how, text) == (How.LEAD, lead)


@pytest.mark.parametrize(
    "lead",
    [
        "",
        TITLE,
        f"{TITLE}.",
        "Huyện uỷ Vàm Sậy làm việc với Hội LHPN huyện",
        "Sáng ngày 16/3, Ban Thường vụ Huyện ủy Vàm Sậy có buổi làm việc với…",
        "Sáng ngày 16/3, Ban Thường vụ Huyện ủy Vàm Sậy có buổi [...]",
        OPENING[:90],
        OPENING,
        "Trang thông tin tổng hợp chính thức của cơ quan, mọi bản quyền được bảo lưu.",
        "Đọc tiếp",
        "Tuy nhiên, đến nay 11/13 xã đã hoàn thành dự thảo văn kiện.",
    ],
    ids=[
        "none",
        "title",
        "title.",
        "title again",
        "cut",
        "cut in brackets",
        "cut silently",
        "the first paragraph again",
        "furniture",
        "label",
        "dangling",
    ],
)
def test_what_only_looks_like_a_lead_is_left(lead: str) -> None:
    assert shown(lead, OPENING, SHORT, SECOND)[0] is How.OPENING


def test_of_a_lead_that_was_cut_its_whole_sentences_stay() -> None:
    assert shown(f"{OPENING} Đến nay 11/13 xã đã…", SHORT) == (How.LEAD, OPENING)


def test_a_list_alone_may_give_the_lead() -> None:
    assert shown(OPENING) == (How.LEAD, OPENING)


def test_the_paragraph_that_tells_the_event_is_found_behind_a_ceremony() -> None:
    how, text = shown("", CEREMONY, OPENING, SECOND)
    assert how is How.OPENING
    assert text.startswith(OPENING)


def test_a_second_sentence_says_who_directed_and_by_when() -> None:
    how, text = shown("", OPENING, GUESTS, LONG, SECOND, ORDER)
    assert (how, text) == (How.OPENING, f"{OPENING} {ORDER}")


def test_what_adds_nothing_is_not_added() -> None:
    nothing_new = "Ban Thường vụ Huyện ủy làm việc với Hội Liên hiệp Phụ nữ huyện về cán bộ."
    assert shown("", OPENING, nothing_new, GUESTS) == (How.OPENING, OPENING)


def test_the_first_thing_of_a_list_comes_with_who_asks_for_it() -> None:
    asks = "Để ứng phó với lũ, Ban Chỉ huy phòng chống thiên tai huyện yêu cầu:"
    first = "- Các xã ven sông sơ tán 214 hộ dân xong trước 15 giờ ngày 09/10/2024;"
    opening = "Ngày 08/10, mưa lớn gây ngập nặng tại ba xã ven sông của huyện Hòa Lương."
    found = chosen("", opening, asks, first, "- Trực ban 24/24 giờ.", title="Ứng phó với lũ")
    assert found.text == (
        f"{opening} {asks} các xã ven sông sơ tán 214 hộ dân xong trước 15 giờ ngày 09/10/2024."
    )
    assert [span.paragraph for span in found.spans] == [0, 1, 2]


def test_what_announces_a_table_stands_by_itself() -> None:
    opening = "UBND xã Tân Lựu thông báo lịch tiếp công dân tháng 11/2025 của Chủ tịch xã như sau:"
    table = ("STT", "Ngày tiếp", "1", "05/11/2025", "Địa điểm: Phòng tiếp dân, số 12 Bờ Kè, ấp 4.")
    how, text = shown("", opening, *table, title="Lịch tiếp công dân")
    assert how is How.OPENING
    assert text == f"{opening.removesuffix(' như sau:')}. {table[-1]}"


def test_a_notice_goes_on_with_what_its_list_says() -> None:
    title = "Thông báo tuyển dụng công chức xã Tân Lựu năm 2025"
    opening = "UBND xã Tân Lựu thông báo tuyển dụng công chức năm 2025, cụ thể như sau:"
    number = "1. Số lượng: 05 chỉ tiêu, gồm 02 công chức địa chính và 03 công chức tư pháp."
    terms = "2. Điều kiện: tốt nghiệp đại học trở lên, không trong thời gian bị kỷ luật."
    until = "3. Thời gian nhận hồ sơ: từ ngày 05/11/2025 đến hết ngày 04/12/2025;"
    found = chosen("", opening, number, terms, until, title=title)
    assert found.text == (
        "UBND xã Tân Lựu thông báo tuyển dụng công chức năm 2025. "
        f"{number.removeprefix('1. ')} {until.removeprefix('3. ').removesuffix(';')}."
    )
    assert [(span.paragraph, span.start) for span in found.spans] == [(0, 0), (1, 3), (3, 3)]


def test_what_the_title_says_was_decided_is_preferred() -> None:
    title = "HĐND xã Đông Kiều thông qua 6 nghị quyết"
    event = "Ngày 22/12/2025, HĐND xã Đông Kiều tổ chức kỳ họp thường lệ cuối năm."
    order = "Chủ tịch HĐND xã đề nghị UBND xã khắc phục các hạn chế trước ngày 31/3/2026."
    decided = (
        "Các đại biểu đã biểu quyết thông qua 06 nghị quyết, trong đó có Nghị quyết số 14/NQ-HĐND."
    )
    assert chosen("", event, order, decided, title=title).text.startswith(f"{event} {decided}")


def test_what_follows_the_event_gives_way_to_who_promised_what() -> None:
    event = (
        "Sáng 09/10, UBND xã Hòa Tịnh phối hợp Hội Nông dân xã tổ chức hội nghị đối thoại trực "
        "tiếp giữa Chủ tịch UBND xã với nông dân."
    )
    idle = (
        "Hội nghị là hoạt động thường niên để lắng nghe tâm tư, nguyện vọng của bà con trong xã "
        "và các vùng lân cận."
    )
    promise = (
        "Ông Trương Vĩnh Phát, Chủ tịch UBND xã, cam kết đưa trạm bơm số 3 vào hoạt động trước "
        "ngày 20/10 và bố trí 450 triệu đồng nạo vét kênh."
    )
    found = chosen("", f"{event} {idle}", promise, title="Xã Hòa Tịnh đối thoại với nông dân")
    assert found.text == f"{event} {promise}"


def test_a_topic_that_the_title_tells_gives_way_to_who_directed() -> None:
    """The shape of a portal's report whose first two needed sentences are too long together."""
    title = "Huyện ủy làm việc với Mặt trận và các đoàn thể về triển khai nhiệm vụ năm 2026"
    event = (
        "Chiều ngày 12/01/2026, Ban Thường vụ Huyện ủy Gò Lức và lãnh đạo các ban của Huyện ủy "
        "có buổi làm việc với Mặt trận và các đoàn thể về triển khai nhiệm vụ năm 2026."
    )
    order = (
        "Bí thư Huyện ủy Gò Lức, Đoàn Thị Kim Ngọc chỉ đạo Mặt trận và các đoàn thể huyện "
        "tiếp tục duy trì, nhân rộng mô hình tự quản, phong trào thi đua yêu nước ở khóm, ấp, "
        "tổ hợp tác và chi hội."
    )
    text = chosen("", event, LONG, order, title=title).text
    assert text == f"{event.removesuffix(' về triển khai nhiệm vụ năm 2026.')}. {order}"
    assert len(f"{event} {order}") > LIMIT_CHARS


def test_a_text_without_paragraphs_is_ranked() -> None:
    how, text = shown("", f"{CEREMONY} {SHORT} {OPENING} {SECOND} {GUESTS} {ORDER} {LONG}")
    assert how is How.RANKED
    assert OPENING in text


def test_a_short_article_gives_its_sentence() -> None:
    assert shown("", SHORT) == (How.OPENING, SHORT)


@pytest.mark.parametrize(
    "paragraphs",
    [
        [],
        [""],
        [TITLE],
        [f"{TITLE}."],
        ["Ảnh: Quốc Trãi"],
        ["Nội dung cụ thể của chương trình gồm những phần sau đây:"],
        ["1. Phê duyệt kế hoạch tổ chức đại hội điểm cấp cơ sở năm nay."],
        ["- Phê duyệt kế hoạch tổ chức đại hội điểm cấp cơ sở năm nay."],
        ["Chị nói: “Chúng tôi đã chuẩn bị xong cả văn kiện và nhân sự."],
        ["“Chúng tôi đã chuẩn bị xong cả văn kiện và nhân sự.”"],
        ["Tuy nhiên, hai xã vẫn chậm vì thiếu nguồn cán bộ nữ trẻ tuổi."],
        ["Ông cho biết hai xã vẫn chậm vì thiếu nguồn cán bộ nữ trẻ tuổi."],
        [LONG],
    ],
    ids=[
        "nothing",
        "empty",
        "title",
        "title.",
        "caption",
        "opens a list",
        "numbered",
        "dashed",
        "half a quotation",
        "nobody says who said it",
        "dangling",
        "somebody unnamed",
        "too long",
    ],
)
def test_when_no_sentence_can_stand_alone_the_title_does(paragraphs: list[str]) -> None:
    found = chosen("", *paragraphs)
    assert (found.how, found.text, found.line, found.spans) == (How.TITLE, "", "", ())


@pytest.mark.parametrize(
    "opening",
    [
        "Bà con nông dân ba xã ven sông đã thu hoạch xong lúa.",
        "Ông Đoàn Văn Bảy, Chủ tịch xã, đã trao quà cho 30 hộ.",
        "Bà Ưng Thị Sáu, Chủ tịch Hội, đã trao quà cho 30 hộ.",
        "Cô giáo Lê Thị Ba được tặng bằng khen của Chủ tịch huyện.",
        "Trước đòi hỏi mới, các xã đã họp bàn với bà con.",
    ],
)
def test_an_opening_that_only_looks_dangling_is_taken(opening: str) -> None:
    assert shown("", opening, LONG)[1] == opening


def test_furniture_around_the_text_is_passed_over() -> None:
    before = ("Xuất bản thông tin", f"null {TITLE}", "Chi tiết bài viết Tin tức", TITLE)
    caption = "Các đại biểu dự buổi làm việc. Ảnh: Hồng Nhạn"
    found = chosen("", *before, caption, OPENING, SHORT, "BT: Thanh Nhã + Hình: Quốc Trãi")
    assert found.text.startswith(OPENING)
    assert found.spans[0].paragraph == 5


def test_the_agency_before_the_text_is_left_out() -> None:
    found = chosen("", f"(Vàm Sậy) - {OPENING}", SHORT)
    assert found.text.startswith(OPENING)
    assert found.spans[0].start == len("(Vàm Sậy) - ")


def test_each_sentence_says_where_it_stands() -> None:
    paragraphs = (OPENING, LONG, ORDER)
    found = chosen("", *paragraphs)
    assert [cut_out(paragraphs, "", span) for span in found.spans] == [OPENING, ORDER]


def test_the_line_for_a_digest_is_short_and_whole() -> None:
    event = (
        "Sáng 16/3, Huyện ủy Vàm Sậy khai mạc lớp bồi dưỡng cho 60 cán bộ, nhằm nâng cao kỹ năng."
    )
    found = chosen("", event, LONG, title="Bồi dưỡng cán bộ")
    assert found.line == event
    long = f"{event.removesuffix('.')} vận động, tuyên truyền trong Nhân dân ở các khóm, ấp."
    assert len(long) > LINE_CHARS
    found = chosen("", long, LONG, title="Bồi dưỡng cán bộ")
    assert found.line == "Sáng 16/3, Huyện ủy Vàm Sậy khai mạc lớp bồi dưỡng cho 60 cán bộ."


def test_the_summary_of_a_saved_page() -> None:
    page = expected(DETAIL)
    found = summarise(page["title"], page["sapo"], page["paragraphs"])
    assert found.how is How.OPENING
    assert found.text.startswith(page["sapo"])
    assert "đạt 75% kế hoạch" in found.text

"""Which sentences stand for an article. The news is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.summary.choose import LIMIT_CHARS, MOST_SENTENCES, How, summarise
from jobs.summary.sentences import sentences
from jobs.text import clean_lines, fold

TITLE = "Huyện ủy Vàm Sậy làm việc với Hội Liên hiệp Phụ nữ huyện"
OPENING = (
    "Sáng ngày 16/3, Ban Thường vụ Huyện ủy Vàm Sậy có buổi làm việc với Hội Liên hiệp Phụ nữ "
    "huyện về công tác cán bộ và tiến độ chuẩn bị đại hội."
)
SHORT = "Đến nay 11/13 xã đã hoàn thành dự thảo văn kiện."
SECOND = "Hai xã còn lại chậm vì thiếu nguồn cán bộ nữ dưới 35 tuổi."
THIRD = "Đại hội điểm sẽ được tổ chức trước ngày 25/4 tại xã Tân Lựu."
ORDER = "Bí thư Huyện ủy yêu cầu Hội Liên hiệp Phụ nữ huyện hoàn thành đại hội trước ngày 30/6."
LONG = (
    "Thực hiện chương trình năm nay, " + "các cấp Hội đã cụ thể hóa bằng kế hoạch, " * 8 + "tốt."
)


def shown(title: str, lead: str, *paragraphs: str) -> tuple[str, str]:
    chosen = summarise(title, lead, paragraphs)
    return chosen.how.value, chosen.text


def test_the_pages_own_lead_is_preferred() -> None:
    lead = "Huyện ủy yêu cầu hoàn thành đại hội phụ nữ cấp xã trước ngày 30/6, không khoán trắng."
    how, text = shown(TITLE, lead, OPENING, "Huyện ủy yêu cầu hoàn thành đại hội cấp xã.")
    assert (how, text.startswith(lead)) == ("lead", True)


def test_a_lead_that_opens_the_text_is_not_said_twice() -> None:
    assert shown(TITLE, SHORT, f"{SHORT} {SECOND}") == ("lead", f"{SHORT} {SECOND}")


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
        "Trang thông tin tổng hợp chính thức của cơ quan, mọi bản quyền được bảo lưu.",
        "Đọc tiếp",
    ],
    ids=[
        "none",
        "title",
        "title.",
        "title again",
        "cut",
        "cut in brackets",
        "cut silently",
        "furniture",
        "label",
    ],
)
def test_what_only_looks_like_a_lead_is_left(lead: str) -> None:
    assert shown(TITLE, lead, OPENING, ORDER) == ("first_sentence", OPENING)


def test_of_a_lead_that_was_cut_its_whole_sentences_stay() -> None:
    assert shown(TITLE, f"{OPENING} Đến nay 11/13 xã đã…") == ("lead", OPENING)


def test_a_list_alone_may_give_the_lead() -> None:
    assert shown(TITLE, OPENING) == ("lead", OPENING)


def test_an_opening_that_says_enough_stands_alone() -> None:
    assert shown(TITLE, "", f"{OPENING} {SECOND}") == ("first_sentence", OPENING)


def test_a_short_opening_takes_what_follows_up_to_three_sentences() -> None:
    text = f"{SHORT} {SECOND} {THIRD} {ORDER}"
    assert shown(TITLE, "", text) == ("sentences", f"{SHORT} {SECOND} {THIRD}")


def test_what_follows_is_taken_without_a_gap() -> None:
    assert shown(TITLE, "", f"{SHORT} {LONG} {SECOND}") == ("first_sentence", SHORT)


def test_an_opening_too_long_gives_way_to_a_whole_sentence_near_the_title() -> None:
    assert len(LONG) > LIMIT_CHARS
    assert shown(TITLE, "", f"{LONG} {SECOND}", ORDER) == ("sentences", ORDER)


def test_nothing_is_cut_to_fit() -> None:
    assert shown(TITLE, "", LONG) == ("title", "")


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
        ["Tuy nhiên, hai xã vẫn chậm vì thiếu nguồn cán bộ nữ trẻ tuổi."],
        ["Ông cho biết hai xã vẫn chậm vì thiếu nguồn cán bộ nữ trẻ tuổi."],
        ["Đến nay 11/13 xã đã hoàn thành dự thảo văn kiện và gửi về…"],
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
        "dangling",
        "somebody unnamed",
        "cut off",
    ],
)
def test_when_no_sentence_can_stand_alone_the_title_does(paragraphs: list[str]) -> None:
    chosen = summarise(TITLE, "", paragraphs)
    assert (chosen.how, chosen.text) == (How.TITLE, "")


@pytest.mark.parametrize(
    "opening",
    [
        "Theo đó, có 11/13 xã hoàn thành dự thảo văn kiện.",
        "Đồng thời, các xã đã gửi báo cáo về huyện.",
        "Ông này xin rút khỏi danh sách ứng cử ở xã.",
        "Bà đề nghị các xã gửi báo cáo về huyện sớm.",
        "Cụ thể, có 11/13 xã hoàn thành dự thảo văn kiện.",
    ],
)
def test_a_dangling_sentence_comes_only_after_the_one_before_it(opening: str) -> None:
    assert shown(TITLE, "", f"{opening} {SECOND}")[1].startswith(SECOND)
    assert shown(TITLE, "", f"{SHORT} {opening}")[1] == f"{SHORT} {opening}"


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
    assert shown(TITLE, "", f"{opening} {LONG}") == ("first_sentence", opening)


def test_title_and_labels_before_the_text_are_passed_over() -> None:
    paragraphs = ("TIN TỨC", TITLE, "Xuất bản thông tin", OPENING, SECOND)
    assert shown(TITLE, "", *paragraphs) == ("first_sentence", OPENING)


def test_the_text_is_composed_and_on_one_line() -> None:
    decomposed = "Sáng nay,\u00a0huyê\u0323n to\u0302\u0309 chư\u0301c lễ\u200b ra quân\n\n"
    how, text = shown("Ra quân", "", decomposed + "làm thủy lợi.")
    assert (how, text) == ("title", "")  # a line that ends in the middle is no sentence
    _, text = shown("Ra quân", "", decomposed.strip() + " làm thủy lợi nội đồng.")
    assert text == "Sáng nay, huyện tổ chức lễ ra quân làm thủy lợi nội đồng."


WORDS = st.sampled_from(
    [
        OPENING, SHORT, SECOND, THIRD, ORDER, LONG, TITLE, "Tuy nhiên, hai xã vẫn chậm.", "“A.”",
        "Ảnh: Lan", "…", "2021-2026.Thực hiện tốt Kết luận số 96 của Ban Thường vụ Tỉnh uỷ.", "\n",
        " ", "TP. Cao Lãnh", "1. ", "- ", "null", "\u200b", "họp ở xã", "Ngày 16.3, huyện họp.",
    ]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=80)


@settings(max_examples=1000, deadline=None)
@given(TEXTS | st.just(TITLE), TEXTS, st.lists(TEXTS, max_size=5))
def test_a_summary_is_short_whole_and_from_the_article(
    title: str, lead: str, paragraphs: list[str]
) -> None:
    chosen = summarise(title, lead, paragraphs)
    assert len(chosen.text) <= LIMIT_CHARS
    assert (chosen.how is How.TITLE) == (not chosen.text)
    source = [found for text in (lead, *paragraphs) for found in sentences(clean_lines(text))]
    rest = chosen.text
    count = 0
    while rest:
        here = max((found for found in source if rest.startswith(found)), key=len)
        assert fold(here) != fold(title)
        rest = rest.removeprefix(here).strip()
        count += 1
    assert count <= MOST_SENTENCES

"""The same news on two portals: joined when the words agree, kept apart when a name does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.likeness import alike, sketch, words_of

TITLE = "Xã Tân Lập ra quân làm đường giao thông nông thôn"
LEAD = (
    "Sáng 12/11/2026, Đảng ủy xã Tân Lập tổ chức lễ ra quân làm 4,2 km đường giao thông nông thôn"
    " tại ấp Cái Sao, với sự tham gia của hơn 150 cán bộ, hội viên các đoàn thể và người dân."
)
REST = (
    "Phát biểu tại buổi lễ, lãnh đạo xã đề nghị các ấp vận động người dân hiến đất, góp ngày công"
    " để tuyến đường hoàn thành trước Tết."
)


@pytest.mark.parametrize(
    ("title", "paragraphs", "are_alike"),
    [
        pytest.param(TITLE, (LEAD,), True, id="word for word"),
        pytest.param(TITLE.upper(), (LEAD,), True, id="title in capitals"),
        pytest.param("Ra quân làm đường nông thôn", (LEAD,), True, id="another title"),
        pytest.param(TITLE, (f"(CTT) – {LEAD}",), True, id="a portal's sign before it"),
        pytest.param(TITLE, (LEAD, REST), True, id="one carries more"),
        pytest.param(TITLE, (LEAD.replace("hội viên", "hội viên,"),), True, id="a comma"),
        pytest.param(TITLE, (LEAD.replace("thủy", "thuỷ"),), True, id="tone placement"),
        pytest.param(TITLE.replace("Tân Lập", "Tân Lợi"), (LEAD.replace("Tân Lập", "Tân Lợi"),),
                     False, id="another commune"),
        pytest.param(TITLE, (LEAD.replace("12/11", "13/11"),), False, id="another day"),
        pytest.param(TITLE, (LEAD.replace("150", "180"),), False, id="another figure"),
        pytest.param(TITLE, (REST,), False, id="the same title, something else below"),
        pytest.param(TITLE, (), False, id="a title alone says too little"),
        pytest.param("Lịch tiếp công dân tháng 11", (), False, id="something else"),
    ],
)  # fmt: skip
def test_which_news_is_the_same(title: str, paragraphs: tuple[str, ...], are_alike: bool) -> None:
    one, other = words_of(TITLE, (LEAD,)), words_of(title, paragraphs)
    assert alike(one, other) is are_alike
    assert alike(other, one) is are_alike


@pytest.mark.parametrize("other", [(LEAD,), (f"(CTT) – {LEAD}",), (LEAD, REST)])
def test_who_says_the_same_shares_a_number(other: tuple[str, ...]) -> None:
    assert set(sketch(words_of(TITLE, (LEAD,)))) & set(sketch(words_of(TITLE, other)))


def test_two_titles_without_text_are_never_the_same_news() -> None:
    words = words_of("Thông báo lịch tiếp công dân", ())
    assert not alike(words, words)
    assert sketch(words) == ()


@settings(max_examples=200)
@given(st.text(max_size=60), st.lists(st.text(max_size=300), max_size=4))
def test_any_text_can_be_compared(title: str, paragraphs: list[str]) -> None:
    words = words_of(title, paragraphs)
    assert all(0 <= value < 2**63 for value in sketch(words))
    assert alike(words, words) is (len(words.grams) >= 100)

"""Rich text: spans that are always right, and parts that keep them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rich_text import (
    RichText,
    Span,
    Style,
    bold,
    italic,
    join,
    link,
    plain,
    quote,
    split,
    utf16_length,
)

URL = "https://portal.example/tin?id=1"


def cut(rich: RichText, start: int, length: int) -> str:
    """What a platform shows as the span: counted in UTF-16 units."""
    units = rich.text.encode("utf-16-le")
    return units[2 * start : 2 * (start + length)].decode("utf-16-le")


def styled(rich: RichText) -> list[tuple[Style, str]]:
    return [(span.style, cut(rich, span.start, span.length)) for span in rich.spans]


def texts(rich: RichText, limit: int) -> list[str]:
    return [part.text for part in split(rich, limit)]


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("Đảng", 4), ("a😀", 3), ("\ud83d", 1), (unicodedata.normalize("NFD", "ế"), 3)],
    ids=["empty", "letters", "emoji", "half a pair", "marks apart"],
)
def test_length_is_counted_in_utf16_units(text: str, units: int) -> None:
    assert utf16_length(text) == units


def test_a_joined_text_keeps_every_span_on_its_words() -> None:
    rich = join(
        plain("😀 "), bold("Họp"), plain(" và "), link("xem toàn văn", URL), italic("ngay")
    )
    assert rich.text == "😀 Họp và xem toàn vănngay"
    assert styled(rich) == [
        (Style.BOLD, "Họp"),
        (Style.LINK, "xem toàn văn"),
        (Style.ITALIC, "ngay"),
    ]
    assert rich.spans[1].url == URL


def test_join_sets_its_separator_between_pieces_only() -> None:
    assert join(plain("a"), bold("b"), between="\n").text == "a\nb"
    assert join(between="\n") == plain("")


def test_a_span_never_starts_or_ends_on_white_space() -> None:
    assert bold(" Họp \n") == RichText(" Họp \n", (Span(style=Style.BOLD, start=1, length=3),))
    assert quote(" \n") == plain(" \n")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "/tin/1"])
def test_a_link_that_leads_nowhere_is_plain_text(url: str) -> None:
    assert link("xem", url) == plain("xem")


def test_a_text_that_fits_is_one_part() -> None:
    rich = bold("Họp") + plain(" sáng nay")
    assert split(rich, 12) == [rich]


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_to_say_makes_no_part(text: str) -> None:
    assert split(bold(text), 10) == []


def test_a_part_must_be_able_to_hold_one_character() -> None:
    with pytest.raises(ValueError, match="two units"):
        split(plain("a"), 1)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("mot\n\nhai ba bon. nam\nsau bay", 20, ["mot\n\nhai ba bon. nam", "sau bay"]),
        ("mot hai ba\n\nbon nam\nsau. bay", 22, ["mot hai ba", "bon nam\nsau. bay"]),
        ("mot hai ba\nbon. nam sau", 20, ["mot hai ba", "bon. nam sau"]),
        ("mot hai ba. bon nam sau", 20, ["mot hai ba.", "bon nam sau"]),
        ("mot “hai ba.” bon nam sau", 22, ["mot “hai ba.”", "bon nam sau"]),
        ("mot hai ba bon nam", 12, ["mot hai ba", "bon nam"]),
        ("mot hai   ba", 8, ["mot hai", "ba"]),
        ("motHaiBaBonNam", 5, ["motHa", "iBaBo", "nNam"]),
        ("a. bcdefghijklmn opqrst", 18, ["a. bcdefghijklmn", "opqrst"]),
    ],
    ids=[
        "a blank line far too early is not taken",
        "a blank line",
        "a newline",
        "a sentence end",
        "a sentence end with its quote",
        "a space",
        "several spaces",
        "anywhere",
        "a sentence end far too early is not taken",
    ],
)
def test_where_a_text_is_cut(text: str, limit: int, parts: list[str]) -> None:
    assert texts(plain(text), limit) == parts


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("abc😀", 4, ["abc", "😀"]),
        ("abcde\u0301\u0323", 5, ["abcd", "e\u0301\u0323"]),
        ("ab👩\u200d👩\u200d👧", 9, ["ab", "👩\u200d👩\u200d👧"]),
        ("abc❤\ufe0f", 4, ["abc", "❤\ufe0f"]),
        ("abc👍🏽", 5, ["abc", "👍🏽"]),
        ("a🇻🇳🇻🇳", 7, ["a🇻🇳", "🇻🇳"]),
        ("a 1\ufe0f\u20e3b", 4, ["a", "1\ufe0f\u20e3b"]),
        ("👩\u200d👩\u200d👧", 4, ["👩\u200d", "👩\u200d", "👧"]),
        ("abcd\u200f", 4, ["abc", "d\u200f"]),
        ("abcd \u200f", 4, ["abc", "d \u200f"]),
    ],
    ids=[
        "a surrogate pair",
        "a letter and its marks",
        "a family",
        "a variation",
        "a skin tone",
        "a flag",
        "a keycap",
        "a family longer than a part",
        "an invisible mark is no part",
        "a space and an invisible mark are no part",
    ],
)
def test_what_belongs_together_is_not_torn(text: str, limit: int, parts: list[str]) -> None:
    assert texts(plain(text), limit) == parts


def test_a_span_that_would_be_cut_moves_to_the_next_part() -> None:
    parts = split(plain("Xem thêm ở (") + link("bài báo gốc", URL) + plain(") nhé"), 18)
    assert [part.text for part in parts] == ["Xem thêm ở", "(bài báo gốc) nhé"]
    assert [styled(part) for part in parts] == [[], [(Style.LINK, "bài báo gốc")]]


def test_a_span_moves_even_where_no_space_stands_before_it() -> None:
    parts = split(plain("abcdef") + bold("hai ba") + plain("x"), 8)
    assert [part.text for part in parts] == ["abcdef", "hai bax"]


def test_a_span_longer_than_a_part_is_cut_into_spans_of_its_style() -> None:
    parts = split(link("mot hai ba bon", URL), 8)
    assert [part.text for part in parts] == ["mot hai", "ba bon"]
    assert [styled(part) for part in parts] == [
        [(Style.LINK, "mot hai")],
        [(Style.LINK, "ba bon")],
    ]
    assert {span.url for part in parts for span in part.spans} == {URL}


def test_a_long_text_is_split_in_good_time() -> None:
    parts = split(plain("Hội nghị 😀 kết thúc. " * 20_000), 4096)
    assert all(4000 < utf16_length(part.text) <= 4096 for part in parts[:-1])


VISIBLE = [
    "Huyện ủy", "TP. Cao Lãnh", "họp.", "<b>đậm</b>", "&amp;", "[x](y)", "*_`~", "“trích.”",
    "\n", "\n\n", " ", "  ", "\t", "\u00a0", "\r\n", "2026.Thực", "😀", "👩\u200d👩\u200d👧",
    "❤\ufe0f", "👍🏽", "🇻🇳", "1\ufe0f\u20e3", "مرحبا", "dài" * 9, "\U0010ffff",
    unicodedata.normalize("NFD", "nhiệm kỳ"),
]  # fmt: skip
INVISIBLE = ["\u200f", "\u202eabc\u202c", "\u200b", "\u0323", "\u2066", "\u0000"]


def rich_texts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[RichText]:
    builders = [plain, bold, italic, quote, lambda text: link(text, URL)]
    pieces = st.builds(lambda build, text: build(text), st.sampled_from(builders), texts)
    return st.lists(pieces, max_size=6).map(lambda pieces: join(*pieces))


def words_of(words: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), max_size=12).map("".join)


ANYTHING = words_of(VISIBLE + INVISIBLE) | st.text(st.characters(codec="utf-8"), max_size=20)


def without_spaces(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=2000)
@given(rich_texts(ANYTHING), st.integers(min_value=2, max_value=60))
def test_parts_hold_the_whole_text_and_every_span(rich: RichText, limit: int) -> None:
    parts = split(rich, limit)
    at = 0
    for part in parts:
        assert part.text.strip()
        assert utf16_length(part.text) <= limit
        found = rich.text.index(part.text, at)
        assert not rich.text[at:found].strip()  # only white space is left out
        at = found + len(part.text)
        assert all(words and words == words.strip() for _, words in styled(part))
    assert not rich.text[at:].strip()
    for style in Style:
        before = "".join(words for found, words in styled(rich) if found is style)
        after = "".join(words for part in parts for found, words in styled(part) if found is style)
        assert without_spaces(after) == without_spaces(before)


@settings(max_examples=500)
@given(rich_texts(words_of(VISIBLE)))
def test_a_span_that_fits_in_a_part_stays_whole(rich: RichText) -> None:
    limit = max([span.length for span in rich.spans], default=2)
    parts = split(rich, max(limit, 2))
    assert [words for part in parts for words in styled(part)] == styled(rich)

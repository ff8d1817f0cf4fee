"""Rich text and buttons as Telegram takes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.telegram.markup import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    entities_of,
    keyboard_of,
    parts_of,
)
from jobs.messenger import Button, Content, Part
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
    utf16_length,
)
from storage.records import Attachment, AttachmentKind

PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="photo-1")
BUTTONS = ((Button(label="Đọc", url="https://a.vn/1"),),)


def test_each_style_becomes_its_entity() -> None:
    text = join(bold("đậm"), italic("nghiêng"), quote("trích"), link("nối", "https://a.vn/1"))

    told = [(str(e.type), e.offset, e.length, e.url) for e in entities_of(text)]

    assert told == [
        ("bold", 0, 3, None),
        ("italic", 3, 7, None),
        ("blockquote", 10, 5, None),
        ("text_link", 15, 3, "https://a.vn/1"),
    ]


BAD_ADDRESSES = [
    "",
    "tanlap.vn/tin",
    "javascript:alert(1)",
    "https://",
    "http://[",
    "https://a b.vn",
]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_a_bad_address_costs_the_link_but_not_the_message(url: str) -> None:
    text = RichText("Toàn văn", (Span(style=Style.LINK, start=0, length=8, url=url),))

    assert entities_of(text) == []
    assert keyboard_of(((Button(label="Đọc", url=url),),)) is None


def test_buttons_keep_their_rows() -> None:
    keyboard = keyboard_of(
        (
            (Button(label="1", data="a:1"), Button(label="2", data="a:2")),
            (Button(label="Đọc", url="https://a.vn/1"),),
        )
    )

    assert keyboard is not None
    rows = [[(b.text, b.callback_data, b.url) for b in row] for row in keyboard.inline_keyboard]
    assert rows == [
        [("1", "a:1", None), ("2", "a:2", None)],
        [("Đọc", None, "https://a.vn/1")],
    ]


def test_what_the_buttons_are_for_stands_right_above_them() -> None:
    content = Content(text=bold("Bản tin"), pressing="Bấm số để đọc toàn văn.")

    (part,) = parts_of(content)

    assert part.text == bold("Bản tin") + plain("\nBấm số để đọc toàn văn.")


def test_without_buttons_there_is_no_keyboard() -> None:
    assert keyboard_of(()) is None


def test_a_text_of_just_the_limit_is_one_part() -> None:
    assert len(parts_of(Content(text=RichText("🌾" * (TEXT_LIMIT // 2))))) == 1
    assert len(parts_of(Content(text=RichText("🌾" * (TEXT_LIMIT // 2) + "a")))) == 2


def test_every_part_is_as_silent_as_its_content() -> None:
    long = RichText("dài " * TEXT_LIMIT)

    assert all(part.silent for part in parts_of(Content(text=long, silent=True)))


def test_a_text_that_fits_is_the_caption_with_the_buttons() -> None:
    text = bold("🌾" * (CAPTION_LIMIT // 2))

    (part,) = parts_of(Content(text=text, attachment=PHOTO, buttons=BUTTONS, silent=True))

    assert part == Part(text=text, attachment=PHOTO, buttons=BUTTONS, silent=True)


def test_a_text_too_long_for_a_caption_follows_with_the_buttons() -> None:
    text = bold("🌾" * (CAPTION_LIMIT // 2) + "a")  # 1,025 units

    first, second = parts_of(Content(text=text, attachment=PHOTO, buttons=BUTTONS, silent=True))

    assert first == Part(text=RichText(""), attachment=PHOTO, silent=True)
    assert second == Part(text=text, buttons=BUTTONS, silent=True)


def test_a_very_long_text_follows_in_parts() -> None:
    parts = parts_of(
        Content(text=RichText("dài " * TEXT_LIMIT), attachment=PHOTO, buttons=BUTTONS)
    )

    assert [part.attachment for part in parts] == [PHOTO, *[None] * (len(parts) - 1)]
    assert [bool(part.text.text) for part in parts] == [False, *[True] * (len(parts) - 1)]
    assert [bool(part.buttons) for part in parts] == [*[False] * (len(parts) - 1), True]
    assert len(parts) > 2


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_attachment_needs_no_words(text: str) -> None:
    (part,) = parts_of(Content(text=RichText(text), attachment=PHOTO, buttons=BUTTONS))

    assert part == Part(text=RichText(""), attachment=PHOTO, buttons=BUTTONS)


PIECES = st.text(
    alphabet=st.sampled_from("aĐ ệe\u0323\u0302\u200f\u202e🌾👨‍👩‍👧🇻🇳<b>&*_[](`\n."), max_size=40
)
TEXTS = st.lists(
    st.builds(
        lambda style, piece, times: style(piece * times),
        st.sampled_from([bold, italic, quote, RichText, lambda t: link(t, "https://a.vn/1")]),
        PIECES,
        st.sampled_from([1, 3, 400]),
    ),
    max_size=6,
)


@settings(max_examples=2000)
@given(pieces=TEXTS)
def test_any_text_is_rendered_whole_within_the_limit(pieces: list[RichText]) -> None:
    text = join(*pieces)

    parts = parts_of(Content(text=text))

    rendered = "".join("".join(part.text.text.split()) for part in parts)
    assert rendered == "".join(text.text.split())
    for part in parts:
        size = utf16_length(part.text.text)
        assert 0 < size <= TEXT_LIMIT
        for entity in entities_of(part.text):
            assert 0 <= entity.offset < entity.offset + entity.length <= size

"""What a content looks like on Zalo: addresses in the open, no buttons, parts that fit."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.platforms.zalo.render import TEXT_LIMIT, normalised, parts_of, styles_of
from jobs.bulletin_text import articles_list, digest_content
from jobs.messenger import Button, Content
from jobs.rich_text import RichText, bold, italic, join, link, plain, quote, utf16_length
from storage.records import Attachment, AttachmentKind, Precision, SummarisedArticle

NOW = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)
URL = "https://tanlap.example.vn/tin/1"
READ = Button(label="Đọc toàn văn", url=URL)
PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="https://anh.example.vn/hop.jpg")


def text_of(content: Content) -> str:
    (part,) = parts_of(content)
    assert part.buttons == ()
    return part.text.text


def test_a_link_button_is_an_address_on_a_line_of_its_own() -> None:
    content = Content(text=plain("Mời họp"), buttons=((READ,),))

    assert text_of(content) == f"Mời họp\n\nĐọc toàn văn:\n{URL}"


def test_what_a_button_says_back_is_left_to_the_conversation() -> None:
    content = Content(text=plain("Chọn:\n1. Có"), buttons=((Button(label="Có", data="yes"),),))

    assert text_of(content) == "Chọn:\n1. Có"


def test_a_linked_word_keeps_its_place_and_its_address_stands_below_the_line() -> None:
    text = join(link("Lịch họp", URL), plain(" tuần này\nXin xem."))

    assert text_of(Content(text=text)) == f"Lịch họp tuần này\n{URL}\nXin xem."


def test_each_address_is_shown_once() -> None:
    text = join(link("Lịch", URL), plain(" và "), link("họp", URL))

    assert text_of(Content(text=text, buttons=((READ,),))) == f"Lịch và họp\n{URL}"


def test_an_address_that_is_its_own_text_is_not_repeated() -> None:
    text = join(plain("Xem "), link(URL, URL))

    assert text_of(Content(text=text, buttons=((READ,),))) == f"Xem {URL}"


def test_styles_stay_where_their_words_are() -> None:
    text = join(
        plain("🌾 "), bold("Mời họp"), plain(" "), link("tại đây", URL), plain("\n"), italic("Gấp")
    )

    (part,) = parts_of(Content(text=text))

    assert part.text.text == f"🌾 Mời họp tại đây\n{URL}\nGấp"
    assert styles_of(part.text) == [
        {"start": 3, "len": 7, "st": ["b"]},
        {"start": utf16_length(part.text.text) - 3, "len": 3, "st": ["i"]},
    ]


def test_a_style_around_a_link_goes_on_behind_its_address() -> None:
    text = RichText("Họp tại đây\nnhé")
    styled = RichText(text.text, (*bold(text.text).spans, *link(text.text[:11], URL).spans))

    (part,) = parts_of(Content(text=styled))

    assert styles_of(part.text) == [{"start": 0, "len": utf16_length(part.text.text), "st": ["b"]}]


def test_two_addresses_of_a_line_stand_in_their_order() -> None:
    text = link("Lịch", f"{URL}/1") + plain(" và ") + link("biên bản", f"{URL}/2")

    assert text_of(Content(text=text)) == f"Lịch và biên bản\n{URL}/1\n{URL}/2"


def test_a_quote_is_set_apart() -> None:
    (part,) = parts_of(Content(text=quote("Trích")))

    assert styles_of(part.text) == [{"start": 0, "len": 5, "st": ["i"]}]


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_detached_marks_are_joined_and_styles_move_along() -> None:
    text = join(plain(decomposed("Hội ")), bold(decomposed("Phụ nữ")), plain(" xã"))

    rich = normalised(text)

    assert rich.text == "Hội Phụ nữ xã"
    assert styles_of(rich) == [{"start": 4, "len": 6, "st": ["b"]}]


LENGTHS = {
    "exactly the limit": ("a" * 2000, [2000]),
    "one more": ("a" * 1999 + " b", [1999, 1]),
    "emoji count twice": ("🌾" * 1000, [2000]),
    "emoji are not cut in two": ("a" + "🌾" * 1000, [1999, 2]),
    "detached marks count as they are shown": (decomposed("ệ") * 2000, [2000]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "lengths"), LENGTHS.values(), ids=LENGTHS)
def test_parts_hold_2000_utf_16_units(text: str, lengths: list[int]) -> None:
    assert TEXT_LIMIT == 2000
    parts = parts_of(Content(text=plain(text)))

    assert [utf16_length(part.text.text) for part in parts] == lengths


def test_a_long_text_keeps_its_address_whole() -> None:
    text = plain("Tin mới về sản xuất. " * 97)

    parts = parts_of(Content(text=text, buttons=((READ,),)))

    assert len(parts) == 2
    assert parts[-1].text.text.endswith(f"Đọc toàn văn:\n{URL}")


def test_a_photo_with_an_address_is_sent_with_its_words() -> None:
    (part,) = parts_of(Content(text=plain("Ảnh hội nghị"), attachment=PHOTO))

    assert part.attachment == PHOTO
    assert part.text.text == "Ảnh hội nghị"


def test_a_photo_goes_before_words_that_are_too_long_for_it() -> None:
    parts = parts_of(Content(text=plain("Lời dài. " * 300), attachment=PHOTO))

    assert [part.attachment for part in parts] == [PHOTO, None, None]
    assert parts[0].text.text == ""


def test_a_photo_may_come_without_words() -> None:
    (part,) = parts_of(Content(text=plain(""), attachment=PHOTO))

    assert part.attachment == PHOTO


KEPT_ELSEWHERE = {
    "a photo": (
        Attachment(kind=AttachmentKind.PHOTO, file_id="AgACAgUAAx"),
        "(Có một ảnh kèm theo, không gửi được qua Zalo.)",
    ),
    "a document": (
        Attachment(kind=AttachmentKind.DOCUMENT, file_id="BQACAgUAAx", name="Lịch.pdf"),
        "(Có một tài liệu kèm theo: Lịch.pdf, không gửi được qua Zalo.)",
    ),
    "a document with an address": (
        Attachment(kind=AttachmentKind.DOCUMENT, file_id="https://a.example.vn/lich.pdf"),
        "(Có một tài liệu kèm theo, không gửi được qua Zalo.)",
    ),
}


@pytest.mark.parametrize(("attachment", "told"), KEPT_ELSEWHERE.values(), ids=KEPT_ELSEWHERE)
def test_what_zalo_cannot_fetch_is_told_in_a_line(attachment: Attachment, told: str) -> None:
    content = Content(text=plain("Mời xem"), attachment=attachment)

    assert text_of(content) == f"Mời xem\n\n{told}"
    assert text_of(Content(text=plain(""), attachment=attachment)) == told


def an_article(number: int) -> SummarisedArticle:
    return SummarisedArticle(
        article_id=number,
        version_id=number,
        title=f"Tin số {number}",
        summary="",
        line="Một dòng." if number % 2 else "",
        published_at=NOW,
        precision=Precision.DAY,
        first_seen_at=NOW,
        news_at=NOW,
        summarised_at=NOW,
        source_name="Cổng xã",
        url=f"https://tanlap.example.vn/tin/{number}",
        topic_ids=frozenset(),
    )


def test_each_item_of_a_digest_bears_its_address() -> None:
    articles = [an_article(number) for number in (1, 2, 3)]

    text = text_of(digest_content(articles, composed_at=NOW, code="A7"))

    assert text.split("\n\n") == [
        "🗓 Bản tin ngày 12/11/2026 (3 tin)",
        "1. Tin số 1\nMột dòng.\nhttps://tanlap.example.vn/tin/1",
        "2. Tin số 2\nhttps://tanlap.example.vn/tin/2",
        "3. Tin số 3\nMột dòng.\nhttps://tanlap.example.vn/tin/3",
        "Mã A7",
    ]


def test_a_digest_too_long_for_one_message_says_its_headlines_alone() -> None:
    articles = [
        replace(an_article(number), title=f"Tin số {number} " + "dài " * 12, line="Một dòng. " * 9)
        for number in range(1, 13)
    ]

    (part,) = parts_of(digest_content(articles, composed_at=NOW, code="A7"))

    assert "Một dòng" not in part.text.text
    assert all(article.url in part.text.text for article in articles)
    bold_words = [
        part.text.text.encode("utf-16-le")[2 * each.start : 2 * (each.start + each.length)]
        for each in part.text.spans
    ]
    assert [words.decode("utf-16-le") for words in bold_words[1:]] == [
        article.title.strip() for article in articles
    ]


def test_each_item_of_a_list_bears_its_address() -> None:
    text = text_of(articles_list([an_article(1), an_article(2)], bold("Tin mới nhất")))

    assert text.split("\n\n") == [
        "Tin mới nhất",
        "1. Tin số 1\n12/11/2026\nhttps://tanlap.example.vn/tin/1",
        "2. Tin số 2\n12/11/2026\nhttps://tanlap.example.vn/tin/2",
    ]

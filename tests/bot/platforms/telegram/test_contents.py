"""What a person's message holds: styles, photos, documents, albums, other people's words."""

from typing import Any

import pytest

from bot.platforms.telegram.markup import entities_of
from jobs.rich_text import RichText, Span, Style
from storage.records import Attachment, AttachmentKind
from tests.bot.platforms.telegram.raw import FORWARDED, GROUP, PHOTO, PRIVATE, Json, message, said

A_PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="large", size_bytes=98000)
FILE = {"file_id": "f", "file_unique_id": "u"}
DOCUMENT = FILE | {"file_name": "Kế hoạch 12.pdf", "file_size": 25 * 2**20}
NOTICE = "🌾 Mời họp tại nhà văn hóa"


def entity(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length} | more


def span(style: Style, start: int, length: int, url: str = "") -> Span:
    return Span(style=style, start=start, length=length, url=url)


STYLES: dict[str, tuple[list[Json], list[Span]]] = {
    "bold": ([entity("bold", 3, 7)], [span(Style.BOLD, 3, 7)]),
    "italic": ([entity("italic", 3, 7)], [span(Style.ITALIC, 3, 7)]),
    "a quote": ([entity("blockquote", 0, 26)], [span(Style.QUOTE, 0, 26)]),
    "a folded quote": ([entity("expandable_blockquote", 0, 26)], [span(Style.QUOTE, 0, 26)]),
    "a link": (
        [entity("text_link", 15, 11, url="https://tanlap.example.vn/nvh")],
        [span(Style.LINK, 15, 11, "https://tanlap.example.vn/nvh")],
    ),
    "a link that is no web address": ([entity("text_link", 15, 11, url="tg://user?id=7")], []),
    "one in the other, the inner told first": (
        [entity("italic", 3, 3), entity("bold", 3, 7), entity("blockquote", 0, 26)],
        [span(Style.QUOTE, 0, 26), span(Style.BOLD, 3, 7), span(Style.ITALIC, 3, 3)],
    ),
    "what is no style of ours": (
        [
            entity("underline", 3, 3),
            entity("spoiler", 3, 3),
            entity("code", 3, 3),
            entity("custom_emoji", 0, 2, custom_emoji_id="1"),
            entity("url", 3, 3),
            entity("hashtag", 3, 3),
            entity("text_mention", 3, 3),
            entity("something_new", 3, 3),
        ],
        [],
    ),
}


@pytest.mark.parametrize("field", ["text", "caption"])
@pytest.mark.parametrize(("entities", "spans"), STYLES.values(), ids=STYLES)
def test_words_keep_the_styles_they_were_written_with(
    field: str, entities: list[Json], spans: list[Span]
) -> None:
    written: Json = (
        {"text": NOTICE, "entities": entities}
        if field == "text"
        else {"caption": NOTICE, "caption_entities": entities, "photo": PHOTO}
    )

    incoming = said({"message": message(PRIVATE, **written)}).incoming

    assert incoming.content == RichText(NOTICE, tuple(spans))
    assert incoming.text == NOTICE


def test_what_was_written_is_sent_with_the_same_entities() -> None:
    entities = [entity("bold", 3, 12), entity("italic", 7, 3)]
    incoming = said({"message": message(PRIVATE, NOTICE, entities=entities)}).incoming

    assert [each.to_dict() for each in entities_of(incoming.content)] == entities


def test_a_photo_is_taken_in_its_largest_size_with_its_caption() -> None:
    incoming = said({"message": message(PRIVATE, caption="Mời họp", photo=PHOTO)}).incoming

    assert incoming.attachment == A_PHOTO
    assert incoming.content == RichText("Mời họp")
    assert not incoming.other_media


def test_a_document_is_taken_with_its_name_and_size() -> None:
    incoming = said({"message": message(PRIVATE, document=DOCUMENT)}).incoming

    assert incoming.attachment == Attachment(
        kind=AttachmentKind.DOCUMENT,
        file_id="f",
        name="Kế hoạch 12.pdf",
        size_bytes=25 * 2**20,
    )
    assert incoming.text == ""


def test_a_photo_and_a_document_may_come_without_a_size_and_a_name() -> None:
    bare = [{"file_id": "large", "file_unique_id": "u", "width": 1, "height": 1}]

    photo = said({"message": message(PRIVATE, photo=bare)}).incoming.attachment
    document = said({"message": message(PRIVATE, document=FILE)}).incoming.attachment

    assert photo == Attachment(kind=AttachmentKind.PHOTO, file_id="large")
    assert document == Attachment(kind=AttachmentKind.DOCUMENT, file_id="f")


MOVING = FILE | {"width": 1, "height": 1, "duration": 3}
PLACE = {"latitude": 21.0, "longitude": 105.8}
OTHER_MEDIA: dict[str, Json] = {
    "a video": {"video": MOVING},
    # the document is there too, for old bots; core.telegram.org/bots/api#message, 2026-01
    "an animation": {"animation": MOVING, "document": FILE},
    "a voice message": {"voice": FILE | {"duration": 3}},
    "music": {"audio": FILE | {"duration": 3}},
    "a round video": {"video_note": FILE | {"length": 1, "duration": 3}},
    "a sticker": {
        "sticker": FILE
        | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
    },
    "a place": {"location": PLACE},
    "a contact": {"contact": {"phone_number": "0", "first_name": "Hoa"}},
    "a poll": {
        "poll": {
            "id": "1",
            "question": "Họp lúc nào?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
}


@pytest.mark.parametrize("media", OTHER_MEDIA.values(), ids=OTHER_MEDIA)
def test_what_no_bulletin_can_carry_is_heard_as_such(media: Json) -> None:
    incoming = said({"message": message(PRIVATE, **media)}).incoming

    assert incoming.other_media
    assert incoming.attachment is None
    assert incoming.text == ""


def test_the_words_under_a_video_are_heard_and_the_video_is_not_forgotten() -> None:
    incoming = said({"message": message(PRIVATE, caption="Mời xem", video=MOVING)}).incoming

    assert incoming.text == "Mời xem"
    assert incoming.other_media


def test_photos_sent_together_carry_the_same_album() -> None:
    first = message(PRIVATE, caption="Ảnh lễ hội", photo=PHOTO, media_group_id="138")
    second = message(PRIVATE, photo=PHOTO, media_group_id="138")

    heard = [said({"message": each}).incoming for each in (first, second)]

    assert [each.album for each in heard] == ["138", "138"]
    assert [each.text for each in heard] == ["Ảnh lễ hội", ""]
    assert said({"message": message(PRIVATE, photo=PHOTO)}).incoming.album == ""


VIA = {"id": 8, "is_bot": True, "first_name": "Bot khác", "username": "other_bot"}
PASSED_ON: dict[str, Json] = {
    "words": {"text": "/huy"},
    "a photo": {"caption": "/huy", "photo": PHOTO},
    "what was written by way of another bot": {"text": "/huy", "via_bot": VIA},
}


@pytest.mark.parametrize("what", PASSED_ON.values(), ids=PASSED_ON)
def test_what_is_forwarded_is_heard_as_other_peoples_words(what: dict[str, Any]) -> None:
    incoming = said({"message": message(PRIVATE, forward_origin=FORWARDED, **what)}).incoming

    assert incoming.forwarded
    assert incoming.content == RichText("/huy")
    assert incoming.attachment == (A_PHOTO if "photo" in what else None)


def test_what_a_person_writes_himself_is_not_forwarded() -> None:
    assert not said({"message": message(PRIVATE, "/huy")}).incoming.forwarded


def test_in_a_group_a_photo_that_names_the_bot_is_heard_without_the_name() -> None:
    shown = message(GROUP, caption="@bantin_tanlap_bot ảnh này", photo=PHOTO)

    incoming = said({"message": shown}).incoming

    assert incoming.attachment == A_PHOTO
    assert incoming.text == "ảnh này"
    assert incoming.content == RichText("ảnh này")

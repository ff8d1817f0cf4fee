"""A part as the request's JSON: what is in it, for whom, and that it is the same for all."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.telegram.letter import letter_of
from bot.platforms.telegram.markup import parts_of
from jobs.messenger import Address, Button, Content, Part, Rejected
from jobs.rich_text import RichText, bold
from storage.records import Attachment, AttachmentKind, ChatKind, Platform

TO = Address(platform=Platform.TELEGRAM, chat="7")
TOPIC = Address(platform=Platform.TELEGRAM, chat="-100500", thread="77", kind=ChatKind.GROUP)
PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="AgAC")
DOCUMENT = Attachment(kind=AttachmentKind.DOCUMENT, file_id="BQAC", name="Kế hoạch.pdf")
BOLD = {"type": "bold", "offset": 0, "length": 7}
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
KEYBOARD = {"reply_markup": {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}}

PART = Part(text=bold("Mời họp"))
CASES: dict[str, tuple[Part, str, dict[str, Any]]] = {
    "a text": (PART, "sendMessage", {"text": "Mời họp", "entities": [BOLD], **NO_PREVIEW}),
    "with buttons": (
        Part(text=RichText("Họp?"), buttons=((Button(label="Có", data="yes"),),)),
        "sendMessage",
        {"text": "Họp?", "entities": [], **NO_PREVIEW, **KEYBOARD},
    ),
    "a photo with a caption": (
        replace(PART, attachment=PHOTO),
        "sendPhoto",
        {"photo": "AgAC", "caption": "Mời họp", "caption_entities": [BOLD]},
    ),
    "a bare document, silent and paid": (
        Part(text=RichText(""), attachment=DOCUMENT, silent=True, is_paid=True),
        "sendDocument",
        {"document": "BQAC", "disable_notification": True, "allow_paid_broadcast": True},
    ),
}


@pytest.mark.parametrize(("part", "method", "said"), CASES.values(), ids=CASES)
def test_it_says_all_of_a_part_and_whom_it_is_for(
    part: Part, method: str, said: dict[str, Any]
) -> None:
    letter = letter_of(part)

    assert letter.method == method
    assert json.loads(letter.to(TO)) == {"chat_id": "7", **said}
    assert json.loads(letter.to(TOPIC)) == {
        "chat_id": "-100500",
        "message_thread_id": 77,
        **said,
    }


def test_vietnamese_is_written_as_it_is() -> None:
    assert "Mời họp".encode() in letter_of(PART).to(TO)


def test_what_is_no_unicode_is_rejected_and_not_repeated() -> None:
    with pytest.raises(Rejected) as told:
        letter_of(Part(text=RichText("nửa \ud83d")))

    assert told.value.__context__ is None


def test_all_parts_of_a_paid_content_are_paid() -> None:
    content = Content(text=RichText("dài " * 2000), attachment=PHOTO, is_paid=True, silent=True)

    parts = parts_of(content)

    assert len(parts) > 2
    assert all(part.is_paid and part.silent for part in parts)

"""What a person's message holds: its words with their styles, a photo or document. Pure."""

from collections.abc import Iterable
from typing import Final

from telegram import Message, MessageEntity
from telegram.constants import MessageEntityType

from bot.platforms.telegram.markup import is_web_address
from jobs.rich_text import RichText, Span, Style
from storage.records import Attachment, AttachmentKind

_STYLE_OF: Final[dict[str, Style]] = {
    MessageEntityType.BOLD: Style.BOLD,
    MessageEntityType.ITALIC: Style.ITALIC,
    MessageEntityType.TEXT_LINK: Style.LINK,
    MessageEntityType.BLOCKQUOTE: Style.QUOTE,
    MessageEntityType.EXPANDABLE_BLOCKQUOTE: Style.QUOTE,
}


def words_of(message: Message) -> RichText:
    """The text or caption as written. Styles we do not have become plain text."""
    if message.text:
        return _rich_text(message.text, message.entities)
    return _rich_text(message.caption or "", message.caption_entities)


def attachment_of(message: Message) -> Attachment | None:
    if message.photo:  # the same one in several sizes
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Attachment(
            kind=AttachmentKind.PHOTO,
            file_id=largest.file_id,
            size_bytes=largest.file_size or 0,
        )
    document = message.document
    # an animation has a document too, for old bots; core.telegram.org/bots/api#message, 2026-01
    if document is None or message.animation is not None:
        return None
    return Attachment(
        kind=AttachmentKind.DOCUMENT,
        file_id=document.file_id,
        name=document.file_name or "",
        size_bytes=document.file_size or 0,
    )


def has_other_media(message: Message) -> bool:
    """A video, voice message, sticker, place, poll …: what no bulletin can carry."""
    return message.effective_attachment is not None and attachment_of(message) is None


def _rich_text(text: str, entities: Iterable[MessageEntity]) -> RichText:
    """One entity may hold others, never a part of one; so may spans."""
    spans = [
        Span(style=style, start=each.offset, length=each.length, url=each.url or "")
        for each in entities
        if (style := _style_of(each)) is not None
    ]
    return RichText(text, tuple(sorted(spans, key=lambda span: (span.start, -span.length))))


def _style_of(entity: MessageEntity) -> Style | None:
    style = _STYLE_OF.get(entity.type)
    if style is Style.LINK and not is_web_address(entity.url or ""):
        return None
    return style

"""Rich text and buttons as Telegram takes them: entities, inline keyboards. Pure."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import MessageEntityType

from jobs.messenger import Button, Content, Part
from jobs.rich_text import RichText, Span, Style, plain, split, utf16_length

TEXT_LIMIT: Final = 4096  # UTF-16 units; core.telegram.org/bots/api#sendmessage, 2026-01
CAPTION_LIMIT: Final = 1024  # the same; core.telegram.org/bots/api#sendphoto, 2026-01

_ENTITY_OF: Final = {
    Style.BOLD: MessageEntityType.BOLD,
    Style.ITALIC: MessageEntityType.ITALIC,
    Style.LINK: MessageEntityType.TEXT_LINK,
    Style.QUOTE: MessageEntityType.BLOCKQUOTE,
}

Buttons = tuple[tuple[Button, ...], ...]


def parts_of(content: Content) -> list[Part]:
    """In order; the buttons stand under the last.

    An attachment comes first: the text is its caption when all of it fits, else it follows.
    """
    empty = Part(text=RichText(""), silent=content.silent, is_paid=content.is_paid)
    text = content.text + plain(f"\n{content.pressing}") if content.pressing else content.text
    parts = [replace(empty, text=each) for each in split(text, TEXT_LIMIT)]
    if content.attachment is not None:
        parts = _attached(replace(empty, attachment=content.attachment), parts)
    return [*parts[:-1], *(replace(last, buttons=content.buttons) for last in parts[-1:])]


def _attached(file: Part, parts: list[Part]) -> list[Part]:
    if len(parts) == 1 and utf16_length(parts[0].text.text) <= CAPTION_LIMIT:
        return [replace(file, text=parts[0].text)]
    return [file, *parts]


def entities_of(text: RichText) -> list[MessageEntity]:
    return [
        MessageEntity(
            type=_ENTITY_OF[span.style],
            offset=span.start,
            length=span.length,
            url=span.url or None,
        )
        for span in text.spans
        if _can_be_shown(span)
    ]


def keyboard_of(buttons: Buttons) -> InlineKeyboardMarkup | None:
    rows = [[_button(button) for button in row if _can_be_pressed(button)] for row in buttons]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.label, url=button.url or None, callback_data=button.data or None
    )


def _can_be_shown(span: Span) -> bool:
    return span.style is not Style.LINK or is_web_address(span.url)


def _can_be_pressed(button: Button) -> bool:
    return bool(button.data) or is_web_address(button.url)


def is_web_address(url: str) -> bool:
    """One bad address would make Telegram refuse the whole message."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    has_gap = any(character.isspace() for character in url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not has_gap

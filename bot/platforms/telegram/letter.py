"""A part as the Bot API takes it: encoded once, addressed to each chat. Pure."""

import json
from dataclasses import dataclass
from typing import Any, Final

from bot.platforms.telegram.markup import entities_of, keyboard_of
from bot.platforms.telegram.request import encoded
from jobs.messenger import Address, Part, Rejected
from storage.records import AttachmentKind

Json = dict[str, Any]

_NO_PREVIEW: Final = {"is_disabled": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request's method, and its JSON without whom it is for."""

    method: str
    rest: bytes  # from its first brace on

    def to(self, address: Address) -> bytes:
        head = f'{{"chat_id":{json.dumps(address.chat)},'
        if address.thread:
            head += f'"message_thread_id":{int(address.thread)},'
        return head.encode() + self.rest[1:]


def letter_of(part: Part) -> Letter:
    """Raises Rejected for what is no Unicode text."""
    method, said = _said(part)
    keyboard = keyboard_of(part.buttons)
    if keyboard is not None:
        said["reply_markup"] = keyboard.to_dict()
    if part.silent:
        said["disable_notification"] = True
    if part.is_paid:
        said["allow_paid_broadcast"] = True
    try:
        return Letter(method=method, rest=encoded(said))
    except UnicodeError:
        pass
    raise Rejected("the text cannot be written as UTF-8")  # without its context, which holds it


def _said(part: Part) -> tuple[str, Json]:
    text, entities = part.text.text, [entity.to_dict() for entity in entities_of(part.text)]
    if part.attachment is None:
        said = {"text": text, "entities": entities, "link_preview_options": _NO_PREVIEW}
        return "sendMessage", said
    method, name = _MEDIA[part.attachment.kind]
    file: Json = {name: part.attachment.file_id}
    return method, file | ({"caption": text, "caption_entities": entities} if text else {})


_MEDIA: Final = {
    AttachmentKind.PHOTO: ("sendPhoto", "photo"),
    AttachmentKind.DOCUMENT: ("sendDocument", "document"),
}

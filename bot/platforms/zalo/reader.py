"""Reads an update of Zalo's: who said what; nothing else is ever told. Pure."""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from bot.commands.command import Incoming
from bot.platforms.events import Arrival, Event, Json, Said
from bot.platforms.zalo.client import Me
from jobs.messenger import Address
from jobs.rich_text import RichText
from storage.records import Attachment, AttachmentKind, ChatKind, Platform

_MOST_CHARACTERS: Final = 4096  # Zalo's own messages end at 2,000
_ID: Final = re.compile(r"[!-~]{1,128}")


class Reader:
    """In a group Zalo shows the bot only what mentions or quotes it."""

    def __init__(self, me: Me, bot_id: int) -> None:
        self._bot_id = bot_id
        names = sorted(filter(None, {me.name, me.account_name}), key=len, reverse=True)
        self._mention = re.compile(
            "|".join(rf"@{_with_any_spaces(name)}(?!\w)" for name in names) or "(?!)",
            re.IGNORECASE,
        )

    def read(self, raw: Json) -> Arrival:
        """Without events for what is no concern of the bot or lacks what it needs."""
        message = _inner(raw, "message")
        key, chat = _id(message, "message_id"), _id(_inner(message, "chat"), "id")
        sender = _inner(message, "from")
        is_heard = bool(key and chat and _id(sender, "id")) and sender.get("is_bot") is not True
        said = self._said(str(raw.get("event_name")), message) if is_heard else None
        return Arrival(key=key, chat=chat, events=[said] if said is not None else [])

    def _said(self, event: str, message: Json) -> Event | None:
        incoming = self._sender(message)
        words = _word(message, "text") or _word(message, "caption")
        text = self._without_name(words) if incoming.in_group else words
        if incoming.in_group:
            incoming = replace(incoming, called=self._mentions(words))
        match event:
            case "message.text.received" | "message.image.received" if incoming.in_group:
                # there pictures are of no use; its bare name may ask who it is
                heard = replace(incoming, text=text) if text or incoming.called else None
            case "message.text.received":
                heard = replace(incoming, text=text, content=RichText(text)) if text else None
            case "message.image.received":
                photo = _photo(message)
                heard = replace(
                    incoming,
                    text=text,
                    content=RichText(text),
                    attachment=photo,
                    other_media=photo is None,
                )
            case "message.sticker.received" | "message.voice.received" if not incoming.in_group:
                heard = replace(incoming, other_media=True)
            case "message.unsupported.received" if not incoming.in_group:
                heard = replace(incoming, unsupported=True)
            case _:
                heard = None
        return Said(incoming=heard) if heard is not None else None

    def _sender(self, message: Json) -> Incoming:
        sender, chat = _inner(message, "from"), _inner(message, "chat")
        person, chat_id = _id(sender, "id"), _id(chat, "id")
        kind = chat.get("chat_type")
        is_group = kind == "GROUP" or (kind != "PRIVATE" and chat_id != person)
        return Incoming(
            address=Address(
                platform=Platform.ZALO,
                chat=chat_id,
                kind=ChatKind.GROUP if is_group else ChatKind.PERSON,
            ),
            bot_id=self._bot_id,
            person=person,
            person_name=_word(sender, "display_name"),
            is_chat_admin=None,
        )

    def _mentions(self, text: str) -> bool:
        """Else his message quotes one of the bot's."""
        return self._mention.search(unicodedata.normalize("NFC", text)) is not None

    def _without_name(self, text: str) -> str:
        """Mentions stay in the text of a group's message."""
        return self._mention.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _inner(holder: Json, name: str) -> Json:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def _word(holder: Json, name: str) -> str:
    """At most what a message can hold; half a surrogate pair can be neither stored nor sent."""
    found = holder.get(name)
    if not isinstance(found, str):
        return ""
    return found[:_MOST_CHARACTERS].encode(errors="replace").decode().strip()


def _id(holder: Json, name: str) -> str:
    """A string; a number would be one too. Empty for what cannot be any."""
    found = holder.get(name)
    told = str(found) if isinstance(found, str | int) else ""
    return told if _ID.fullmatch(told) else ""


def _photo(message: Json) -> Attachment | None:
    """Documented as `photo`, seen as `photo_url`."""
    url = _word(message, "photo_url") or _word(message, "photo")
    is_address = url.startswith(("http://", "https://"))
    return Attachment(kind=AttachmentKind.PHOTO, file_id=url) if is_address else None


def _with_any_spaces(name: str) -> str:
    return r"\s+".join(map(re.escape, unicodedata.normalize("NFC", name).split()))

"""The nouns of this Zalo: persons, chats, messages, and what a bot has sent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Of one who `is_special` (a child) a bot is told only that something was written."""

    id: str
    name: str
    is_bot: bool = False
    is_special: bool = False

    def to_api(self) -> Json:
        return {"id": self.id, "display_name": self.name, "is_bot": self.is_bot}


class ChatKind(StrEnum):
    PRIVATE = "PRIVATE"
    GROUP = "GROUP"


class Standing(StrEnum):
    """Whether a bot may write to a chat; nothing ever tells it."""

    STRANGER = "stranger"  # never wrote to it: refused
    RETURNING = "returning"  # perhaps known from an earlier run: let through while there is room
    MEMBER = "member"
    GONE = "gone"  # blocked by the person, removed from the group


class MessageKind(StrEnum):
    """What stands in an event's name: message.<kind>.received."""

    TEXT = "text"
    IMAGE = "image"
    STICKER = "sticker"
    VOICE = "voice"
    UNSUPPORTED = "unsupported"


@dataclass(slots=True, kw_only=True)
class Message:
    id: str
    chat: "Chat"
    sender: Person
    date: datetime
    kind: MessageKind = MessageKind.TEXT
    text: str = ""  # of an image its caption
    media: str = ""  # the address of an image or voice, the name of a sticker
    styles: tuple[Json, ...] = ()  # text_styles
    parse_mode: str = ""
    reply_to: str = ""
    reached_bot: bool = True  # false for a group's own talk

    @property
    def date_ms(self) -> int:
        return int(self.date.timestamp() * 1000)

    def to_page(self) -> Json:
        return {
            "message_id": self.id,
            "from": self.sender.to_api(),
            "date": self.date_ms,
            "kind": self.kind.value,
            "text": self.text,
            "media": self.media,
            "styles": list(self.styles),
            "parse_mode": self.parse_mode,
            "reply_to": self.reply_to,
            "reached_bot": self.reached_bot,
        }


@dataclass(slots=True, kw_only=True)
class Chat:
    """Between one bot and a person or group."""

    id: str
    kind: ChatKind
    title: str = ""  # of a group
    people: tuple[Person, ...] = ()  # of a group the owner first
    standing: Standing = Standing.MEMBER
    messages: dict[str, Message] = field(default_factory=dict)  # by id, in order

    @property
    def is_private(self) -> bool:
        return self.kind is ChatKind.PRIVATE

    def to_api(self) -> Json:
        return {"id": self.id, "chat_type": self.kind.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that Zalo took from a bot."""

    at: float  # monotonic seconds
    account: str  # of the bot: what stands before the colon of its token
    message: Message

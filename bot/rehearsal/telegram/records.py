"""The nouns of this Telegram: persons, chats, messages, answers to a pressed button."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a Telegram account; a bot is one too."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def to_api(self) -> Json:
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        if not self.is_bot:
            shown["language_code"] = "vi"
        return shown


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    """What a person is in a group."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"

    @property
    def is_admin(self) -> bool:
        return self is not Status.MEMBER


class Standing(StrEnum):
    """Whether the bot may write to a chat."""

    STRANGER = "stranger"  # never started: refused
    RETURNING = "returning"  # not seen in this run, known from an earlier one: let through
    MEMBER = "member"
    GONE = "gone"  # blocked by the person, removed from the group


@dataclass(slots=True, kw_only=True)
class Message:
    id: int
    chat: "Chat"
    sender: Person
    date: datetime
    text: str = ""
    entities: tuple[Json, ...] = ()
    keyboard: Json | None = None  # InlineKeyboardMarkup
    options: Json = field(default_factory=dict)  # link_preview_options, message_thread_id …
    service: Json = field(default_factory=dict)  # what happened, in a message without text
    reply_to: int | None = None
    silent: bool = False
    edited: datetime | None = None

    def to_api(self, *, with_reply: bool = True) -> Json:
        shown: Json = {
            "message_id": self.id,
            "from": self.sender.to_api(),
            "chat": self.chat.to_api(),
            "date": int(self.date.timestamp()),
            **self.options,
            **self.service,
        }
        if self.text:
            shown["text"] = self.text
        if self.entities:
            shown["entities"] = list(self.entities)
        if self.keyboard is not None:
            shown["reply_markup"] = self.keyboard
        if self.edited is not None:
            shown["edit_date"] = int(self.edited.timestamp())
        if with_reply and self.reply_to in self.chat.messages:
            shown["reply_to_message"] = self.chat.messages[self.reply_to].to_api(with_reply=False)
        return shown


@dataclass(slots=True, kw_only=True)
class Chat:
    id: int
    kind: ChatKind
    title: str = ""  # of a group
    person: Person | None = None  # of a private chat
    standing: Standing = Standing.MEMBER
    members: dict[int, Status] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)  # by id, in order
    topics: set[int] = field(default_factory=set)  # message_thread_id of a forum's topics
    moved_to: int | None = None

    @property
    def is_private(self) -> bool:
        return self.kind is ChatKind.PRIVATE

    def to_api(self) -> Json:
        shown: Json = {"id": self.id, "type": self.kind.value}
        if self.person is None:
            return shown | {"title": self.title}
        shown["first_name"] = self.person.first_name
        if self.person.last_name:
            shown["last_name"] = self.person.last_name
        if self.person.username:
            shown["username"] = self.person.username
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot said to a pressed button."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that Telegram took from the bot."""

    at: float  # monotonic seconds
    message: Message

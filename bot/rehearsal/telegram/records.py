"""The nouns of this Telegram: persons, chats, messages, answers to a pressed button."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.rehearsal.telegram.files import FileKind, StoredFile

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The photo or document of a message; of a photo also a small one, as Telegram makes it."""

    file: StoredFile
    small: StoredFile | None = None

    def to_api(self) -> Json:
        if self.file.kind is FileKind.DOCUMENT:
            return {"document": _document(self.file)}
        sizes = [self.file] if self.small is None else [self.small, self.file]
        return {"photo": [_photo_size(file) for file in sizes]}


@dataclass(slots=True, kw_only=True)
class Message:
    id: int
    chat: "Chat"
    sender: Person
    date: datetime
    text: str = ""  # with media its caption
    entities: tuple[Json, ...] = ()
    media: Media | None = None
    keyboard: Json | None = None  # InlineKeyboardMarkup
    options: Json = field(default_factory=dict)  # link_preview_options, media_group_id …
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
        text, entities = "text", "entities"
        if self.media is not None:
            shown |= self.media.to_api()
            text, entities = "caption", "caption_entities"
        if self.text:
            shown[text] = self.text
        if self.entities:
            shown[entities] = list(self.entities)
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


@dataclass(frozen=True, slots=True)
class Done:
    """An answer of True that says what was done."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that Telegram took from the bot."""

    at: float  # monotonic seconds
    message: Message


def _document(file: StoredFile) -> Json:
    return {
        "file_name": file.name,
        "mime_type": file.mime,
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
    }


def _photo_size(file: StoredFile) -> Json:
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "width": file.width,
        "height": file.height,
    }

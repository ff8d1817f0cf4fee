"""The nouns of a conversation: Incoming, Request, Reply, Command, and who may say what."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jobs.messenger import Address, Button, Content
from jobs.rich_text import RichText
from storage.database import Database
from storage.records import Chat, ChatKind, Role, Subscriber

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")  # core.telegram.org/bots/api#botcommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a person said or pressed, whatever the platform."""

    address: Address
    bot_id: int  # our row of the bot
    person: str  # the platform's id of who wrote or pressed; "" when it hides him
    person_name: str  # as the platform shows it; never logged
    text: str = ""  # as typed, without the bot's own name
    data: str = ""  # of the pressed button
    addressed: bool = True  # a private chat; in a group a command, a mention or a reply to the bot
    message_id: str = ""  # the message that the pressed button belongs to
    is_chat_admin: Callable[[], Awaitable[bool]]  # asks the platform, so only when needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bot answers; a pressed button's reply edits its message unless `edit` is off."""

    text: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    edit: bool = True
    toast: str = ""  # a word shown on the pressed button

    @property
    def content(self) -> Content:
        return Content(text=self.text, buttons=self.buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose bot this is, as its messages say it."""

    name: str
    address_form: str  # anh/chị, đồng chí, ông/bà, quý vị, or "" to leave the pronoun out
    contact: str  # whom to ask: a name, a telephone number


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command, said by somebody whose rights are known."""

    incoming: Incoming
    argument: str  # what stands behind the command, or in the button
    office: Office
    database: Database
    now: datetime
    chat: Chat | None  # None before anything is stored
    subscriber: Subscriber | None
    role: Role

    @property
    def in_group(self) -> bool:
        return self.incoming.address.kind is ChatKind.GROUP


class CommandError(Exception):
    """What the person asked for cannot be done; the text tells him why and what to do."""


Run = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing people can say, for every platform."""

    name: str
    aliases: tuple[str, ...]  # as people type them, marks and all
    help: str  # one sentence: help text, the platform's menu, README
    run: Run
    role: Role = Role.MEMBER
    changes_chat: bool = False  # in a group only its admins may
    in_menu: bool = True

    def __post_init__(self) -> None:
        if not COMMAND_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be a command's name")

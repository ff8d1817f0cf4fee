"""The nouns of a conversation: Incoming, Request, Reply, Command, and who may say what."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.messenger import Address, Button, Content
from jobs.quiet import QuietHours
from jobs.rich_text import RichText
from jobs.text import clean
from storage.database import Database
from storage.records import Attachment, Chat, ChatKind, Role, Subscriber, SubscriberState
from storage.repositories.subscribers import ChatAddress

NO_WORDS = RichText("")
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")  # core.telegram.org/bots/api#botcommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a person said or pressed, whatever the platform."""

    address: Address
    bot_id: int  # our row of the bot
    person: str  # the platform's id of who wrote or pressed; "" when it hides him
    person_name: str  # as the platform shows it; never logged
    chat_name: str = ""  # a group's title; never logged
    text: str = ""  # as typed, without the bot's own name
    content: RichText = NO_WORDS  # the same as written, with its styles: what a notice may say
    attachment: Attachment | None = None  # a photo or document; `text` and `content` its caption
    album: str = ""  # of several photos sent together, one Incoming each; the same for all
    other_media: bool = False  # a video, voice message, sticker …: nothing a notice can carry
    unsupported: bool = False  # somebody wrote, but the platform keeps back what
    forwarded: bool = False  # somebody's words passed on: a "/huy" in them is no command
    data: str = ""  # of the pressed button
    called: bool = True  # by a command or its name; in a group an answer to its words may be talk
    message_id: str = ""  # the message that the pressed button belongs to
    # asks the platform, so only when needed; None: it tells no bot who administers a group
    is_chat_admin: Callable[[], Awaitable[bool]] | None

    @property
    def in_group(self) -> bool:
        return self.address.kind is ChatKind.GROUP

    @property
    def tells_admins(self) -> bool:
        """Whether the platform says who administers a group."""
        return self.is_chat_admin is not None

    @property
    def where(self) -> ChatAddress:
        """The chat, as storage knows it."""
        return ChatAddress(
            platform=self.address.platform,
            bot_id=self.bot_id,
            address=self.address.chat,
            thread=self.address.thread,
        )

    @property
    def chat_title(self) -> str:
        """The group's name, or the person's in his private chat, as it may be stored."""
        return clean(self.chat_name if self.in_group else self.person_name)

    @property
    def own_chat(self) -> ChatAddress:
        """The private chat of who wrote: its address is the person's id."""
        if not self.in_group:
            return self.where
        return ChatAddress(platform=self.address.platform, bot_id=self.bot_id, address=self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bot answers; a pressed button's reply edits its message unless `edit` is off."""

    text: RichText  # empty: nothing is said but the toast
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    edit: bool = True
    toast: str = ""  # a word shown on the pressed button
    above: Content | None = None  # sent first, as a message of its own: a preview
    is_tick_list: bool = False  # the buttons say what is ticked and unticked; not that at `back`
    back: str = ""  # what a typed 0 says where there are no buttons; may be one of the buttons'
    takes_words: bool = False  # anything else that is typed is taken too: a notice's content
    leaves_question: bool = False  # what was asked before may still be answered, by number

    @property
    def content(self) -> Content:
        return Content(text=self.text, buttons=self.buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose bot this is, as its messages say it."""

    name: str
    address_form: str  # anh/chị, đồng chí, ông/bà, quý vị, or "" to leave the pronoun out
    contact: str  # whom to ask: a name, a telephone number
    quiet_from_hour: int = 21  # in Viet Nam; the same as the other: no quiet hours
    quiet_to_hour: int = 6
    messages_per_second: float = 30  # how fast notices go out
    paid_per_second: float = 0  # how fast they may for the office's money; 0: never
    answers_a_day: int = 30  # to one chat, where each message costs one of the month's

    @property
    def quiet(self) -> QuietHours:
        return QuietHours(from_hour=self.quiet_from_hour, to_hour=self.quiet_to_hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command, said by somebody whose rights are known."""

    incoming: Incoming
    commands: "tuple[Command, ...]"  # all there are, in the order of the help text
    argument: str  # what was typed behind the command
    choice: str  # what the pressed button says, or the one that a typed answer means
    office: Office
    database: Database
    now: datetime
    chat: Chat | None  # None before anything is stored
    subscriber: Subscriber | None
    actor_id: int | None  # the subscriber who wrote, also in a group; None for a stranger
    role: Role  # of who wrote
    has_buttons: bool = True  # else the choices are numbered, and typed

    @property
    def in_group(self) -> bool:
        return self.incoming.in_group

    @property
    def is_subscribed(self) -> bool:
        return self.subscriber is not None and self.subscriber.state is SubscriberState.ACTIVE


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
    argument: str = ""  # what may follow bare words, as people call it; "" when nothing may
    role: Role = Role.MEMBER
    changes_chat: bool = False  # in a group only its admins may
    in_menu: bool = True
    in_groups: bool = True  # else groups are not told of it
    on_several: bool = False  # of use only to an office that is on several platforms

    def __post_init__(self) -> None:
        if not COMMAND_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be a command's name")

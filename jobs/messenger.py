"""What delivery needs from a platform: Messenger, Capabilities, the SendError tree.

SendError                 what delivery does next
├── ChatGone              fails, stops writing to this chat
├── ChatMoved(address)    stores the new address, sends there
├── Throttled(seconds)    puts back, waits exactly as long as told
├── Unreachable           nothing left this machine, or the platform is down: puts back, backs off
│   └── TokenRefused      the bot is nobody to the platform until somebody acts: it stops
├── QuotaGone             the month's messages are used up: puts back, the bot rests
├── Refused               not to this chat, nobody says why: fails; often in a row, he is gone
├── Rejected              this content is never accepted: fails, our bug, logged as an error
└── MaybeSent             no answer came: unsure, sent once more
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from jobs.rich_text import RichText
from storage.records import Attachment, Chat, ChatKind, Platform

PLATFORM_NAMES: Final = {Platform.TELEGRAM: "Telegram", Platform.ZALO: "Zalo"}


class SendError(Exception):
    """A send that did not end with a message id. Its text holds no token and no message text."""


class ChatGone(SendError):
    """The chat blocked the bot, removed it, or no longer exists."""


class ChatMoved(SendError):
    """A group became a supergroup and has another address."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat has another address")
        self.address = address


class Throttled(SendError):
    """Too fast. `whole_bot` says whether all chats must wait or this one alone."""

    def __init__(self, wait: timedelta, *, whole_bot: bool = False) -> None:
        super().__init__(f"told to wait {wait.total_seconds():g} s")
        self.wait = wait
        self.whole_bot = whole_bot


class Unreachable(SendError):
    """Nothing was delivered, and later it may work: no connection, a server error."""


class TokenRefused(Unreachable):
    """The bot's token is wrong or was revoked: nothing goes out until somebody acts."""


class QuotaGone(SendError):
    """The platform takes no more of this bot until the month turns."""


class Refused(SendError):
    """Not taken for this chat, for a reason that the platform does not tell."""


class Rejected(SendError):
    """This content will never be accepted."""


class MaybeSent(SendError):
    """The bytes left, no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes: one chat of one bot, as the platform names it."""

    platform: Platform
    chat: str
    thread: str = ""  # a forum topic
    kind: ChatKind = ChatKind.PERSON


def address_of(chat: Chat) -> Address:
    return Address(platform=chat.platform, chat=chat.address, thread=chat.thread, kind=chat.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Opens a link (`url`) or says `data` back to the bot; exactly one of the two is set."""

    label: str
    url: str = ""
    data: str = ""  # Telegram: 1-64 bytes; core.telegram.org/bots/api#inlinekeyboardbutton


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is to be said, whatever the platform."""

    text: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    pressing: str = ""  # what the buttons are for; said only where there are any
    attachment: Attachment | None = None
    silent: bool = False
    is_paid: bool = False  # faster than the platform's free limit, at the office's cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a content within the platform's limit. Buttons stand under the last part."""

    text: RichText  # with an attachment its caption, which may be empty
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: Attachment | None = None
    silent: bool = False
    is_paid: bool = False  # faster than the platform's free limit, at the office's cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    text_limit: int  # UTF-16 units
    buttons: bool
    edits: bool


class Messenger(Protocol):
    """What sends on one platform."""

    @property
    def platform(self) -> Platform: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def render(self, content: Content) -> Sequence[Part]:
        """Pure: the parts that `send` takes, in order."""
        ...

    async def ping(self) -> None:
        """Whether the platform answers at all. Raises SendError."""
        ...

    async def send(self, to: Address, part: Part) -> str:
        """The platform's message id. Raises SendError."""
        ...

    async def edit(self, to: Address, message_id: str, part: Part) -> None:
        """Raises SendError; a message that already shows the part is no error."""
        ...

"""All that this Zalo knows: its bots, their chats and messages, and how it is set to behave."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from itertools import count
from typing import Literal

from bot.rehearsal.world import World
from bot.rehearsal.zalo import cast
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.errors import QUOTA_EXCEEDED, ApiError
from bot.rehearsal.zalo.faults import ZaloFaults
from bot.rehearsal.zalo.knobs import Knobs, Updates
from bot.rehearsal.zalo.records import Chat, ChatKind, Json, Message, Person, Sent, Standing

ORDINARY = Knobs()
ID_CHARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a person looking at a chat would notice."""

    kind: Literal["message", "typing", "chat", "faults", "lost"]
    account: str  # of the bot; empty: of all
    chat_id: str  # empty: all chats
    message: Message | None = None
    detail: Json = field(default_factory=dict)


class ZaloWorld(World[Event]):
    """`knobs` may be replaced at any time."""

    def __init__(
        self,
        *,
        tokens: Sequence[str] = cast.REHEARSAL_TOKENS,
        now: Callable[[], datetime],
        knobs: Knobs = ORDINARY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(now=now, monotonic=monotonic)
        self.knobs = knobs
        self.bots = {token: Account(token, number) for number, token in enumerate(tokens, start=1)}
        self.persons: dict[str, Person] = {}
        self.sent: list[Sent] = []
        self.calls: Counter[str] = Counter()  # by method
        self.refused: Counter[int] = Counter()  # by code
        self.faults = ZaloFaults()
        self.faults.watchers.append(
            lambda: self.tell(Event(kind="faults", account="", chat_id=""))
        )
        self._ids = count(self.first_id)

    @property
    def bot(self) -> Account:
        """The first; most rehearsals have one."""
        return next(iter(self.bots.values()))

    def add_person(
        self, person: Person, *, bot: Account | None = None, standing: Standing = Standing.STRANGER
    ) -> Chat:
        """A person and the private chat with the bot, which has the same id."""
        self.persons[person.id] = person
        chat = (bot or self.bot).private_chat(person)
        chat.standing = standing
        return chat

    def add_group(
        self,
        chat_id: str,
        title: str,
        people: Sequence[Person],
        *,
        bot: Account | None = None,
        standing: Standing = Standing.MEMBER,
    ) -> Chat:
        """The group's owner stands first."""
        self.persons |= {person.id: person for person in people}
        chat = Chat(
            id=chat_id,
            kind=ChatKind.GROUP,
            title=title,
            people=tuple(people),
            standing=standing,
        )
        return (bot or self.bot).chats.setdefault(chat_id, chat)

    def add_cast(self) -> None:
        """Those who play in the chat page; a bot that knew them before may write to them."""
        for person in cast.PEOPLE:
            self.add_person(person, standing=Standing.RETURNING)
        self.add_group(
            cast.GROUP_ID,
            cast.GROUP_TITLE,
            (cast.GROUP_OWNER, cast.GROUP_MEMBER),
            standing=Standing.RETURNING,
        )

    def messages(self, chat_id: str) -> list[Message]:
        return self._bot_in(chat_id).messages(chat_id)

    def texts(self, chat_id: str) -> list[str]:
        """What a bot has written in a chat, the oldest first."""
        return self._bot_in(chat_id).texts(chat_id)

    def used(self, bot: Account | None = None) -> int:
        """Messages of this month's quota."""
        return (bot or self.bot).quota_used(self.now(), self.knobs)

    def next_message_id(self) -> str:
        return hashlib.sha256(str(next(self._ids)).encode()).hexdigest()[:ID_CHARS]

    def take_quota(self, bot: Account) -> None:
        """Raises ApiError when the month's is used up."""
        most = self.knobs.monthly_messages
        if most is not None and self.used(bot) >= most:
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, QUOTA_EXCEEDED)
        bot.quota.note_sent(self.now())

    def take_from_bot(self, bot: Account, message: Message) -> None:
        if message.chat.standing is Standing.RETURNING:
            self.set_standing(bot, message.chat, Standing.MEMBER)
        self.sent.append(Sent(at=self.monotonic(), account=bot.id, message=message))
        self.post(bot, message)

    def post(self, bot: Account, message: Message) -> None:
        message.chat.messages[message.id] = message
        self.tell(Event(kind="message", account=bot.id, chat_id=message.chat.id, message=message))

    def push(self, bot: Account, update: Json) -> None:
        """What the bot is told, or misses."""
        is_kept = bool(bot.webhook.url) or self.knobs.updates is not Updates.LIVE_ONLY
        bot.updates.push(update, is_kept=is_kept)

    def set_standing(self, bot: Account, chat: Chat, standing: Standing) -> None:
        chat.standing = standing
        self.tell(Event(kind="chat", account=bot.id, chat_id=chat.id))

    def _bot_in(self, chat_id: str) -> Account:
        """The bot that has this chat: the first that has. Raises KeyError."""
        for bot in self.bots.values():
            if chat_id in bot.chats:
                return bot
        raise KeyError(chat_id)

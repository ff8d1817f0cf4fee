"""All that this Telegram knows: persons, chats, messages, and what waits for the bot."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Literal

from bot.rehearsal.telegram import cast
from bot.rehearsal.telegram.errors import bad_request, forbidden, too_many_requests, upgraded
from bot.rehearsal.telegram.faults import TelegramFaults
from bot.rehearsal.telegram.files import Files
from bot.rehearsal.telegram.limits import Limits, Pace, Traffic
from bot.rehearsal.telegram.menu import Menus
from bot.rehearsal.telegram.records import (
    Answer,
    Chat,
    ChatKind,
    Json,
    Message,
    Person,
    Sent,
    Standing,
    Status,
)
from bot.rehearsal.telegram.updates import UpdateQueue
from bot.rehearsal.telegram.webhook import Webhook
from bot.rehearsal.world import World

DOCUMENTED_LIMITS = Limits()
QUERY_LIFETIME_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a person looking at a chat would notice."""

    kind: Literal["message", "edit", "delete", "typing", "answer", "chat", "menu", "faults"]
    chat_id: int | None  # None: all chats
    message: Message | None = None
    detail: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A pressed button that waits for an answer."""

    id: str
    person: Person
    chat_id: int
    at: float  # monotonic seconds


class TelegramWorld(World[Event]):
    def __init__(
        self,
        *,
        token: str = cast.REHEARSAL_TOKEN,
        now: Callable[[], datetime],
        limits: Limits | None = DOCUMENTED_LIMITS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(now=now, monotonic=monotonic)
        self.token = token
        self.bot = cast.the_bot(token)
        self.privacy_mode = True  # core.telegram.org/bots/features#privacy-mode
        self.persons: dict[int, Person] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.sent: list[Sent] = []
        self.answers: dict[str, Answer] = {}  # by query id
        self.menus = Menus()
        self.files = Files(self.bot.id)
        self.faults = TelegramFaults()
        self.faults.watchers.append(lambda: self.tell(Event(kind="faults", chat_id=None)))
        self.traffic = Traffic()
        self.updates = UpdateQueue(self.first_id)
        self.webhook = Webhook()
        self.webhook_changed = asyncio.Event()  # set by whoever sets or removes it
        self._pace = None if limits is None else Pace(limits)
        self._queries: dict[str, Query] = {}
        self._query_ids = count(self.first_id)
        self._shared_ids = count(self.first_id)  # private chats and groups
        self._album_ids = count(self.first_id)
        self._own_ids: defaultdict[int, Iterator[int]] = defaultdict(lambda: count(1))

    def add_person(self, person: Person, *, standing: Standing = Standing.MEMBER) -> Chat:
        """A person and the private chat with the bot, which has the same id."""
        self.persons[person.id] = person
        chat = Chat(id=person.id, kind=ChatKind.PRIVATE, person=person, standing=standing)
        return self.chats.setdefault(chat.id, chat)

    def add_group(
        self,
        chat_id: int,
        title: str,
        members: dict[Person, Status],
        *,
        standing: Standing = Standing.MEMBER,
    ) -> Chat:
        for person in members:
            self.persons.setdefault(person.id, person)
        statuses = {person.id: status for person, status in members.items()}
        chat = Chat(
            id=chat_id, kind=ChatKind.GROUP, title=title, members=statuses, standing=standing
        )
        return self.chats.setdefault(chat.id, chat)

    def add_cast(self) -> None:
        """Those who play in the chat page; a bot that knew them before may write to them."""
        for person in cast.PEOPLE:
            self.add_person(person, standing=Standing.RETURNING)
        self.add_group(
            cast.GROUP_ID,
            cast.GROUP_TITLE,
            {cast.GROUP_ADMIN: Status.CREATOR, cast.GROUP_MEMBER: Status.MEMBER},
            standing=Standing.RETURNING,
        )

    def chat(self, chat_id: int) -> Chat:
        """Follows a group to its supergroup."""
        chat = self.chats[chat_id]
        return chat if chat.moved_to is None else self.chats[chat.moved_to]

    def messages(self, chat_id: int) -> list[Message]:
        return list(self.chat(chat_id).messages.values())

    def from_bot(self, chat_id: int) -> list[Message]:
        return [message for message in self.messages(chat_id) if message.sender is self.bot]

    def texts(self, chat_id: int) -> list[str]:
        """What the bot's messages in a chat say now, the oldest first."""
        return [message.text for message in self.from_bot(chat_id)]

    def reach(self, chat_ref: str) -> Chat:
        """The chat that the bot names in a call. Raises ApiError when it may not write there."""
        if not chat_ref:
            raise bad_request("chat_id is empty")
        is_number = chat_ref.removeprefix("-").isdecimal()
        chat = self.chats.get(int(chat_ref)) if is_number else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise upgraded(chat.moved_to)
        if chat.standing is Standing.GONE:
            private, group = "blocked by the user", f"kicked from the {chat.kind.value} chat"
            raise forbidden(f"bot was {private if chat.is_private else group}")
        if chat.standing is Standing.STRANGER:
            group = f"bot is not a member of the {chat.kind.value} chat"
            private = "bot can't initiate conversation with a user"
            raise forbidden(private if chat.is_private else group)
        return chat

    def keep_pace(self, chat: Chat, *, messages: int = 1) -> None:
        """Raises ApiError when the bot writes too fast."""
        if self._pace is None:
            return
        wait = self._pace.wait_seconds(
            chat.id, is_group=not chat.is_private, at=self.monotonic(), messages=messages
        )
        if wait:
            raise too_many_requests(wait)

    def take_from_bot(self, message: Message) -> Message:
        if message.chat.standing is Standing.RETURNING:
            self.set_standing(message.chat, Standing.MEMBER)
        at = self.monotonic()
        self.sent.append(Sent(at=at, message=message))
        self.traffic.note_message(message.chat.id, at)
        return self.post(message)

    def set_standing(self, chat: Chat, standing: Standing) -> None:
        chat.standing = standing
        self.tell(Event(kind="chat", chat_id=chat.id))

    def post(self, message: Message) -> Message:
        message.chat.messages[message.id] = message
        self.tell(Event(kind="message", chat_id=message.chat.id, message=message))
        return message

    def delete(self, message: Message) -> None:
        del message.chat.messages[message.id]
        detail = {"message_id": message.id, "chat_id": message.chat.id}
        self.tell(Event(kind="delete", chat_id=message.chat.id, detail=detail))

    def next_album_id(self) -> str:
        return str(next(self._album_ids))

    def next_message_id(self, chat: Chat) -> int:
        if chat.kind is ChatKind.SUPERGROUP:
            return next(self._own_ids[chat.id])
        return next(self._shared_ids)

    def open_query(self, person: Person, chat: Chat) -> str:
        query_id = str(next(self._query_ids))
        self._queries[query_id] = Query(
            id=query_id, person=person, chat_id=chat.id, at=self.monotonic()
        )
        return query_id

    def close_query(self, query_id: str, answer: Answer) -> Query | None:
        """The query that is answered, or None when there is none or it is too old."""
        query = self._queries.pop(query_id, None)
        if query is None or self.monotonic() - query.at > QUERY_LIFETIME_SECONDS:
            return None
        self.answers[query_id] = answer
        return query

    def expire_queries(self) -> None:
        """As if a long time had passed since the buttons were pressed."""
        self._queries.clear()

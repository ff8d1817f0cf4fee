"""One bot on this Zalo: its chats, what waits for it, what it has used."""

import asyncio
from collections import Counter
from datetime import datetime

from bot.rehearsal.zalo.cast import BOT_NAME
from bot.rehearsal.zalo.errors import ApiError, bad_request
from bot.rehearsal.zalo.knobs import Knobs
from bot.rehearsal.zalo.quota import Quota
from bot.rehearsal.zalo.records import Chat, ChatKind, Json, Message, Person, Standing
from bot.rehearsal.zalo.updates import UpdateQueue
from bot.rehearsal.zalo.webhook import Webhook

KNOWN = frozenset({Standing.MEMBER, Standing.GONE})


class Account:
    """A bot's account is what stands before the colon of its token."""

    def __init__(self, token: str, number: int) -> None:
        self.token = token
        self.id = token.partition(":")[0]
        name = BOT_NAME if number == 1 else f"{BOT_NAME} {number}"
        self.person = Person(id=self.id, name=name, is_bot=True)
        self.chats: dict[str, Chat] = {}
        self.updates = UpdateQueue()
        self.webhook = Webhook()
        self.webhook_changed = asyncio.Event()  # set by whoever sets or removes it
        self.webhook_tests: Counter[str] = Counter()  # by day
        self.quota = Quota()

    @property
    def mention(self) -> str:
        return f"@{self.person.name}"

    def to_api(self, knobs: Knobs) -> Json:
        return {
            "id": self.id,
            "account_name": f"bot.{self.id}",
            "account_type": "BASIC",
            "can_join_groups": knobs.can_join_groups,
            "display_name": self.person.name,
        }

    def count(self, kind: ChatKind) -> int:
        """The people who ever wrote to it, or the groups it is in."""
        counted = KNOWN if kind is ChatKind.PRIVATE else {Standing.MEMBER}
        return sum(chat.kind is kind and chat.standing in counted for chat in self.chats.values())

    def has_room(self, kind: ChatKind, knobs: Knobs) -> bool:
        most = knobs.most_people if kind is ChatKind.PRIVATE else knobs.most_groups
        return most is None or self.count(kind) < most

    def private_chat(self, person: Person) -> Chat:
        if person.id not in self.chats:
            self.chats[person.id] = Chat(
                id=person.id,
                kind=ChatKind.PRIVATE,
                people=(person,),
                standing=Standing.STRANGER,
            )
        return self.chats[person.id]

    def reach(self, chat_id: str, knobs: Knobs) -> Chat:
        """The chat that a send names. Raises ApiError when the bot may not write there."""
        chat = self.chats.get(chat_id)
        if chat is None or chat.standing is Standing.STRANGER:
            raise bad_request("Bad request: chat not found")
        if chat.standing is Standing.RETURNING and not self.has_room(chat.kind, knobs):
            raise bad_request("Bad request: chat not found")
        if chat.standing is Standing.GONE:
            raise ApiError(knobs.gone_code, knobs.gone_words)
        return chat

    def messages(self, chat_id: str) -> list[Message]:
        return list(self.chats[chat_id].messages.values())

    def texts(self, chat_id: str) -> list[str]:
        """What the bot has written in a chat, the oldest first."""
        return [
            message.text for message in self.messages(chat_id) if message.sender is self.person
        ]

    def quota_used(self, now: datetime, knobs: Knobs) -> int:
        return self.quota.used(now, counts_received=knobs.counts_received)

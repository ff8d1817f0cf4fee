"""What people do in Zalo: write, send pictures and stickers, block, add the bot to a group."""

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.knobs import ImageField
from bot.rehearsal.zalo.records import (
    Chat,
    ChatKind,
    Json,
    Message,
    MessageKind,
    Person,
    Standing,
)
from bot.rehearsal.zalo.text import MOST_UNITS, units
from bot.rehearsal.zalo.world import ZaloWorld


class ZaloPeople:
    """Every act reaches the bot as the update that real Zalo would send, or not at all.

    Without `bot` the first is meant, without `chat` the private one with it.
    """

    def __init__(self, world: ZaloWorld) -> None:
        self._world = world

    def write(
        self,
        person: Person,
        text: str,
        *,
        chat: str = "",
        mention: bool = False,
        reply_to: str = "",
        bot: Account | None = None,
    ) -> Message:
        """`mention` puts the bot's name in front, without which a group's talk stays its own."""
        if not text:
            raise Impossible("there is nothing to send")
        bot = bot or self._world.bot
        words = f"{bot.mention} {text}" if mention else text
        if units(words) > MOST_UNITS:
            raise Impossible("the text is too long")
        message = self._begin(bot, person, chat, reply_to=reply_to)
        message.text = words
        return self._send(bot, message)

    def send(
        self,
        person: Person,
        kind: MessageKind,
        media: str = "",
        *,
        caption: str = "",
        chat: str = "",
        bot: Account | None = None,
    ) -> Message:
        """A picture, a voice (both by their address), a sticker (by name)."""
        bot = bot or self._world.bot
        message = self._begin(bot, person, chat)
        message.kind, message.media, message.text = kind, media, caption
        return self._send(bot, message)

    def block(self, person: Person, *, bot: Account | None = None) -> None:
        """The bot is not told."""
        bot = bot or self._world.bot
        chat = bot.private_chat(person)
        if chat.standing is Standing.STRANGER:
            raise Impossible(f"{person.name} has no chat with the bot")
        self._world.set_standing(bot, chat, Standing.GONE)

    def unblock(self, person: Person, *, bot: Account | None = None) -> None:
        bot = bot or self._world.bot
        chat = bot.private_chat(person)
        if chat.standing is Standing.GONE:
            self._world.set_standing(bot, chat, Standing.MEMBER)

    def add_bot(self, by: Person, chat: str, *, bot: Account | None = None) -> None:
        """The group's owner confirms the bot's link. The bot is not told."""
        bot = bot or self._world.bot
        group = self._place(bot, by, chat)
        if by != group.people[0]:
            raise Impossible("only the group's owner can do this")
        knobs = self._world.knobs
        if not (knobs.can_join_groups and bot.has_room(ChatKind.GROUP, knobs)):
            raise Impossible("the bot can join no group more")
        self._world.set_standing(bot, group, Standing.MEMBER)

    def remove_bot(self, by: Person, chat: str, *, bot: Account | None = None) -> None:
        bot = bot or self._world.bot
        self._world.set_standing(bot, self._place(bot, by, chat), Standing.GONE)

    def _place(self, bot: Account, person: Person, chat: str) -> Chat:
        if not chat:
            return bot.private_chat(person)
        place = bot.chats[chat]
        if person not in place.people:
            raise Impossible(f"{person.name} is not in the chat")
        return place

    def _begin(self, bot: Account, person: Person, chat: str, *, reply_to: str = "") -> Message:
        place = self._place(bot, person, chat)
        if place.is_private and place.standing is Standing.GONE:
            raise Impossible(f"{person.name} has blocked the bot")
        self._world.persons[person.id] = person
        return Message(
            id=self._world.next_message_id(),
            chat=place,
            sender=person,
            date=self._world.now(),
            reply_to=reply_to,
        )

    def _send(self, bot: Account, message: Message) -> Message:
        message.reached_bot = self._reaches(bot, message)
        if message.reached_bot and message.chat.standing is not Standing.MEMBER:
            self._world.set_standing(bot, message.chat, Standing.MEMBER)
        self._world.post(bot, message)
        if message.reached_bot:
            bot.quota.note_received(self._world.now())
            self._world.push(bot, self._update(message))
        return message

    def _reaches(self, bot: Account, message: Message) -> bool:
        """In a group mentions and quoting replies; in private all who found a place."""
        chat = message.chat
        may_enter = chat.is_private or chat.standing is Standing.RETURNING
        is_known = chat.standing is Standing.MEMBER or (
            may_enter and bot.has_room(chat.kind, self._world.knobs)
        )
        if chat.is_private:
            return is_known
        quoted = chat.messages.get(message.reply_to)
        is_quote = quoted is not None and quoted.sender is bot.person
        return is_known and (is_quote or bot.mention in message.text)

    def _update(self, message: Message) -> Json:
        kind = MessageKind.UNSUPPORTED if message.sender.is_special else message.kind
        return {
            "event_name": f"message.{kind.value}.received",
            "message": {
                "from": message.sender.to_api(),
                "chat": message.chat.to_api(),
                **self._content(message, kind),
                "message_id": message.id,
                "date": message.date_ms,
            },
        }

    def _content(self, message: Message, kind: MessageKind) -> Json:
        match kind:
            case MessageKind.TEXT:
                return {"text": message.text}
            case MessageKind.IMAGE:
                field = self._world.knobs.image_field
                name = "photo_url" if field is ImageField.PHOTO_URL else "photo"
                caption = {"caption": message.text} if message.text else {}
                return {name: message.media, **caption, "message_type": "CHAT_PHOTO"}
            case MessageKind.STICKER:
                address = f"https://stickers.example/{message.media}.png"
                return {"sticker": message.media, "url": address, "message_type": "CHAT_STICKER"}
            case MessageKind.VOICE:
                return {"voice_url": message.media, "message_type": "CHAT_VOICE"}
            case MessageKind.UNSUPPORTED:
                return {}

"""What people do in their chat program: write, send, forward, press, block, add the bot."""

from collections.abc import Sequence

from bot.rehearsal.impossible import Impossible
from bot.rehearsal.telegram import samples
from bot.rehearsal.telegram.cast import supergroup_id
from bot.rehearsal.telegram.errors import ApiError
from bot.rehearsal.telegram.files import StoredFile
from bot.rehearsal.telegram.media import keep_photo, media_of
from bot.rehearsal.telegram.members import member
from bot.rehearsal.telegram.privacy import reaches_bot
from bot.rehearsal.telegram.records import Chat, ChatKind, Json, Message, Person, Standing
from bot.rehearsal.telegram.text import MOST_UNITS, units, with_bare_entities
from bot.rehearsal.telegram.world import Event, TelegramWorld

MOST_IN_ALBUM = 10


class People:
    """Every act reaches the bot as the update that real Telegram would send."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    def write(
        self,
        person: Person,
        text: str,
        *,
        entities: Sequence[Json] = (),
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> Message:
        """In the private chat with the bot, or in a group; with `entities` the text as it is."""
        if not text.strip():
            raise Impossible("there is nothing to send")
        message = self._begin(person, chat, reply_to=reply_to)
        self._say(message, text if entities else text.strip(), entities)
        return self._send(message)

    def photo(self, content: bytes = b"") -> StoredFile:
        """A picture (PNG or JPEG) on a phone, ready to be sent; without one a sample."""
        try:
            return keep_photo(self._world.files, content or samples.picture())
        except ApiError as error:
            raise Impossible(error.description) from None

    def document(
        self, name: str = samples.DOCUMENT_NAME, content: bytes = b"", *, size_bytes: int = 0
    ) -> StoredFile:
        """A file on a phone, ready to be sent; without content a sample.

        It is as large as `size_bytes` says, and holds no more memory than its content.
        """
        content = content or samples.document()
        return self._world.files.add_document(name, content, size=size_bytes)

    def send(
        self,
        person: Person,
        file: StoredFile,
        *,
        caption: str = "",
        entities: Sequence[Json] = (),
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> Message:
        """A photo or document. As in `write`, `entities` are for the caption as it stands."""
        message = self._with_file(person, file, chat, reply_to=reply_to)
        self._say(message, caption, entities)
        return self._send(message)

    def send_album(
        self,
        person: Person,
        files: Sequence[StoredFile],
        *,
        caption: str = "",
        chat: int | None = None,
    ) -> list[Message]:
        """The caption stands under the first. The bot is told of each by its own update."""
        if not MOST_IN_ALBUM >= len(files) > 1 or len({file.kind for file in files}) > 1:
            raise Impossible("an album has 2 to 10 files of one kind")
        album = self._world.next_album_id()
        messages = []
        for number, file in enumerate(files):
            message = self._with_file(person, file, chat)
            message.options["media_group_id"] = album
            if number == 0:
                self._say(message, caption, ())
            messages.append(self._send(message))
        return messages

    def forward(self, person: Person, message: Message, *, chat: int | None = None) -> Message:
        """A message of any chat, to the bot or into a group."""
        if message.service:
            raise Impossible("this cannot be forwarded")
        copy = self._begin(person, chat)
        copy.text, copy.entities, copy.media = message.text, message.entities, message.media
        copy.options["forward_origin"] = message.options.get("forward_origin") or {
            "type": "user",
            "sender_user": message.sender.to_api(),
            "date": int(message.date.timestamp()),
        }
        return self._send(copy)

    def press(
        self, person: Person, label: str, *, chat: int | None = None, message_id: int | None = None
    ) -> str:
        """The button with this label in the newest message that has it. Returns the query id."""
        place = self._place(person, chat)
        for message in reversed(place.messages.values()):
            if message_id not in {None, message.id}:
                continue
            for button in _buttons(message):
                if button["text"] == label:
                    return self._press(person, message, button)
        raise Impossible(f"there is no button {label!r}")

    def press_at(
        self, person: Person, message_id: int, row: int, column: int, *, chat: int | None = None
    ) -> str:
        message = self._place(person, chat).messages.get(message_id)
        if message is None or message.keyboard is None:
            raise Impossible("there is no such button")
        try:
            button = message.keyboard["inline_keyboard"][row][column]
        except IndexError:
            raise Impossible("there is no such button") from None
        return self._press(person, message, button)

    def block(self, person: Person) -> None:
        chat = self._place(person, None)
        if chat.standing is not Standing.GONE:
            self._change_standing(chat, person, Standing.GONE, "member", "kicked")

    def unblock(self, person: Person) -> None:
        chat = self._place(person, None)
        if chat.standing is Standing.GONE:
            self._change_standing(chat, person, Standing.MEMBER, "kicked", "member")

    def add_bot(self, by: Person, chat: int) -> None:
        place = self._place(by, chat)
        if place.standing is Standing.MEMBER:
            raise Impossible("the bot is in the group already")
        self._change_standing(place, by, Standing.MEMBER, "left", "member")
        bot = self._world.bot.to_api()
        joined = {"new_chat_members": [bot], "new_chat_member": bot, "new_chat_participant": bot}
        self._service(place, by, joined)

    def remove_bot(self, by: Person, chat: int) -> None:
        place = self._place(by, chat)
        if place.standing is not Standing.MEMBER:
            raise Impossible("the bot is not in the group")
        bot = self._world.bot.to_api()
        self._change_standing(place, by, Standing.GONE, "member", "kicked")
        left = {"left_chat_member": bot, "left_chat_participant": bot}
        self._service(place, by, left, reaches_bot=place.kind is ChatKind.GROUP)

    def upgrade_group(self, by: Person, chat: int) -> Chat:
        """The group becomes a supergroup with another id, which is returned."""
        old = self._place(by, chat)
        if old.kind is not ChatKind.GROUP:
            raise Impossible("only a group can become a supergroup")
        new = Chat(
            id=supergroup_id(old.id),
            kind=ChatKind.SUPERGROUP,
            title=old.title,
            standing=old.standing,
            members=old.members,
        )
        self._world.chats[new.id] = new
        old.moved_to = new.id
        self._world.tell(Event(kind="chat", chat_id=old.id))
        self._service(old, by, {"migrate_to_chat_id": new.id})
        self._service(new, by, {"migrate_from_chat_id": old.id})
        return new

    def _place(self, person: Person, chat: int | None) -> Chat:
        place = self._world.chat(person.id if chat is None else chat)
        if not place.is_private and person.id not in place.members:
            raise Impossible(f"{person.name} is not in the group")
        return place

    def _begin(self, person: Person, chat: int | None, *, reply_to: int | None = None) -> Message:
        """A message that is not sent yet."""
        place = self._place(person, chat)
        if place.is_private and place.standing is Standing.GONE:
            raise Impossible(f"{person.name} has blocked the bot")
        return self._new_message(place, person, reply_to=reply_to)

    def _with_file(
        self, person: Person, file: StoredFile, chat: int | None, *, reply_to: int | None = None
    ) -> Message:
        message = self._begin(person, chat, reply_to=reply_to)
        message.media = media_of(self._world.files, file)
        return message

    def _say(self, message: Message, text: str, entities: Sequence[Json]) -> None:
        # One who pays for Telegram may write a caption that no bot may send.
        if units(text) > MOST_UNITS:
            raise Impossible("the text is too long")
        message.text = text
        message.entities = with_bare_entities(text, entities)

    def _send(self, message: Message) -> Message:
        chat = message.chat
        if chat.is_private and chat.standing is not Standing.MEMBER:
            self._world.set_standing(chat, Standing.MEMBER)
        self._world.post(message)
        if reaches_bot(self._world, message):
            self._world.updates.push("message", message.to_api())
        return message

    def _new_message(self, chat: Chat, person: Person, *, reply_to: int | None = None) -> Message:
        return Message(
            id=self._world.next_message_id(chat),
            chat=chat,
            sender=person,
            date=self._world.now(),
            reply_to=reply_to,
        )

    def _service(self, chat: Chat, by: Person, what: Json, *, reaches_bot: bool = True) -> None:
        message = self._new_message(chat, by)
        message.service = what
        self._world.post(message)
        if reaches_bot and chat.standing is not Standing.RETURNING:
            self._world.updates.push("message", message.to_api())

    def _change_standing(
        self, chat: Chat, by: Person, standing: Standing, before: str, after: str
    ) -> None:
        self._world.set_standing(chat, standing)
        change = {
            "chat": chat.to_api(),
            "from": by.to_api(),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": member(self._world.bot, before),
            "new_chat_member": member(self._world.bot, after),
        }
        self._world.updates.push("my_chat_member", change)

    def _press(self, person: Person, message: Message, button: Json) -> str:
        if "callback_data" not in button:
            raise Impossible("this button opens a link")
        query_id = self._world.open_query(person, message.chat)
        query = {
            "id": query_id,
            "from": person.to_api(),
            "message": message.to_api(),
            "chat_instance": str(message.chat.id),
            "data": button["callback_data"],
        }
        self._world.updates.push("callback_query", query)
        return query_id


def _buttons(message: Message) -> list[Json]:
    rows = message.keyboard["inline_keyboard"] if message.keyboard is not None else []
    return [button for row in rows for button in row]

"""Reads an update: who said what, or what became of the bot in a chat. Pure."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType

from bot.commands.command import Incoming
from bot.platforms.events import Event, Joined, Left, Moved, Returned, Said
from bot.platforms.telegram.bot import Me
from bot.platforms.telegram.contents import attachment_of, has_other_media, words_of
from jobs.messenger import Address
from jobs.rich_text import RichText
from storage.records import ChatKind, Platform

IsAdmin = Callable[[], Awaitable[bool]]

_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)
_COMMAND: Final = re.compile(r"(/\w+)(?:@(\w+))?")


class Reader:
    """`is_admin` asks whether a person administers a chat, both as Telegram names them."""

    def __init__(
        self, me: Me, bot_id: int, is_admin: Callable[[str, str], Awaitable[bool]]
    ) -> None:
        self._me = me
        self._bot_id = bot_id
        self._is_admin = is_admin
        self._mention = re.compile(rf"(?<!\w)@{re.escape(me.username)}(?!\w)", re.IGNORECASE)

    def read(self, update: Update) -> list[Event]:
        """Empty for what is no concern of the bot: ordinary talk, edits, channels, other bots."""
        if update.callback_query is not None:
            return self._pressed(update.callback_query)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member)
        if update.message is not None:
            return self._message(update.message)
        return []

    def _pressed(self, query: CallbackQuery) -> list[Event]:
        message = query.message
        if message is None or message.chat.type == ChatType.CHANNEL:
            return []
        person = str(query.from_user.id)
        incoming = Incoming(
            address=_address(message.chat, _thread(message)),
            bot_id=self._bot_id,
            person=person,
            person_name=query.from_user.full_name,
            chat_name=message.chat.title or "",
            data=query.data or "",
            message_id=str(message.message_id),
            is_chat_admin=self._admin_check(message.chat, person),
        )
        return [Said(incoming=incoming, query=query.id)]

    def _membership(self, change: ChatMemberUpdated) -> list[Event]:
        chat, old, new = change.chat, change.old_chat_member, change.new_chat_member
        if chat.type == ChatType.CHANNEL:
            return []
        address = _address(chat)
        if not _may_write(new):
            return [Left(address)] if _may_write(old) else []
        events: list[Event] = [] if _may_write(old) else [Returned(address)]
        if address.kind is ChatKind.GROUP and not _is_inside(old):
            person = str(change.from_user.id)
            joined = Incoming(
                address=address,
                bot_id=self._bot_id,
                person=person,
                person_name=change.from_user.full_name,
                chat_name=chat.title or "",
                is_chat_admin=self._admin_check(chat, person),
            )
            events.append(Joined(joined))
        return events

    def _message(self, message: Message) -> list[Event]:
        service = _service(message)
        if service is not None:
            return [service]
        if message.chat.type == ChatType.CHANNEL or not _is_from_a_person(message):
            return []
        words = words_of(message)
        if message.chat.type in _GROUPS:  # there the styles are of no use
            text, is_called = self._addressed_text(message, words.text)
            if not text:
                return []
            heard = self._incoming(message, RichText(text))
            return [Said(incoming=replace(heard, called=is_called))]
        if not words.text and message.effective_attachment is None:
            return []
        return [Said(incoming=self._incoming(message, words))]

    def _incoming(self, message: Message, words: RichText) -> Incoming:
        user, hidden_behind = message.from_user, message.sender_chat
        person = str(user.id) if user is not None and hidden_behind is None else ""
        is_admin = self._admin_check(message.chat, person)
        if hidden_behind is not None and hidden_behind.id == message.chat.id:
            is_admin = _yes  # an admin who writes anonymously, in the group's name
        return Incoming(
            address=_address(message.chat, _thread(message)),
            bot_id=self._bot_id,
            person=person,
            person_name=user.full_name if user is not None and person else "",
            chat_name=message.chat.title or "",
            text=words.text,
            content=words,
            attachment=attachment_of(message),
            album=message.media_group_id or "",
            other_media=has_other_media(message),
            forwarded=message.forward_origin is not None,
            is_chat_admin=is_admin,
        )

    def _addressed_text(self, message: Message, text: str) -> tuple[str, bool]:
        """What is said to the bot, without its name, and whether he called it by a command or its
        name; "" for ordinary talk.

        What is forwarded into a group was said elsewhere, so it is said to nobody here.
        """
        if message.forward_origin is not None:
            return "", False
        command = _COMMAND.match(text)
        if command is not None and command[2] is not None:
            if command[2].lower() != self._me.username.lower():
                return "", False
            text = command[1] + text[command.end() :]
        bare, mentions = self._mention.subn("", text)
        replied = message.reply_to_message
        is_reply = (
            replied is not None
            and replied.from_user is not None
            and replied.from_user.id == self._me.id
        )
        is_called = command is not None or mentions > 0
        return (bare.strip() if is_called or is_reply else ""), is_called

    def _admin_check(self, chat: Chat, person: str) -> IsAdmin:
        if chat.type == ChatType.PRIVATE:
            return _yes
        return partial(self._is_admin, str(chat.id), person) if person else _no


async def _yes() -> bool:
    return True


async def _no() -> bool:
    return False


def _address(chat: Chat, thread: str = "") -> Address:
    kind = ChatKind.GROUP if chat.type in _GROUPS else ChatKind.PERSON
    return Address(platform=Platform.TELEGRAM, chat=str(chat.id), thread=thread, kind=kind)


def _thread(message: object) -> str:
    """A forum's topic; a reply's message_thread_id in an ordinary group is none."""
    if not isinstance(message, Message) or message.chat.type not in _GROUPS:
        return ""
    return str(message.message_thread_id or "") if message.is_topic_message else ""


def _service(message: Message) -> Event | None:
    chat = message.chat
    if message.migrate_to_chat_id is not None:
        return Moved(old=_address(chat), new_chat=str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        old = Address(
            platform=Platform.TELEGRAM,
            chat=str(message.migrate_from_chat_id),
            kind=ChatKind.GROUP,
        )
        return Moved(old=old, new_chat=str(chat.id))
    if message.forum_topic_reopened is not None and _thread(message):
        return Returned(_address(chat, _thread(message)))
    return None


def _is_from_a_person(message: Message) -> bool:
    if message.is_automatic_forward:
        return False
    if message.via_bot is not None and message.forward_origin is None:
        return False
    if message.sender_chat is not None:  # Telegram then names a bot of its own as the sender
        return True
    return message.from_user is not None and not message.from_user.is_bot


def _is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _may_write(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return _is_inside(member)

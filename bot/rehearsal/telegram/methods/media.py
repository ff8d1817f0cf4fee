"""sendPhoto, sendDocument, sendMediaGroup, editMessageCaption, editMessageMedia."""

from typing import Any

from bot.rehearsal.telegram.errors import NOT_MODIFIED, bad_request
from bot.rehearsal.telegram.files import FileKind
from bot.rehearsal.telegram.keyboard import clean_keyboard
from bot.rehearsal.telegram.media import media_from
from bot.rehearsal.telegram.methods.composing import (
    edited,
    new_message,
    refuse_parse_mode,
    send,
    to_edit,
)
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Chat, Json, Message
from bot.rehearsal.telegram.text import clean_caption
from bot.rehearsal.telegram.world import TelegramWorld

LEAST_IN_ALBUM, MOST_IN_ALBUM = 2, 10  # core.telegram.org/bots/api#sendmediagroup


async def send_photo(world: TelegramWorld, params: Params) -> Json:
    return _send_one(world, params, FileKind.PHOTO)


async def send_document(world: TelegramWorld, params: Params) -> Json:
    return _send_one(world, params, FileKind.DOCUMENT)


async def send_media_group(world: TelegramWorld, params: Params) -> list[Json]:
    items = _album_items(params)
    chat = world.reach(params.text("chat_id"))
    messages = [_album_message(world, chat, params, item) for item in items]
    album = {"media_group_id": world.next_album_id()}
    for message in messages:
        message.options |= album
    return send(world, messages)


async def edit_message_caption(world: TelegramWorld, params: Params) -> Json:
    refuse_parse_mode(params)
    text, entities = clean_caption(params.text("caption"), params.structure("caption_entities"))
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = to_edit(world, params)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    return edited(world, message)


async def edit_message_media(world: TelegramWorld, params: Params) -> Json:
    """Also puts media in place of a text."""
    item = params.inner(_object(params.structure("media")))
    refuse_parse_mode(item)
    kind = _kind_of(item)
    text, entities = clean_caption(item.text("caption"), item.structure("caption_entities"))
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = to_edit(world, params)
    is_in_album = "media_group_id" in message.options
    if is_in_album and message.media is not None and message.media.file.kind is not kind:
        raise bad_request("can't change media type in the album")  # tdlib/td, MessagesManager.cpp
    media = media_from(world.files, item, "media", kind)
    before = (message.media, message.text, message.entities, message.keyboard)
    if (media, text, entities, keyboard) == before:
        raise bad_request(NOT_MODIFIED)
    message.media, message.text, message.entities = media, text, entities
    message.keyboard = keyboard
    return edited(world, message)


def _send_one(world: TelegramWorld, params: Params, kind: FileKind) -> Json:
    refuse_parse_mode(params)
    text, entities = clean_caption(params.text("caption"), params.structure("caption_entities"))
    message = new_message(world, world.reach(params.text("chat_id")), params)
    message.media = media_from(world.files, params, kind.value, kind)
    message.text, message.entities = text, entities
    return send(world, [message])[0]


def _album_items(params: Params) -> list[Params]:
    media = params.structure("media")
    if not isinstance(media, list) or not media:
        raise bad_request("there are no messages to send")
    if len(media) > MOST_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(media) < LEAST_IN_ALBUM:
        # The real server takes it; the documentation does not allow it.
        raise bad_request("media must include 2-10 items")
    if params.text("reply_markup"):
        raise bad_request("an album has no buttons")  # has no such parameter
    items = [params.inner(_object(item)) for item in media]
    if len({_kind_of(item) for item in items}) > 1:
        raise bad_request("document can't be mixed with other media types")
    return items


def _album_message(world: TelegramWorld, chat: Chat, params: Params, item: Params) -> Message:
    refuse_parse_mode(item)
    text, entities = clean_caption(item.text("caption"), item.structure("caption_entities"))
    message = new_message(world, chat, params)
    message.media = media_from(world.files, item, "media", _kind_of(item))
    message.text, message.entities = text, entities
    return message


def _object(item: Any) -> Json:  # noqa: ANN401 - JSON is anything
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    return item


def _kind_of(item: Params) -> FileKind:
    try:
        return FileKind(item.text("type"))
    except ValueError:
        raise bad_request("the rehearsal shows photos and documents only") from None

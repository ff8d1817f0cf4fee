"""sendMessage, editMessageText, editMessageReplyMarkup, deleteMessage, sendChatAction."""

from datetime import timedelta

from bot.rehearsal.telegram.errors import NOT_MODIFIED, bad_request
from bot.rehearsal.telegram.keyboard import clean_keyboard
from bot.rehearsal.telegram.methods.composing import (
    edited,
    new_message,
    refuse_parse_mode,
    send,
    to_edit,
)
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.text import clean_text
from bot.rehearsal.telegram.world import Event, TelegramWorld

ACTIONS = frozenset(  # core.telegram.org/bots/api#sendchataction
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
DELETED_WITHIN = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage


async def send_message(world: TelegramWorld, params: Params) -> Json:
    refuse_parse_mode(params)
    text, entities = clean_text(params.text("text"), params.structure("entities"))
    message = new_message(world, world.reach(params.text("chat_id")), params)
    message.text, message.entities = text, entities
    message.options |= _preview(params)
    return send(world, [message])[0]


async def edit_message_text(world: TelegramWorld, params: Params) -> Json:
    refuse_parse_mode(params)
    text, entities = clean_text(params.text("text"), params.structure("entities"))
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = to_edit(world, params)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.options |= _preview(params)
    return edited(world, message)


async def edit_message_reply_markup(world: TelegramWorld, params: Params) -> Json:
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = to_edit(world, params)
    if keyboard == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    message.keyboard = keyboard
    return edited(world, message)


async def delete_message(world: TelegramWorld, params: Params) -> bool:
    """In a group, where the bot is no admin, its own alone."""
    chat = world.reach(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if message.sender is not world.bot and not chat.is_private:
        raise bad_request("message can't be deleted")
    if world.now() - message.date > DELETED_WITHIN:
        raise bad_request("message can't be deleted for everyone")
    world.delete(message)
    return True


async def send_chat_action(world: TelegramWorld, params: Params) -> bool:
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.reach(params.text("chat_id"))
    world.tell(Event(kind="typing", chat_id=chat.id, detail={"action": action}))
    return True


def _preview(params: Params) -> Json:
    options = params.structure("link_preview_options")
    return {"link_preview_options": options} if isinstance(options, dict) and options else {}

"""sendMessage, editMessageText, editMessageReplyMarkup, sendChatAction."""

from bot.rehearsal.telegram.errors import NOT_MODIFIED, bad_request
from bot.rehearsal.telegram.keyboard import clean_keyboard
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Chat, Json, Message
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


async def send_message(world: TelegramWorld, params: Params) -> Json:
    _refuse_parse_mode(params)
    text, entities = clean_text(params.text("text"), params.structure("entities"))
    keyboard = clean_keyboard(params.structure("reply_markup"))
    chat = world.reach(params.text("chat_id"))
    options = _preview(params) | _topic(chat, params)
    reply_to = _reply_to(chat, params)
    world.keep_pace(chat)
    message = Message(
        id=world.next_message_id(chat),
        chat=chat,
        sender=world.bot,
        date=world.now(),
        text=text,
        entities=entities,
        keyboard=keyboard,
        options=options,
        reply_to=reply_to,
        silent=params.flag("disable_notification"),
    )
    return world.take_from_bot(message).to_api()


async def edit_message_text(world: TelegramWorld, params: Params) -> Json:
    _refuse_parse_mode(params)
    text, entities = clean_text(params.text("text"), params.structure("entities"))
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = _to_edit(world, params)
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.options |= _preview(params)
    return _edited(world, message)


async def edit_message_reply_markup(world: TelegramWorld, params: Params) -> Json:
    keyboard = clean_keyboard(params.structure("reply_markup"))
    message = _to_edit(world, params)
    if keyboard == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    message.keyboard = keyboard
    return _edited(world, message)


async def send_chat_action(world: TelegramWorld, params: Params) -> bool:
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.reach(params.text("chat_id"))
    world.tell(Event(kind="typing", chat_id=chat.id, detail={"action": action}))
    return True


def _refuse_parse_mode(params: Params) -> None:
    """Nothing of ours is sent as markup, so markup is refused, not read half right."""
    if params.text("parse_mode"):
        raise bad_request("unsupported parse_mode")


def _preview(params: Params) -> Json:
    options = params.structure("link_preview_options")
    return {"link_preview_options": options} if isinstance(options, dict) and options else {}


def _topic(chat: Chat, params: Params) -> Json:
    thread = params.integer("message_thread_id")
    if not thread:
        return {}
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread, "is_topic_message": True}


def _reply_to(chat: Chat, params: Params) -> int | None:
    given = params.structure("reply_parameters")
    if not isinstance(given, dict):
        return None
    message_id = Params(given).integer("message_id")
    if message_id in chat.messages:
        return message_id
    if given.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _to_edit(world: TelegramWorld, params: Params) -> Message:
    chat = world.reach(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def _edited(world: TelegramWorld, message: Message) -> Json:
    message.edited = world.now()
    world.tell(Event(kind="edit", chat_id=message.chat.id, message=message))
    return message.to_api()

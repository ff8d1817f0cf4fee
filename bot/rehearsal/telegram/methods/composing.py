"""What the methods that send and edit have in common."""

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.keyboard import clean_keyboard
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Chat, Json, Message
from bot.rehearsal.telegram.world import Event, TelegramWorld


def refuse_parse_mode(params: Params) -> None:
    """Nothing of ours is sent as markup, so markup is refused, not read half right."""
    if params.text("parse_mode"):
        raise bad_request("unsupported parse_mode")


def new_message(world: TelegramWorld, chat: Chat, params: Params) -> Message:
    """A message of the bot with all but its content; not sent yet."""
    return Message(
        id=0,
        chat=chat,
        sender=world.bot,
        date=world.now(),
        keyboard=clean_keyboard(params.structure("reply_markup")),
        options=_topic(chat, params),
        reply_to=_reply_to(chat, params),
        silent=params.flag("disable_notification"),
    )


def send(world: TelegramWorld, messages: list[Message]) -> list[Json]:
    """Messages to one chat at once."""
    chat = messages[0].chat
    world.keep_pace(chat, messages=len(messages))
    for message in messages:
        message.id = world.next_message_id(chat)
    return [world.take_from_bot(message).to_api() for message in messages]


def to_edit(world: TelegramWorld, params: Params) -> Message:
    chat = world.reach(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def edited(world: TelegramWorld, message: Message) -> Json:
    message.edited = world.now()
    world.tell(Event(kind="edit", chat_id=message.chat.id, message=message))
    return message.to_api()


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

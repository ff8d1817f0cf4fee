"""sendMessage, sendPhoto, sendSticker, sendVoice, sendChatAction."""

from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.errors import PHOTO_SCHEME, bad_request
from bot.rehearsal.zalo.params import Params
from bot.rehearsal.zalo.records import Chat, Json, Message, MessageKind
from bot.rehearsal.zalo.text import clean, clean_parse_mode, clean_styles
from bot.rehearsal.zalo.world import Event, ZaloWorld


async def send_message(world: ZaloWorld, bot: Account, params: Params) -> Json:
    chat_id = params.required("chat_id")
    text = clean("text", params.text("text"))
    parse_mode = clean_parse_mode(params)
    # parse_mode wins where both are given
    styles = () if parse_mode else clean_styles(text, params.structure("text_styles"))
    message = _new_message(world, bot, bot.reach(chat_id, world.knobs), MessageKind.TEXT)
    message.text, message.styles, message.parse_mode = text, styles, parse_mode
    return _send(world, bot, message)


async def send_photo(world: ZaloWorld, bot: Account, params: Params) -> Json:
    chat_id, photo = params.required("chat_id"), params.required("photo")
    if not photo.startswith(("http://", "https://")):
        raise bad_request(PHOTO_SCHEME)
    caption = params.text("caption")
    message = _new_message(world, bot, bot.reach(chat_id, world.knobs), MessageKind.IMAGE)
    message.media, message.text = photo, clean("caption", caption) if caption else ""
    return _send(world, bot, message) | {"message_type": "CHAT_PHOTO"}


async def send_sticker(world: ZaloWorld, bot: Account, params: Params) -> Json:
    chat_id, sticker = params.required("chat_id"), params.required("sticker")
    message = _new_message(world, bot, bot.reach(chat_id, world.knobs), MessageKind.STICKER)
    message.media = sticker
    return _send(world, bot, message) | {"message_type": "CHAT_STICKER"}


async def send_voice(world: ZaloWorld, bot: Account, params: Params) -> Json:
    """Into a group it answers well and delivers nothing, as documented."""
    chat_id, voice = params.required("chat_id"), params.required("voice_url")
    if not voice.startswith(("http://", "https://")) or not voice.endswith(".aac"):
        raise bad_request("The voice_url must be the address of an .aac file")
    message = _new_message(world, bot, bot.reach(chat_id, world.knobs), MessageKind.VOICE)
    message.media = voice
    if not message.chat.is_private:
        world.take_quota(bot)
        return _accepted(message)
    return _send(world, bot, message)


async def send_chat_action(world: ZaloWorld, bot: Account, params: Params) -> None:
    chat_id, action = params.required("chat_id"), params.required("action")
    if action not in {"typing", "upload_photo"}:
        raise bad_request("The action is invalid")
    chat = bot.reach(chat_id, world.knobs)
    world.tell(Event(kind="typing", account=bot.id, chat_id=chat.id, detail={"action": action}))


def _new_message(world: ZaloWorld, bot: Account, chat: Chat, kind: MessageKind) -> Message:
    return Message(
        id=world.next_message_id(), chat=chat, sender=bot.person, date=world.now(), kind=kind
    )


def _send(world: ZaloWorld, bot: Account, message: Message) -> Json:
    world.take_quota(bot)
    world.take_from_bot(bot, message)
    return _accepted(message)


def _accepted(message: Message) -> Json:
    return {"message_id": message.id, "date": message.date_ms}

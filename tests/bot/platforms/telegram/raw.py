"""Updates as Telegram sends them, and what the reader makes of them."""

from typing import Any

from telegram import Update

from bot.platforms.events import Event, Said
from bot.platforms.telegram.bot import Me
from bot.platforms.telegram.events import Reader
from jobs.messenger import Address
from storage.records import ChatKind, Platform

Json = dict[str, Any]
ME = Me(id=42, username="bantin_tanlap_bot", name="Bản tin xã Tân Lập")
BOT_USER = {"id": 42, "is_bot": True, "first_name": "Bản tin", "username": ME.username}
MAI = {"id": 7, "is_bot": False, "first_name": "Mai", "last_name": "Nguyễn Thị"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Mai"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Hội Phụ nữ"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1200},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 98000},
    {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 213, "file_size": 9000},
]
FORWARDED = {  # core.telegram.org/bots/api#messageoriginhiddenuser
    "type": "hidden_user",
    "date": 1793000000,
    "sender_user_name": "Văn phòng Đảng ủy",
}
CHANNEL = {"id": -100900, "type": "channel", "title": "Kênh"}


async def only_seven(_chat: str, person: str) -> bool:
    return person == "7"


def read(update: Json) -> list[Event]:
    reader = Reader(ME, bot_id=3, is_admin=only_seven)
    return reader.read(Update.de_json({"update_id": 1, **update}))


def message(chat: Json, text: str = "", **more: Any) -> Json:  # noqa: ANN401 - any field of a message
    said = {"text": text} if text else {}
    return {"message_id": 5, "date": 1794000000, "chat": chat, "from": MAI} | said | more


def said(update: Json) -> Said:
    (event,) = read(update)
    assert isinstance(event, Said)
    return event


def place(chat: Json, thread: str = "") -> Address:
    kind = ChatKind.PERSON if chat["type"] == "private" else ChatKind.GROUP
    return Address(platform=Platform.TELEGRAM, chat=str(chat["id"]), thread=thread, kind=kind)

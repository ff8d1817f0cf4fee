"""Calls every method through aiogram, whose models are strict; prints {method: "ok" or error}.

Run on its own: python aiogram_client.py URL TOKEN. It imports nothing of this project.
"""

# mypy: disable-error-code="import-not-found"
# aiogram lives in an environment of its own: its pydantic need not agree with ours.

import asyncio
import json
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
    Update,
)

BOLD = [MessageEntity(type="bold", offset=0, length=3)]
YES = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Có", callback_data="yes")]]
)
SECRET = "second-client"  # noqa: S105 - of this run
Call = Callable[[], Awaitable[Any]]


class Client:
    """What the calls found, in the order they were made."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        self.bot = Bot(token, session=session)
        self.found: dict[str, str] = {}

    async def call(self, method: str, call: Call) -> Any:  # noqa: ANN401 - what a method answers
        """Keeps the first error of a method."""
        try:
            answer = await call()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            self.found[method] = f"{type(error).__name__}: {error}"
            return None
        self.found.setdefault(method, "ok")
        return answer

    async def act(self, name: str, **given: Any) -> Any:  # noqa: ANN401 - JSON
        """Somebody does something on the chat page."""
        request = urllib.request.Request(  # noqa: S310 - of this machine
            f"{self.url}/rehearsal/{name}",
            data=json.dumps(given).encode(),
            headers={"Content-Type": "application/json"},
        )
        return await asyncio.to_thread(_answer_of, request)

    async def updates(self) -> list[Update]:
        """Also confirms them."""
        new = await self.call("getUpdates", lambda: self.bot.get_updates(timeout=0)) or []
        if new:
            await self.bot.get_updates(offset=new[-1].update_id + 1, timeout=0)
        return list(new)


def _answer_of(request: urllib.request.Request) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - of this machine
        return json.load(answer)


async def try_all(client: Client) -> None:
    bot = client.bot
    await client.call("getMe", bot.get_me)
    member, group = await meet(client)
    await try_messages(client, member)
    await try_media(client, group)
    await try_chats(client, member, group)
    await try_commands(client)
    await try_webhook(client)
    await client.call("logOut", bot.log_out)
    await client.call("close", bot.close)


async def meet(client: Client) -> tuple[int, int]:
    """The ids of a private chat and of a group, learnt from updates of every kind."""
    await client.act("write", phone="member", text="/start")
    await client.act("send-file", phone="admin", sample="photo", caption="Ảnh")
    await client.act("send-file", phone="admin", sample="document")
    await client.act("send-album", phone="admin", samples=["photo", "photo"])
    await client.act("forward", phone="member", message_id=await _newest(client, "member"))
    await client.act("add-bot", phone="group")
    updates = await client.updates()
    messages = [update.message for update in updates if update.message is not None]
    private = next(message.chat.id for message in messages if message.text == "/start")
    joined = next(update.my_chat_member for update in updates if update.my_chat_member)
    return private, joined.chat.id


async def _newest(client: Client, key: str) -> int:
    state = await asyncio.to_thread(
        _answer_of,
        urllib.request.Request(f"{client.url}/rehearsal/state"),  # noqa: S310 - of this machine
    )
    phone = next(phone for phone in state["phones"] if phone["key"] == key)
    return int(phone["messages"][-1]["message_id"])


async def try_messages(client: Client, chat: int) -> None:
    bot = client.bot
    await client.call("sendChatAction", lambda: bot.send_chat_action(chat, "typing"))
    sent: Message | None = await client.call(
        "sendMessage",
        lambda: bot.send_message(chat, "Tin mới", entities=BOLD, reply_markup=YES),
    )
    number = sent.message_id if sent is not None else 0
    await client.act("press", phone="member", message_id=number, row=0, column=0)
    query = next(u.callback_query for u in await client.updates() if u.callback_query)
    await client.call(
        "answerCallbackQuery", lambda: bot.answer_callback_query(query.id, text="Đã ghi")
    )
    place = {"chat_id": chat, "message_id": number}
    await client.call("editMessageText", lambda: bot.edit_message_text("Tin đã sửa", **place))
    await client.call(
        "editMessageReplyMarkup",
        lambda: bot.edit_message_reply_markup(reply_markup=YES, **place),
    )
    await client.call("deleteMessage", lambda: bot.delete_message(**place))


async def try_media(client: Client, chat: int) -> None:
    bot = client.bot
    await client.act("send-file", phone="admin", sample="photo")
    [update] = await client.updates()
    photo = update.message.photo[-1].file_id
    sent: Message | None = await client.call(
        "sendPhoto",
        lambda: bot.send_photo(chat, photo, caption="Ảnh hội nghị", caption_entities=BOLD),
    )
    upload = BufferedInputFile("Xin chào".encode(), filename="Chào.txt")
    document: Message | None = await client.call(
        "sendDocument", lambda: bot.send_document(chat, upload, caption="Tệp")
    )
    album = [InputMediaPhoto(media=photo, caption="Ảnh"), InputMediaPhoto(media=photo)]
    await client.call("sendMediaGroup", lambda: bot.send_media_group(chat, album))
    place = {"chat_id": chat, "message_id": sent.message_id if sent is not None else 0}
    await client.call(
        "editMessageCaption", lambda: bot.edit_message_caption(caption="Mới", **place)
    )
    file_id = document.document.file_id if document is not None else ""
    media = InputMediaDocument(media=file_id, caption="Tệp")
    await client.call("editMessageMedia", lambda: bot.edit_message_media(media, **place))
    file = await client.call("getFile", lambda: bot.get_file(file_id))
    content = await client.call("download", lambda: bot.download_file(file.file_path))
    if content is None or content.read() != "Xin chào".encode():
        client.found["download"] = "not what was uploaded"


async def try_chats(client: Client, person: int, group: int) -> None:
    bot = client.bot
    for chat in (person, group):
        await client.call("getChat", partial(bot.get_chat, chat))
    await client.call("getChatAdministrators", lambda: bot.get_chat_administrators(group))
    for member in (person, bot.id):
        await client.call("getChatMember", partial(bot.get_chat_member, group, member))


async def try_commands(client: Client) -> None:
    bot = client.bot
    commands = [BotCommand(command="trogiup", description="Trợ giúp.")]
    await client.call("setMyCommands", lambda: bot.set_my_commands(commands))
    await client.call("getMyCommands", bot.get_my_commands)
    await client.call("deleteMyCommands", bot.delete_my_commands)


async def try_webhook(client: Client) -> None:
    bot = client.bot
    async with hook() as (url, taken):
        await client.call("setWebhook", lambda: bot.set_webhook(url, secret_token=SECRET))
        await client.act("write", phone="member", text="Xin chào")
        async with asyncio.timeout(60):
            head, body = await taken.get()
        await client.call("webhook", lambda: _checked(head, body))
    await client.call("getWebhookInfo", bot.get_webhook_info)
    await client.call("deleteWebhook", bot.delete_webhook)


async def _checked(head: str, body: bytes) -> None:
    Update.model_validate_json(body)
    if f"x-telegram-bot-api-secret-token: {SECRET}" not in head.lower():
        raise ValueError("the secret is missing")


@asynccontextmanager
async def hook() -> AsyncIterator[tuple[str, "asyncio.Queue[tuple[str, bytes]]"]]:
    """A bot's server that takes every update."""
    taken: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.partition(":")[2])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        taken.put_nowait((head, await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/", taken


async def main(url: str, token: str) -> None:
    client = Client(url, token)
    try:
        await try_all(client)
    finally:
        await client.bot.session.close()
        json.dump(client.found, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""`bantin check zalo`: tries what nobody has documented, and prints what Zalo really answers."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import typer

from bot import logs
from bot.bots.zalo import zalo_client
from bot.cli.existing import is_running
from bot.cli.problem import Refused
from bot.cli.screen import confirm, say, stopping
from bot.commands.codes import new_code, read_code, shown
from bot.platforms.events import Json
from bot.platforms.zalo.answer import Answer
from bot.platforms.zalo.client import ZaloClient
from bot.platforms.zalo.render import TEXT_LIMIT
from bot.setting_forms import account_of
from bot.settings import Settings, load
from jobs.messenger import SendError
from storage.database import open_database
from storage.problems import DatabaseProblem

MESSAGES: Final = 12  # at most, of the month's
_NOBODY: Final = "0" * 20
_POLL_SECONDS: Final = 10
_PATIENCE_SECONDS: Final = 60
_WRONG_SECRET: Final = "khong-phai-ma-nay"  # noqa: S105 - opens nothing
_FORM: Final = ("chat_type", "date", "message_id", "message_type")  # what is shown of a message


def try_zalo() -> None:
    """Raises Refused."""
    settings = load()
    if not settings.each_zalo_token:
        raise Refused("Chưa có mã bot Zalo (zalo_tokens). Hãy chạy: bantin init")
    if asyncio.run(_runs(settings)):
        raise Refused("Bản tin đang chạy và nhận tin nhắn của bot. Hãy dừng rồi thử lại.")
    say("Thử với Zalo thật: những điều tài liệu không nói rõ. Xem hướng dẫn, phần Zalo.")
    with stopping("Đã dừng."):
        if not confirm(f"Việc thử dùng hết tối đa {MESSAGES} tin của tháng. Bắt đầu?"):
            return
        known = [asyncio.run(_try(settings, each)) for each in settings.each_zalo_token]
    if not all(known):
        raise typer.Exit(1)


async def _runs(settings: Settings) -> bool:
    database = open_database(settings.database_url.get_secret_value())
    try:
        return await is_running(database)
    except DatabaseProblem:
        return False  # there is none yet
    finally:
        await database.close()


async def _try(settings: Settings, token: str) -> bool:
    """Whether Zalo knows the bot."""
    account = account_of(token)
    say(f"\nBot {account}", style="bold")
    async with (
        zalo_client(settings, token) as client,
        zalo_client(settings, f"{account}:{_WRONG_SECRET}") as wrong,
    ):
        trial = _Trial(client)
        me = await trial.show("Bot là ai, có vào được nhóm không (can_join_groups)", "getMe")
        await _Trial(wrong).show("Mã sai được trả lời thế nào", "getMe")
        hook = await trial.show("Webhook đang đặt ở đâu (404 là chưa đặt)", "getWebhookInfo")
        if me is None or not me.is_ok:
            return False
        if _has_webhook(hook):
            await trial.show("Hỏi tin nhắn khi đang có webhook", "getUpdates", timeout=1)
            say("Đang có webhook nên không thử tiếp được phần gửi và nhận.")
            return True
        chat = await _testers_chat(trial)
        if chat:
            await _try_sending(trial, chat)
        return True


@dataclass(frozen=True, slots=True)
class _Trial:
    client: ZaloClient

    async def show(self, title: str, method: str, **parameters: object) -> Answer | None:
        """What came back; None when nothing did."""
        say(f"- {title}", style="bold")
        try:
            answer = await self.client.ask(method, timedelta(seconds=_POLL_SECONDS), **parameters)
        except SendError as error:
            say(f"  Không có câu trả lời: {error}")
            return None
        say(f"  HTTP {answer.status}: {_shown(answer)}")
        return answer


def _shown(answer: Answer) -> str:
    """Without people, their words and tokens: these lines are passed on."""
    if answer.envelope is None:
        return "không phải câu trả lời của Zalo (không có JSON)"
    return logs.without_secrets(json.dumps(_masked(answer.envelope), ensure_ascii=False))


def _masked(found: object, *, is_written: bool = False) -> object:
    """Of a message somebody wrote only its form is left."""
    match found:
        case dict():
            return {
                name: _masked(
                    each, is_written=name not in _FORM and (is_written or name == "message")
                )
                for name, each in found.items()
            }
        case list():
            return [_masked(each, is_written=is_written) for each in found]
        case str() | int() if is_written:
            return "…"
        case _:
            return found


def _has_webhook(answer: Answer | None) -> bool:
    result = answer.result if answer is not None and answer.is_ok else None
    return isinstance(result, dict) and bool(result.get("url"))


async def _testers_chat(trial: _Trial) -> str:
    """Of whoever sends the code: members may write meanwhile. Empty: nobody did."""
    code = new_code()
    say(f"Từ điện thoại của người thử, hãy nhắn cho bot đúng mã này: {shown(code)}")
    if not confirm("Đã nhắn?"):
        return ""
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _chat_that_sends(trial, code)
    say("Không nhận được mã. Zalo có thể không giữ tin khi không có ai hỏi; hãy thử lại.")
    return ""


async def _chat_that_sends(trial: _Trial, code: str) -> str:
    while True:
        answer = await trial.show("Tin nhắn đến", "getUpdates", timeout=_POLL_SECONDS)
        message = _message_of(answer)
        chat = message.get("chat")
        if isinstance(chat, dict) and read_code(str(message.get("text"))) == code:
            await trial.show("Hỏi lại ngay: tin cũ có được trả lại không", "getUpdates", timeout=1)
            return str(chat.get("id"))
        await asyncio.sleep(1)  # never faster


def _message_of(answer: Answer | None) -> Json:
    result = answer.result if answer is not None and answer.is_ok else None
    update = result[0] if isinstance(result, list) and result else result
    message = update.get("message") if isinstance(update, dict) else None
    return message if isinstance(message, dict) else {}


async def _try_sending(trial: _Trial, chat: str) -> None:
    async def send(title: str, text: str, to: str = chat, **more: object) -> None:
        await trial.show(title, "sendMessage", chat_id=to, text=text, **more)

    await send("Gửi một tin thường", "Bản tin đang thử gửi tin. https://zalo.me")
    await send("Gửi có kiểu chữ", "Chữ đậm", text_styles=[{"start": 0, "len": 7, "st": ["b"]}])
    await send("Gửi có thẻ HTML", "<b>Chữ đậm</b>", parse_mode="html")
    await send(f"Gửi đủ {TEXT_LIMIT} chữ", "a" * TEXT_LIMIT)
    await send(f"Gửi {TEXT_LIMIT + 1} chữ", "a" * (TEXT_LIMIT + 1))
    half = TEXT_LIMIT // 2 + 1
    await send(f"Gửi {half} hình mặt cười ({2 * half} đơn vị UTF-16)", "😀" * half)
    await send("Gửi tới nơi không có ai", "thử", to=_NOBODY)
    if confirm("Hãy chặn bot trên điện thoại để thử. Đã chặn?"):
        await send("Gửi tới người đã chặn bot", "thử")

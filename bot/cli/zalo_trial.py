"""`bantin check zalo`: tries what nobody has documented, and prints what Zalo really answers."""

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import typer

from bot import logs
from bot.bots.zalo import zalo_client
from bot.cli.existing import is_running
from bot.cli.problem import Refused
from bot.cli.screen import confirm, say, stopping
from bot.platforms.zalo.answer import Answer
from bot.platforms.zalo.client import ZaloClient
from bot.settings import Settings, load
from jobs.messenger import SendError
from storage.database import open_database
from storage.problems import DatabaseProblem

MESSAGES: Final = 12  # at most, of the month's
_LIMIT: Final = 2000
_NOBODY: Final = "0" * 20
_POLL_SECONDS: Final = 10
_POLLS: Final = 6
_WRONG_SECRET: Final = "khong-phai-ma-nay"  # noqa: S105 - opens nothing
_NAMES: Final = re.compile(r'("display_name": ")[^"]*')


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
    account = token.partition(":")[0]
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
        chat = await _first_chat(trial)
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
    """Without people's names and tokens: these lines are passed on."""
    if answer.envelope is None:
        return "không phải câu trả lời của Zalo (không có JSON)"
    text = json.dumps(answer.envelope, ensure_ascii=False)
    return logs.without_secrets(_NAMES.sub(r"\1…", text))


def _has_webhook(answer: Answer | None) -> bool:
    result = answer.result if answer is not None and answer.is_ok else None
    return isinstance(result, dict) and bool(result.get("url"))


async def _first_chat(trial: _Trial) -> str:
    """Of whoever writes now; empty: nobody did."""
    if not confirm("Hãy nhắn một tin bất kỳ cho bot từ điện thoại trước. Đã nhắn?"):
        return ""
    for _ in range(_POLLS):
        chat = _chat_of(await trial.show("Tin nhắn đến", "getUpdates", timeout=_POLL_SECONDS))
        await asyncio.sleep(1)  # never faster
        if chat:
            await trial.show("Hỏi lại ngay: tin cũ có được trả lại không", "getUpdates", timeout=1)
            return chat
    say("Không nhận được tin nào. Zalo có thể không giữ tin khi không có ai hỏi; hãy thử lại.")
    return ""


def _chat_of(answer: Answer | None) -> str:
    result = answer.result if answer is not None and answer.is_ok else None
    update = result[0] if isinstance(result, list) and result else result
    message = update.get("message") if isinstance(update, dict) else None
    chat = message.get("chat") if isinstance(message, dict) else None
    return str(chat.get("id") or "") if isinstance(chat, dict) else ""


async def _try_sending(trial: _Trial, chat: str) -> None:
    async def send(title: str, text: str, to: str = chat, **more: object) -> None:
        await trial.show(title, "sendMessage", chat_id=to, text=text, **more)

    await send("Gửi một tin thường", "Bản tin đang thử gửi tin. https://zalo.me")
    await send("Gửi có kiểu chữ", "Chữ đậm", text_styles=[{"start": 0, "len": 7, "st": ["b"]}])
    await send("Gửi có thẻ HTML", "<b>Chữ đậm</b>", parse_mode="html")
    await send(f"Gửi đủ {_LIMIT} chữ", "a" * _LIMIT)
    await send(f"Gửi {_LIMIT + 1} chữ", "a" * (_LIMIT + 1))
    half = _LIMIT // 2 + 1
    await send(f"Gửi {half} hình mặt cười ({2 * half} đơn vị UTF-16)", "😀" * half)
    await send("Gửi tới nơi không có ai", "thử", to=_NOBODY)
    if confirm("Hãy chặn bot trên điện thoại để thử. Đã chặn?"):
        await send("Gửi tới người đã chặn bot", "thử")

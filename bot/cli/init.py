"""`bantin init`: asks, tries each answer, writes bantin.toml, prints the owner's one-time code."""

import asyncio
import json
import os
import tomllib
from typing import Annotated, Any

import typer

from bot.app import office_bot, opened
from bot.cli.screen import complain, say
from bot.cli.source import look, save, topic_ids
from bot.cli.visit import Visit, show
from bot.commands.owner import OWNER_CODE_LIFETIME, OWNER_CODE_TRIES, new_owner_code
from bot.platforms.telegram.bot import Me, who_am_i
from bot.platforms.telegram.errors import TokenRefused
from bot.settings import FILE, WrongSetting, load
from jobs.clock import SystemClock
from jobs.messenger import SendError
from storage.database import Database
from storage.records import Role

_QUESTIONS = {
    "office": "Tên cơ quan, như người nhận sẽ thấy",
    "address_form": "Cách xưng hô với người nhận (anh/chị, đồng chí, ông/bà, quý vị)",
    "contact": "Người phụ trách để hỏi khi cần: họ tên, số điện thoại (có thể để trống)",
}


def init(
    owner_code: Annotated[
        bool, typer.Option("--owner-code", help="Chỉ cấp mã mới cho người phụ trách.")
    ] = False,
) -> None:
    if owner_code:
        asyncio.run(_give_code(None, again=True))
        return
    say("Thiết lập Bản tin. Bấm Enter để giữ giá trị trong ngoặc vuông.\n", style="bold")
    answers = _answers_so_far()
    for name, question in _QUESTIONS.items():
        _ask(answers, name, question)
    me = _ask_token(answers)
    _write(answers)
    say(f"Đã ghi {FILE}.\n")
    asyncio.run(_ask_source())
    asyncio.run(_give_code(me))


def _answers_so_far() -> dict[str, Any]:
    """What bantin.toml says already. Raises WrongSetting."""
    load()
    return tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def _ask(answers: dict[str, Any], name: str, question: str) -> None:
    """Until the answer is accepted."""
    default = getattr(load(), name)
    while True:
        answer = typer.prompt(question, default=default, type=str).strip()
        try:
            load(**{name: answer})
        except WrongSetting as wrong:
            complain(str(wrong))
        else:
            answers[name] = answer
            return


def _ask_token(answers: dict[str, Any]) -> Me | None:
    """Until Telegram knows the token; None when Telegram cannot be reached now."""
    question = "Mã bot do @BotFather cấp (không hiện khi dán)"
    while True:
        kept = answers.get("telegram_token", "")
        hint = f"{question}, Enter để giữ mã cũ" if kept else question
        default = kept or None
        token = typer.prompt(hint, default=default, show_default=False, hide_input=True).strip()
        answers["telegram_token"] = token
        try:
            me = asyncio.run(_try_token(answers))
        except TokenRefused:
            complain("Telegram không nhận mã này. Hãy sao chép lại mã trong @BotFather.")
            del answers["telegram_token"]
        except WrongSetting as wrong:
            complain(str(wrong))
            answers.pop("telegram_proxy", None)
        except SendError:
            if _goes_on_without_telegram(answers):
                return None
        else:
            say(f"Telegram nhận mã này: @{me.username} ({me.name}).")
            return me


async def _try_token(answers: dict[str, Any]) -> Me:
    """Raises SendError, TokenRefused, WrongSetting."""
    async with office_bot(load(**answers)) as bot:
        return await who_am_i(bot)


def _goes_on_without_telegram(answers: dict[str, Any]) -> bool:
    complain("Chưa kết nối được tới Telegram từ máy này.")
    proxy = typer.prompt(
        "Địa chỉ proxy (socks5://… hoặc http://…), Enter để bỏ qua và thử lại khi chạy",
        default="",
        show_default=False,
    ).strip()
    if proxy:
        answers["telegram_proxy"] = proxy
    return not proxy


def _write(answers: dict[str, Any]) -> None:
    """Whole or not at all; only its owner may read it, for it holds the token."""
    lines = [f"{name} = {_toml(value)}\n" for name, value in answers.items()]
    fresh = FILE.with_suffix(".toml.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(lines)
    fresh.replace(FILE)


def _toml(value: object) -> str:
    """Our settings are texts and numbers; JSON writes both as TOML does."""
    return json.dumps(value, ensure_ascii=False)


async def _ask_source() -> None:
    settings = load()
    async with opened(settings) as database:
        async with database.transaction() as tx:
            known = len(await tx.sources.all())
        if known:
            say(f"Đã có {known} nguồn tin. Xem: bantin source list")
            return
        asked = await _ask_url()
        if asked is None:
            say("Chưa có nguồn tin. Thêm sau bằng lệnh: bantin source add ĐỊA-CHỈ")
            return
        url, found = asked
        name = typer.prompt("Tên nguồn tin như người nhận sẽ thấy", default=settings.office)
        await save(database, url, name, found, await topic_ids(database, {"": "tin-tuc"}))
    say("Đã thêm nguồn tin. Những tin đang có được coi là cũ và không gửi đi.\n")


async def _ask_url() -> tuple[str, Visit] | None:
    while True:
        url = typer.prompt(
            "Địa chỉ trang danh sách tin hoặc nguồn RSS (Enter để bỏ qua)",
            default="",
            show_default=False,
        ).strip()
        if not url:
            return None
        try:
            found = await look(url, None, load())
        except typer.Exit:  # the reason was said
            continue
        show(found)
        return url, found


async def _give_code(me: Me | None, *, again: bool = False) -> None:
    async with opened(load()) as database:
        code = await _fresh_code(database, again=again)
    if code is None:
        say("Bản tin đã có người phụ trách. Cần mã mới: bantin init --owner-code")
    else:
        bot = f"@{me.username}" if me else "bot của cơ quan"
        minutes = int(OWNER_CODE_LIFETIME.total_seconds() / 60)
        say("Chạy Bản tin bằng lệnh: bantin run", style="bold")
        say(f"Rồi trong {minutes} phút, mở Telegram, tìm {bot} và gửi mã: {code}", style="bold")
        say("Người đầu tiên gửi mã này trong cuộc trò chuyện riêng sẽ là người phụ trách.")


async def _fresh_code(database: Database, *, again: bool) -> str | None:
    """None when there is an owner and no other is wanted."""
    async with database.transaction() as tx:
        if not again and await tx.subscribers.with_role(Role.OWNER):
            return None
        code, salt, code_hash = new_owner_code()
        await tx.owner_codes.replace(
            salt=salt,
            code_hash=code_hash,
            expires_at=SystemClock().now() + OWNER_CODE_LIFETIME,
            tries=OWNER_CODE_TRIES,
        )
    return code

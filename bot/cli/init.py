"""`bantin init`: asks, tries each answer, writes bantin.toml, prints the owner's one-time code."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.app import opened
from bot.cli import settings_file
from bot.cli.problem import Refused
from bot.cli.questions import ask_bots, ask_office
from bot.cli.screen import ask, complain, say, stopping
from bot.cli.source import add_source, host_of
from bot.cli.visit import Visit, look, show
from bot.commands.owner import OWNER_CODE_LIFETIME, OWNER_CODE_TRIES, new_owner_code
from bot.platforms.telegram.bot import Me
from bot.settings import FILE, Settings, WrongSetting, load, variable
from jobs.bulletin_text import show_moment
from jobs.clock import SystemClock
from storage.records import Role

_RUN = "1. Chạy Bản tin: bantin run (nếu đang chạy thì dừng rồi chạy lại, để dùng cài đặt mới)"


def init(
    owner_code: Annotated[
        bool, typer.Option("--owner-code", help="Chỉ cấp mã mới để nhận quyền quản lý hệ thống.")
    ] = False,
) -> None:
    if owner_code:
        settings = load()
        _next_steps(settings, None, *asyncio.run(_fresh_code(settings)))
        return
    with stopping(f"Đã dừng. Chưa ghi gì vào {FILE}."):
        me = _settle()
    with stopping(f"Đã dừng. {FILE} đã được ghi; chạy lại bantin init để làm tiếp."):
        settings = load()
        _settle_source(settings)
        if asyncio.run(_has_owner(settings)):
            _with_owner()
        else:
            _next_steps(settings, me, *asyncio.run(_fresh_code(settings)))


def _settle() -> Me | None:
    """Asks and writes."""
    say("Thiết lập Bản tin. Enter để giữ giá trị trong ngoặc vuông, Ctrl-C để dừng.", style="bold")
    try:
        answers = settings_file.read()
    except WrongSetting as wrong:
        mend = f"Hãy sửa lại, hoặc đổi tên tệp {FILE} để làm mới từ đầu, rồi chạy lại bantin init."
        raise Refused(f"{wrong}\n{mend}") from wrong
    ask_office(answers)
    me = ask_bots(answers)
    settings_file.write(answers)
    say(f"Đã ghi {FILE.absolute()}.")
    _warn_of_environment(answers)
    say()
    return me


def _warn_of_environment(answers: Mapping[str, Any]) -> None:
    written, used = load(**answers), load()
    for name in answers:
        if getattr(written, name) != getattr(used, name):
            complain(
                f"Lưu ý: biến môi trường {variable(name)} đang được đặt, "
                f"nên giá trị vừa ghi của {name} không được dùng."
            )


def _settle_source(settings: Settings) -> None:
    known = asyncio.run(_count_sources(settings))
    if known:
        say(f"Đã có {known} nguồn tin. Xem: bantin source list")
        return
    while url := ask("Địa chỉ trang danh sách tin hoặc nguồn RSS (Enter để bỏ qua)"):
        try:
            found = look(url, None, settings)
        except Refused as refused:
            complain(str(refused))
            continue
        _save_source(url, found, settings)
        return
    say("Chưa có nguồn tin. Thêm sau bằng lệnh: bantin source add ĐỊA-CHỈ")


def _save_source(url: str, found: Visit, settings: Settings) -> None:
    show(found)
    name = ask("Tên nguồn tin như người nhận sẽ thấy", default=host_of(url))
    asyncio.run(add_source(settings, found, name, {"": "tin-tuc"}))
    say("Đã thêm nguồn tin. Những tin đang có được coi là cũ và không gửi đi.")


async def _count_sources(settings: Settings) -> int:
    async with opened(settings) as database, database.transaction() as tx:
        return len(await tx.sources.all())


async def _has_owner(settings: Settings) -> bool:
    async with opened(settings) as database, database.transaction() as tx:
        return bool(await tx.subscribers.has_role(Role.OWNER))


async def _fresh_code(settings: Settings) -> tuple[str, datetime]:
    """A new code, the only one that is open, and when it ends."""
    fresh = new_owner_code()
    expires_at = SystemClock().now() + OWNER_CODE_LIFETIME
    async with opened(settings) as database, database.transaction() as tx:
        await tx.owner_codes.replace(
            salt=fresh.salt,
            code_hash=fresh.code_hash,
            expires_at=expires_at,
            tries=OWNER_CODE_TRIES,
        )
    return fresh.code, expires_at


def _next_steps(settings: Settings, me: Me | None, code: str, expires_at: datetime) -> None:
    minutes = int(OWNER_CODE_LIFETIME.total_seconds() / 60)
    say("\nViệc tiếp theo:", style="bold")
    say(_RUN)
    say(f"2. {_where(settings, me)} gửi mã này:")
    say(f"\n   {code}\n", style="bold")
    say(f"Mã dùng được một lần, trong {minutes} phút (đến {show_moment(expires_at)}).")
    say("Ai gửi mã trước trong cuộc trò chuyện riêng sẽ là người quản lý hệ thống.")
    say("Hết giờ thì lấy mã mới: bantin init --owner-code")


def _where(settings: Settings, me: Me | None) -> str:
    if settings.telegram_token is None:
        return "Trong Zalo, tìm bot của cơ quan rồi"
    bot = f"tìm @{me.username} (https://t.me/{me.username})" if me else "tìm bot của cơ quan"
    return f"Trong Telegram, {bot}, bấm Bắt đầu rồi"


def _with_owner() -> None:
    say("Bản tin đã có người quản lý hệ thống. Cần mã mới: bantin init --owner-code")
    say("\nViệc tiếp theo:", style="bold")
    say(_RUN)

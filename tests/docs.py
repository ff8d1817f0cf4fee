"""`make docs`: writes the README's tables from the code, takes the pictures of the chat page."""

import asyncio
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer.main
from playwright.async_api import Page, expect

from bot import settings
from bot.cli.main import app
from bot.commands.registry import COMMANDS
from bot.commands.wording import ROLE_NAMES
from storage.records import Role
from tests.browser import open_browser
from tests.program import ROOT, playing

README = ROOT / "README.md"
PICTURES = ROOT / "docs"
WIDE = {"width": 1640, "height": 900}
TALL = {"width": 1640, "height": 1150}  # for one phone each
SOON = 30_000  # milliseconds
NOTICE = (
    "Kính mời các hội viên dự họp lúc 8 giờ, thứ Tư ngày 25/11/2026, tại nhà văn hóa thôn Đông.\n"
    "Nội dung: bàn việc giúp nhau phát triển kinh tế gia đình."
)


def settings_table() -> str:
    return _table(
        ("setting", "default", "meaning"),
        ((f"`{name}`", _shown(field.default), str(field.description))
         for name, field in settings.fields().items()),
    )  # fmt: skip


def commands_table() -> str:
    return _table(
        ("command", "also understood", "for", "what it does"),
        (
            (
                f"`/{command.name}`",
                ", ".join(command.aliases),
                "mọi người" if command.role is Role.MEMBER else ROLE_NAMES[command.role],
                command.help,
            )
            for command in COMMANDS
        ),
    )


def subcommands_table() -> str:
    return _table(("command", "what it does"), _subcommands(typer.main.get_command(app), "bantin"))


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "commands": commands_table,
    "subcommands": subcommands_table,
}


def with_tables(text: str) -> str:
    """The README with its tables as the code says."""
    for name, table in TABLES.items():
        pattern = rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end -->)"
        text = re.sub(pattern, lambda found: found[1] + table() + found[2], text, flags=re.DOTALL)  # noqa: B023 - used at once
    return text


def _subcommands(command: Any, path: str) -> Iterable[tuple[str, str]]:  # noqa: ANN401 - a Click command, by Typer
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from _subcommands(each, f"{path} {name}")
    else:
        yield f"`{path}`", command.help or ""


def _shown(default: object) -> str:
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    return f"`{default}`" if default not in (None, "") else ""


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = tuple(headings)
    lines = [headings, ("---",) * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


async def take_pictures() -> None:
    """Played once through, from the first press to the report of a notice."""
    with TemporaryDirectory() as folder:
        async with playing(Path(folder)) as url, open_browser() as browser:
            page = await browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
            await page.goto(url)
            await _ask_member(page)
            await _take(page, "phone-member", "dong-y.png")
            await page.set_viewport_size(TALL)  # type: ignore[arg-type]
            await _join_on_zalo(page)
            await _take(page, "phone-zalo-member", "zalo.png")
            await _play_readers(page)
            await _take(page, "phone-group", "nhom.png")
            await page.get_by_test_id("tab-member").click()
            await _take(page, "phone-member", "thanh-vien.png")
            await _play_notice(page)
            await _take(page, "phone-admin", "thong-bao.png")
            await _send_notice(page)
            await _take(page, "phone-admin", "bao-cao.png")
            await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            await page.screenshot(path=PICTURES / "chat-page.png")


async def _take(page: Page, phone: str, name: str) -> None:
    await page.get_by_test_id(phone).screenshot(path=PICTURES / name)


async def _ask_member(page: Page) -> None:
    member = page.get_by_test_id("phone-member")
    await member.get_by_test_id("start").click()
    await expect(member.get_by_role("button", name="Đồng ý", exact=True)).to_be_visible()


async def _join_on_zalo(page: Page) -> None:
    """By numbers: nothing can be pressed there."""
    phone = page.get_by_test_id("phone-zalo-member")
    for said, answered in (("Xin chào", "Trả lời 1 hoặc 2"), ("1", "Đã đăng ký nhận tin")):
        await phone.get_by_test_id("composer").fill(said)
        await phone.get_by_test_id("send").click()
        await expect(phone.get_by_text(answered)).to_be_visible(timeout=SOON)


async def _play_readers(page: Page) -> None:
    """A member who subscribed, a group that was asked, and an article that arrived."""
    member = page.get_by_test_id("phone-member")
    await member.get_by_role("button", name="Đồng ý", exact=True).click()
    await expect(member.get_by_role("button", name="Đổi chuyên mục")).to_be_visible()
    await page.get_by_test_id("tab-group").click()
    group = page.get_by_test_id("phone-group")
    await group.get_by_role("button", name="Thêm Bản tin vào nhóm").click()
    await group.get_by_role("button", name="Đồng ý nhận tin").click()
    await page.get_by_test_id("publish").click()
    await expect(group.get_by_text("Đọc toàn văn")).to_be_visible(timeout=SOON)
    await expect(
        page.get_by_test_id("phone-zalo-member").get_by_text("Đọc toàn văn")
    ).to_be_visible(timeout=SOON)


async def _play_notice(page: Page) -> None:
    """The office's admin becomes the owner, and writes."""
    admin = page.get_by_test_id("phone-admin")
    await admin.get_by_test_id("start").click()
    await admin.get_by_test_id("owner-code-send").click()
    await expect(admin.get_by_text("người quản lý hệ thống").last).to_be_visible(timeout=SOON)
    for said in ("/thongbao", NOTICE):
        before = await admin.locator("[data-from=bot]").count()
        await admin.get_by_test_id("composer").fill(said)
        await admin.get_by_test_id("send").click()
        await expect(admin.locator("[data-from=bot]").nth(before)).to_be_visible(timeout=SOON)
    await expect(admin.get_by_role("button", name="Gửi thử cho tôi")).to_be_visible(timeout=SOON)


async def _send_notice(page: Page) -> None:
    admin = page.get_by_test_id("phone-admin")
    for name in ("Gửi", "Gửi ngay"):
        await admin.locator("[data-from=bot]").get_by_role("button", name=name, exact=True).click()
    await expect(admin.get_by_text("Xong lúc")).to_be_visible(timeout=SOON)
    await expect(page.get_by_test_id("phone-member").get_by_text(NOTICE[:20])).to_be_visible()


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(take_pictures())

"""`bantin init`: a clerk at a terminal sets the bot up, breaks off, comes back."""

import contextlib
import os
import re
import stat
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import settings_file
from bot.cli.problem import Refused
from bot.rehearsal.server import RehearsalServer
from bot.settings import WrongSetting
from jobs.clock import SystemClock
from storage.database import open_database
from storage.records import OwnerCode, Source
from storage.upgrade import upgrade
from tests.bot.cli.console import command, command_beside
from tests.bot.cli.terminal import CTRL_C, CTRL_D, ENTER, at_terminal
from tests.program import environment, reads

CLOCK = SystemClock()
NOWHERE = "http://127.0.0.1:9/bot"  # nobody listens there
FILE = "bantin.toml"
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now) as server:
        yield server


async def stored(folder: Path) -> tuple[list[Source], OwnerCode | None]:
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    await upgrade(database)
    async with database.transaction() as tx:
        found = await tx.sources.all(), await tx.owner_codes.open(CLOCK.now())
    await database.close()
    return found


async def test_a_clerk_is_led_from_the_first_question_to_the_code(
    tmp_path: Path, server: RehearsalServer
) -> None:
    env = environment(tmp_path, telegram_api_url=server.api_url, **reads(server.url))
    token = server.telegram.token
    async with at_terminal("init", folder=tmp_path, env=env) as screen:
        await screen.answers("Tên cơ quan", "Đảng ủy xã Tân Lập")
        await screen.answers("Chọn một số", "7")
        await screen.sees("Không có lựa chọn")
        await screen.answers("Chọn một số", "dong chi")
        await screen.answers("Ai trả lời", "Bà Mai, 0277 000 000")
        await screen.answers("Mã bot", "abc")
        await screen.sees("cần mã do @BotFather cấp")
        await screen.answers("Mã bot", "12345:" + "x" * 35)
        await screen.sees("Telegram không nhận mã này")
        await screen.answers("Mã bot", token)
        await screen.sees("Telegram nhận mã này: @bantin_tanlap_bot")
        await screen.answers("Mã bot Zalo")
        await screen.answers("Địa chỉ trang danh sách", "tanlap.example")
        await screen.sees("http://")
        await screen.answers("Địa chỉ trang danh sách", server.portal_url)
        await screen.sees("Đọc được 5 tin")
        await screen.answers("Tên nguồn tin", "Cổng thông tin xã Tân Lập")
        assert await screen.ends() == 0
    assert_led_on(screen.text, token)
    assert_written(tmp_path / FILE, token)
    sources, code = await stored(tmp_path)
    assert [(one.name, one.url) for one in sources] == [
        ("Cổng thông tin xã Tân Lập", server.feed_url)
    ]
    assert code is not None


def assert_led_on(shown: str, token: str) -> None:
    assert "bantin run" in shown
    assert "https://t.me/bantin_tanlap_bot" in shown
    assert CODE.search(shown)
    assert token not in shown
    assert "xxxxx" not in shown


def assert_written(file: Path, token: str) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tomllib.loads(file.read_text("utf-8")) == {
        "office": "Đảng ủy xã Tân Lập",
        "address_form": "đồng chí",
        "contact": "Bà Mai, 0277 000 000",
        "telegram_token": token,
    }


HAND_WRITTEN = """# ghi chú của văn phòng
office = "Hội Phụ nữ"   # cũ
poll_interval_seconds = 60  # mỗi phút
telegram_token = "{token}"
"""


async def test_enter_keeps_what_was_and_what_is_not_asked_for(
    tmp_path: Path, server: RehearsalServer
) -> None:
    before = HAND_WRITTEN.format(token=server.telegram.token)
    (tmp_path / FILE).write_text(before, "utf-8")
    env = {"BANTIN_TELEGRAM_API_URL": server.api_url}
    ended = await command_beside("init", folder=tmp_path, env=env, answers="\n" * 6)
    assert ended.code == 0, ended.err
    assert "[Hội Phụ nữ]" in ended.out
    assert "Enter để giữ mã cũ" in ended.out
    after = (tmp_path / FILE).read_text("utf-8")
    assert after == before + 'address_form = "anh/chị"\ncontact = ""\n'


async def test_without_telegram_a_proxy_is_asked_for_and_enter_goes_on(tmp_path: Path) -> None:
    env = {"BANTIN_TELEGRAM_API_URL": NOWHERE}
    proxies = ["127.0.0.1:9", "socks5://127.0.0.1:9", ""]
    answers = ["Hội Nông dân", "", "", "12345:" + "x" * 35, *proxies, "", ""]
    ended = await command_beside(
        "init", folder=tmp_path, env=env, answers="\n".join([*answers, ""])
    )
    assert ended.code == 0, ended.err
    assert "Chưa kết nối được tới Telegram" in ended.err
    assert "telegram_proxy" in ended.err
    assert CODE.search(ended.out)
    written = tomllib.loads((tmp_path / FILE).read_text("utf-8"))
    assert written["telegram_proxy"] == "socks5://127.0.0.1:9"


@pytest.mark.parametrize(
    ("path", "is_left"),
    [("/zalo/8000000001", False), ("/other", True)],
    ids=["ours", "somebody else's"],
)
async def test_who_gives_the_webhook_up_is_no_longer_called_there(
    tmp_path: Path, server: RehearsalServer, path: str, is_left: bool
) -> None:
    bot = server.zalo.bot
    bot.webhook.set(f"http://127.0.0.1:9{path}", "mot-bi-mat-dai", CLOCK.now())
    settings = (
        f'zalo_tokens = "{bot.token}"',
        'zalo_webhook_url = "http://127.0.0.1:9"',
        'zalo_webhook_secret = "mot-bi-mat-dai"',
    )
    (tmp_path / FILE).write_text("\n".join(settings), "utf-8")
    env = {"BANTIN_ZALO_API_URL": server.zalo_api_url}
    answers = "\n" * 5 + "-\n\n"
    ended = await command_beside("init", folder=tmp_path, env=env, answers=answers)
    assert ended.code == 0, ended.out + ended.err
    assert "zalo_webhook_url" not in tomllib.loads((tmp_path / FILE).read_text("utf-8"))
    assert bool(bot.webhook.url) is is_left


async def test_an_office_that_is_on_zalo_alone_is_led_to_the_code_too(
    tmp_path: Path, server: RehearsalServer
) -> None:
    env = environment(tmp_path, zalo_api_url=server.zalo_api_url, **reads(server.url))
    (token,) = server.zalo.bots
    async with at_terminal("init", folder=tmp_path, env=env) as screen:
        for question in ("Tên cơ quan", "Chọn một số", "Ai trả lời", "Mã bot", "Mã bot Zalo"):
            await screen.answers(question)
        await screen.sees("Cần có ít nhất một bot")
        await screen.answers("Mã bot Telegram")
        await screen.answers("Mã bot Zalo", "8000000001:sai-mat-roi")
        await screen.sees("Zalo không nhận mã của bot 8000000001")
        await screen.answers("Mã bot Zalo", token)
        await screen.sees("Zalo nhận mã bot 8000000001")
        await screen.answers("Địa chỉ webhook", "http://tanlap.example")
        await screen.sees("zalo_webhook_url")
        await screen.answers("Địa chỉ webhook", "https://bantin.tanlap.example")
        await screen.answers("Địa chỉ trang danh sách")
        assert await screen.ends() == 0
    assert "Trong Zalo, tìm bot của cơ quan rồi gửi mã này" in screen.text
    assert CODE.search(screen.text)
    assert token not in screen.text
    written = tomllib.loads((tmp_path / FILE).read_text("utf-8"))
    assert written["zalo_tokens"] == token
    assert written["zalo_webhook_url"] == "https://bantin.tanlap.example"
    assert len(written["zalo_webhook_secret"]) >= 24


@pytest.mark.parametrize(
    ("question", "key"),
    [
        pytest.param("Mã bot", CTRL_C, id="Ctrl-C at the hidden token"),
        pytest.param("Chọn một số", CTRL_D, id="the end of input"),
    ],
)
async def test_who_breaks_off_is_told_that_nothing_was_written(
    tmp_path: Path, question: str, key: str
) -> None:
    async with at_terminal("init", folder=tmp_path) as screen:
        for asked in ("Tên cơ quan", "Chọn một số", "Ai trả lời", "Mã bot"):
            await screen.is_asked(asked)
            if asked == question:
                break
            screen.types(ENTER)
        told = f"Đã dừng. Chưa ghi gì vào {FILE}."
        if key == CTRL_C:
            await screen.breaks_off(told)
        else:
            screen.types(key)
            await screen.sees(told)
        assert await screen.ends() == 1
        assert "Traceback" not in screen.text
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - no blocking Path in a coroutine


async def test_who_breaks_off_later_is_told_what_is_kept(
    tmp_path: Path, server: RehearsalServer
) -> None:
    token = server.telegram.token
    env = environment(tmp_path, telegram_api_url=server.api_url, telegram_token=token)
    async with at_terminal("init", folder=tmp_path, env=env) as screen:
        for question in ("Tên cơ quan", "Chọn một số", "Ai trả lời", "Mã bot", "Mã bot Zalo"):
            await screen.answers(question)
        await (await screen.is_asked("Địa chỉ trang danh sách")).breaks_off("đã được ghi")
        assert await screen.ends() == 1
    assert token not in (tmp_path / FILE).read_text("utf-8")  # it was only in the environment


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('office = "Đảng ủy"\nthis is broken\n', "dòng 2", id="no TOML"),
        pytest.param("offise = 1\n", "offise", id="an unknown name"),
        pytest.param("poll_interval_seconds = 0\n", "từ 1 đến 86400", id="a wrong value"),
    ],
)
def test_a_broken_file_is_named_and_left_alone(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    ended = command("init", folder=tmp_path)
    assert ended.code == 1
    assert told in ended.err
    assert "chạy lại bantin init" in ended.err
    assert (tmp_path / FILE).read_text("utf-8") == text


async def test_a_variable_that_wins_over_the_file_is_named(
    tmp_path: Path, server: RehearsalServer
) -> None:
    env = {
        "BANTIN_OFFICE": "Hội Cựu chiến binh",
        "BANTIN_TELEGRAM_API_URL": server.api_url,
        "BANTIN_TELEGRAM_TOKEN": server.telegram.token,
    }
    ended = await command_beside("init", folder=tmp_path, env=env, answers="Đảng ủy\n\n\n\n\n\n")
    assert ended.code == 0, ended.err
    assert "BANTIN_OFFICE" in ended.err
    assert "BANTIN_TELEGRAM_TOKEN" not in ended.err


async def test_a_new_code_replaces_the_old_one(tmp_path: Path) -> None:
    first = await command_beside("init", "--owner-code", folder=tmp_path)
    _, before = await stored(tmp_path)
    second = await command_beside("init", "--owner-code", folder=tmp_path)
    _, after = await stored(tmp_path)
    codes = {CODE.findall(ended.out)[0] for ended in (first, second)}
    assert len(codes) == 2
    assert before is not None
    assert after is not None
    assert before.code_hash != after.code_hash
    assert not (tmp_path / FILE).exists()


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        Path(FILE).write_text('office = "Đảng ủy"\n', "utf-8")
        Path("bantin.toml.new").mkdir()
        with pytest.raises(Refused, match="Không ghi được"):
            settings_file.write({"office": "Hội Nông dân"})
        assert Path(FILE).read_text("utf-8") == 'office = "Đảng ủy"\n'


@pytest.mark.parametrize(
    "value",
    ['Hội "Nông dân"\\n', "xã [Tân Lập] = #1", "ba\tdòng\nmột\x7f tên", "🌾 lúa", 12, 0.5],
    ids=["quotes", "brackets", "control characters", "emoji", "number", "fraction"],
)
def test_what_is_written_is_read_again(tmp_path: Path, value: object) -> None:
    name = "office" if isinstance(value, str) else "messages_per_second"
    with contextlib.chdir(tmp_path):
        settings_file.write({name: value, "contact": "x"})
        settings_file.write({name: value, "contact": ""})
        assert settings_file.read() == {name: value, "contact": ""}


def test_a_file_written_in_odd_ways_is_read_again_too(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        Path(FILE).write_text('office = """Đảng ủy\nxã"""\n"contact" = \'a\'', "utf-8")
        settings_file.write({"office": "Hội", "contact": "b"})
        assert settings_file.read() == {"office": "Hội", "contact": "b"}


def test_a_broken_file_is_not_read(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        Path(FILE).write_bytes("office = 'Đảng ủy'".encode("utf-16"))
        with pytest.raises(WrongSetting, match="UTF-8"):
            settings_file.read()

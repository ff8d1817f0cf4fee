"""`bantin check zalo`: what Zalo answers stands on the screen, without tokens and names."""

from pathlib import Path

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.records import Person
from jobs.clock import SystemClock
from tests.bot.cli.console import command, command_beside
from tests.bot.cli.terminal import Terminal, at_terminal
from tests.program import environment

ASKED = (
    "can_join_groups",
    "Mã sai được trả lời thế nào",
    "404 là chưa đặt",
    "Tin nhắn đến",
    "Hỏi lại ngay",
    "Gửi đủ 2000 chữ",
    "Gửi 2001 chữ",
    "đơn vị UTF-16",
    "Gửi tới nơi không có ai",
    "Gửi tới người đã chặn bot",
)


async def _code_on(screen: Terminal) -> str:
    await screen.sees("đúng mã này: ")
    await screen.is_asked("Đã nhắn?")
    return screen.text.partition("đúng mã này: ")[2].split()[0]


async def test_every_open_question_is_put_to_zalo(tmp_path: Path) -> None:
    async with RehearsalServer(now=SystemClock().now) as server:
        (token,) = server.zalo.bots
        env = environment(tmp_path, zalo_api_url=server.zalo_api_url, zalo_tokens=token)
        async with at_terminal("check", "zalo", folder=tmp_path, env=env) as screen:
            await screen.answers("Bắt đầu?", "c")
            server.zalo_people.write(MEMBER, await _code_on(screen))
            screen.types("c\r")
            await screen.is_asked("Đã chặn?")
            server.zalo_people.block(MEMBER)
            screen.types("c\r")
            assert await screen.ends() == 0
    for asked in ASKED:
        assert asked in screen.text
    assert "HTTP 401" in screen.text
    assert "chat not found" in screen.text
    assert token not in screen.text
    assert MEMBER.name not in screen.text


async def test_only_the_tester_is_written_to_and_nobody_else_is_shown(tmp_path: Path) -> None:
    hasty = Person(id="2f6e81a07c", name='Nguyễn "Tèo" Văn')
    async with RehearsalServer(now=SystemClock().now) as server:
        (token,) = server.zalo.bots
        env = environment(tmp_path, zalo_api_url=server.zalo_api_url, zalo_tokens=token)
        async with at_terminal("check", "zalo", folder=tmp_path, env=env) as screen:
            await screen.answers("Bắt đầu?", "c")
            code = await _code_on(screen)
            server.zalo_people.write(hasty, "cho hỏi giờ họp chi bộ")
            server.zalo_people.write(MEMBER, code.lower())
            screen.types("c\r")
            await screen.answers("Đã chặn?", "k")
            assert await screen.ends() == 0
        assert not server.zalo.bot.texts(hasty.id)
        assert server.zalo.bot.texts(MEMBER.id)
    for secret in ("Tèo", "giờ họp", hasty.id):
        assert secret not in screen.text
    assert '"chat_type": "PRIVATE"' in screen.text


async def test_nothing_is_sent_without_a_yes(tmp_path: Path) -> None:
    async with RehearsalServer(now=SystemClock().now) as server:
        (token,) = server.zalo.bots
        env = environment(tmp_path, zalo_api_url=server.zalo_api_url, zalo_tokens=token)
        ended = await command_beside("check", "zalo", folder=tmp_path, env=env, answers="\n")
        assert ended.code == 0, ended.err
        assert not server.zalo.calls


def test_an_office_without_zalo_is_told_how_to_get_there(tmp_path: Path) -> None:
    ended = command("check", "zalo", folder=tmp_path)
    assert ended.code == 1
    assert "bantin init" in ended.err

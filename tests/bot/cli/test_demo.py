"""`bantin demo`: one command, and Ctrl-C ends all of it."""

import os
import socket
from pathlib import Path

from bot.rehearsal.server import RehearsalServer
from jobs.clock import SystemClock
from tests.bot.cli.console import command, command_beside
from tests.bot.cli.terminal import CTRL_C, at_terminal
from tests.program import bantin, environment, playing


def a_word(text: str, start: str) -> str:
    return next(word for word in text.split() if word.startswith(start))


async def test_ctrl_c_leaves_no_folder_and_no_server(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"TMPDIR": str(tmp_path)}
    async with at_terminal(
        "demo", "--no-browser", "--port", "0", folder=tmp_path, env=env
    ) as screen:
        await screen.sees("Dữ liệu: ")
        await screen.sees("\n")
        port = int(a_word(screen.text, "http://").rpartition(":")[2])
        data = Path(a_word(screen.text, str(tmp_path)))
        assert os.listdir(data)  # noqa: PTH208 - no blocking Path in a coroutine
        screen.types(CTRL_C)
        await screen.sees("Đã dừng")
        assert await screen.ends() == 0
        assert "Traceback" not in screen.text
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - see above
    async with RehearsalServer(now=SystemClock().now, port=port):
        pass  # the port is free again


async def test_a_folder_is_kept_and_used_again(tmp_path: Path) -> None:
    async with playing(tmp_path):
        pass
    async with playing(tmp_path) as url:
        arguments = ("demo", "--no-browser", "--port", "0", "--data", "demo")
        busy = await bantin(*arguments, folder=tmp_path)
        listed = await command_beside("source", "list", folder=tmp_path, env=stored(tmp_path))
    assert (busy.code, "đang chạy" in busy.err) == (1, True)
    assert listed.out.count("http://") == 1
    assert url in listed.out  # the other's try took nothing away


def stored(folder: Path) -> dict[str, str]:
    return {"BANTIN_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/demo/demo.db"}


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        taken = command("demo", "--no-browser", "--port", port, folder=tmp_path)
    assert taken.code == 1
    assert port in taken.err
    assert "--port 0" in taken.err


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = command("demo", "--no-browser", "--data", "file/demo", folder=tmp_path)
    assert ended.code == 1
    assert "file/demo" in ended.err

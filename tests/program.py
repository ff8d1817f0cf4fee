"""The program as a user starts it: another process, settings in the environment."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.rehearsal.server import RehearsalServer

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """No setting of whoever runs the tests; a database in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANTIN_")}  # noqa: TID251 - to start the program as a user would
    own = {"database_url": f"sqlite+aiosqlite:///{folder}/bantin.db", **settings}
    return kept | {
        "PYTHONPATH": str(ROOT),
        **{f"BANTIN_{name.upper()}": str(value) for name, value in own.items()},
    }


def reads(url: str) -> dict[str, object]:
    """The settings with which a server of the test is read, and at once."""
    return {"fetch_allowed_hosts": urlsplit(url).netloc, "fetch_gap_seconds": 0}


def for_rehearsal(folder: Path, server: RehearsalServer, **settings: object) -> dict[str, str]:
    """Of a bot that talks to the rehearsal's Telegram and reads its portal."""
    telegram = {"telegram_token": server.telegram.token, "telegram_api_url": server.api_url}
    return for_office(folder, server, **telegram, **settings)


def for_office(folder: Path, server: RehearsalServer, **settings: object) -> dict[str, str]:
    """Of an office that reads the rehearsal's portal; its bots are named by the settings."""
    return environment(
        folder,
        poll_interval_seconds=1,
        quiet_from_hour=0,  # tests run at any hour
        quiet_to_hour=0,
        **reads(server.url),
        **settings,
    )


async def bantin(
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None, answers: str = ""
) -> Ended:
    """One command to its end; `answers` are typed into it."""
    process = await _start(*arguments, folder=folder, env=env)
    async with asyncio.timeout(60):
        out, err = await process.communicate(answers.encode())
    assert process.returncode is not None
    return Ended(code=process.returncode, out=out.decode(), err=err.decode())


@asynccontextmanager
async def running(folder: Path, env: Mapping[str, str]) -> AsyncIterator[Process]:
    """`bantin run`; killed at the end if it still runs. What it says is in `log_of(folder)`."""
    with log_of(folder).open("ab") as log:
        process = await _start("run", folder=folder, env=env, output=log.fileno())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def playing(folder: Path, *, port: int = 0) -> AsyncIterator[str]:
    """`bantin demo` without a browser; the address of its page."""
    arguments = ("demo", "--no-browser", "--port", str(port), "--data", str(folder / "demo"))
    process = await _start(*arguments, folder=folder, env=None)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        yield next(word for word in line.split() if word.startswith("http://"))
    finally:
        process.terminate()
        await process.communicate()


def log_of(folder: Path) -> Path:
    return folder / "bantin.log"


async def _start(
    *arguments: str, folder: Path, env: Mapping[str, str] | None, output: int = PIPE
) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=env or environment(folder),
        stdin=PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,  # no terminal to ask for a hidden answer
    )

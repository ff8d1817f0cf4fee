"""A person at a real terminal: waits for a question, then types."""

import asyncio
import fcntl
import os
import pty
import re
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self

from tests.program import environment

CTRL_C: Final = "\x03"
CTRL_D: Final = "\x04"
ENTER: Final = "\r"
_COLOURS = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
_PATIENCE_SECONDS = 60
_UNHEARD_SECONDS = 1


class Terminal:
    """What stands on the screen is in `text`."""

    def __init__(self, screen: int, process: Process) -> None:
        self.text = ""
        self._screen = screen
        self._process = process
        self._bytes = b""
        self._read = 0  # characters that were waited for
        self._more = asyncio.Event()
        self._ended = False
        asyncio.get_running_loop().add_reader(screen, self._receive)

    def _receive(self) -> None:
        try:
            piece = os.read(self._screen, 65536)
        except OSError:  # Linux: the last one on the other side has left
            piece = b""
        if piece:
            self._bytes += piece
            self.text = _COLOURS.sub("", self._bytes.decode(errors="ignore")).replace("\r", "")
        else:
            self._ended = True
            self.close()
        self._more.set()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._screen)

    async def sees(self, words: str) -> Self:
        """Waits until the words stand below what was last seen."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (found := self.text.find(words, self._read)) < 0:
                assert not self._ended, f"it ended without “{words}”:\n{self.text}"
                self._more.clear()
                await self._more.wait()
        self._read = found + len(words)
        return self

    def types(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    async def is_asked(self, question: str) -> Self:
        """What is typed before the last blank may be thrown away: a hidden answer begins there."""
        await self.sees(question)
        return await self.sees(": ")

    async def answers(self, question: str, answer: str = "") -> None:
        (await self.is_asked(question)).types(answer + ENTER)

    async def breaks_off(self, words: str) -> None:
        """Ctrl-C until the words are seen: one that comes as input() begins may pass unheard."""
        while True:
            self.types(CTRL_C)
            with suppress(TimeoutError):
                async with asyncio.timeout(_UNHEARD_SECONDS):
                    await self.sees(words)
                    return

    def kill(self) -> None:
        """As kill -9 does."""
        self._process.kill()

    async def ends(self) -> int:
        """The exit code."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            code = await self._process.wait()
            while not self._ended:
                self._more.clear()
                await self._more.wait()
        return code


@asynccontextmanager
async def at_terminal(
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[Terminal]:
    screen, other_side = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={**(env or environment(folder)), "TERM": "xterm"},
        stdin=other_side,
        stdout=other_side,
        stderr=other_side,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(other_side)
    terminal = Terminal(screen, process)
    try:
        yield terminal
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        terminal.close()
        os.close(screen)


def _take_terminal() -> None:
    """So that Ctrl-C reaches the program and a hidden answer is asked for here."""

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

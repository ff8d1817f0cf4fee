"""The command line in this process, with errors as `main` says them."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.problem import sentence_for
from tests.program import Ended


def command(
    *arguments: str, folder: Path, env: Mapping[str, object] | None = None, answers: str = ""
) -> Ended:
    """`env` is added to that of whoever runs the tests."""
    own = {name: str(value) for name, value in (env or {}).items()}
    with contextlib.chdir(folder), _logging_kept():
        result = CliRunner().invoke(app, list(arguments), env=own, input=answers)
    told = ""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        sentence = sentence_for(result.exception)
        if sentence is None:
            raise result.exception
        told = sentence
    return Ended(code=result.exit_code, out=result.stdout, err=result.stderr + told)


@contextlib.contextmanager
def _logging_kept() -> Iterator[None]:
    """A command logs to its own standard error, which is gone when it ends."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)


async def command_beside(
    *arguments: str, folder: Path, env: Mapping[str, object] | None = None, answers: str = ""
) -> Ended:
    """While a server of the test answers."""
    return await asyncio.to_thread(command, *arguments, folder=folder, env=env, answers=answers)

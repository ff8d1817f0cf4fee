"""The help of every command, as Typer shows it."""

from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from bot.cli.main import app
from tests.docs import subcommands_table
from tests.program import bantin

WORDS_OF_TYPER = {"Show this message and exit."}


def paths() -> list[tuple[str, ...]]:
    rows = [line.split("`")[1] for line in subcommands_table().splitlines() if "`" in line]
    return [tuple(row.split()[1:]) for row in rows]


@pytest.mark.parametrize("path", paths(), ids=" ".join)
def test_every_command_and_option_is_explained(path: tuple[str, ...]) -> None:
    found = typer.main.get_command(app)
    for name in path:
        found = found.commands[name]  # type: ignore[attr-defined]
    assert found.help
    for parameter in found.params:
        text = getattr(parameter, "help", "") or ""
        assert text, parameter.name
        assert text in WORDS_OF_TYPER or not text.isascii(), f"{parameter.name}: {text}"
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "80"})
    assert shown.exit_code == 0


async def test_python_m_bot_is_the_same_program(tmp_path: Path) -> None:
    ended = await bantin("--help", folder=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert "init" in ended.out

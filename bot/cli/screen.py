"""How the console speaks and asks: text from outside is shown as it is, never read as markup."""

import contextlib
import sys
from collections.abc import Iterator

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.problem import Stopped
from bot.logs import without_secrets
from jobs.text import clean, fold

_out = Console(highlight=False, markup=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
_YES = frozenset({"y", "yes", "c", "co", "dong y"})


def say(text: str = "", *, style: str = "") -> None:
    _out.print(Text(text, style=style))


def complain(text: str) -> None:
    _err.print(Text(without_secrets(text), style="bold red"))


def ask(question: str, *, default: str = "", hidden: bool = False) -> str:
    """Enter takes the default. Raises typer.Abort; see `stopping`."""
    with contextlib.suppress(ImportError):  # with it the arrow keys work while typing
        import readline  # noqa: F401, PLC0415 - not at import time: it takes over the terminal
    answer = typer.prompt(
        question,
        default=default,
        show_default=bool(default),
        hide_input=hidden and sys.stdin.isatty(),  # else it would be read from another place
    )
    return clean(str(answer))


def confirm(question: str) -> bool:
    """Raises typer.Abort; see `stopping`."""
    return fold(ask(f"{question} (c = có, Enter = không)")) in _YES


@contextlib.contextmanager
def stopping(sentence: str) -> Iterator[None]:
    """Raises Stopped with the sentence for Ctrl-C and for the end of input."""
    try:
        yield
    except (typer.Abort, KeyboardInterrupt) as error:
        raise Stopped(f"\n{sentence}") from error

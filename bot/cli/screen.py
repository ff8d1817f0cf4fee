"""How the console speaks: text from outside is shown as it is, never read as markup."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_out = Console(highlight=False, markup=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def say(text: str = "", *, style: str = "") -> None:
    _out.print(Text(text, style=style))


def complain(text: str) -> None:
    _err.print(Text(text, style="bold red"))


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(*headings, show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    _out.print(table, soft_wrap=False)

"""How far something is: a bar on a terminal, a line for every tenth elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from bot.cli.screen import say

Show = Callable[[int, int, str], None]  # done, of how many, in words
_out = Console(highlight=False, markup=False)


@contextmanager
def progress_bar() -> Iterator[Show]:
    if not _out.is_terminal:
        yield _lines()
        return
    words = TextColumn("{task.description}", markup=False)
    with Progress(BarColumn(), words, console=_out, transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(done: int, total: int, text: str) -> None:
            progress.update(task, completed=done, total=total or None, description=text)

        yield show


def _lines() -> Show:
    said: set[tuple[int, int]] = set()

    def show(done: int, total: int, text: str) -> None:
        step = (total, 10 * done // total if total else 0)
        if step not in said:
            said.add(step)
            say(text)

    return show

"""Says that something takes a while: a spinner on a terminal, nothing in a file or a pipe."""

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.text import Text

_err = Console(stderr=True, highlight=False, markup=False)


def waiting(text: str) -> AbstractContextManager[object]:
    return _err.status(Text(text)) if _err.is_terminal else nullcontext()

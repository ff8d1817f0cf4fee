"""`bantin summarise`: JSON Lines in, a summary for each out."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.problem import Refused
from jobs.summary.choose import summarise as choose
from jobs.summary.wrapped import paragraphs_in
from jobs.text import clean

HELP = "Tóm tắt các bài đọc từ đầu vào chuẩn, mỗi dòng một JSON {id, title, body}."
READ_ALL = "Xem toàn văn"
_LONGEST_TITLE = 330  # characters; with the words above within the 350 of a summary

Tell = Callable[[int, int], None]  # articles done, bytes read


def summarise() -> None:
    read = 0
    with _progress(sys.stdin.buffer) as tell:
        for number, line in enumerate(sys.stdin.buffer, 1):
            read += len(line)
            if line.strip():
                said = json.dumps(_summarised(line, number), ensure_ascii=False)
                sys.stdout.buffer.write(f"{said}\n".encode())
            tell(number, read)
    sys.stdout.buffer.flush()


def _summarised(line: bytes, number: int) -> dict[str, Any]:
    article = _article(line, number)
    text, how = _chosen(article.get("title") or "", article["body"])
    return {"id": article.get("id"), "summary": text, "how": how}


def summary_of(title: str, body: str) -> str:
    """Never empty."""
    return _chosen(title, body)[0]


def _chosen(title: str, body: str) -> tuple[str, str]:
    chosen = choose(title, "", paragraphs_in(body))
    return chosen.text or _only_title(clean(title)), chosen.how.value


def _article(line: bytes, number: int) -> dict[str, Any]:
    try:
        article = json.loads(line.decode("utf-8-sig"))
    except ValueError as error:
        raise Refused(f"Dòng {number} không phải JSON mã hóa UTF-8.") from error
    if not isinstance(article, dict) or not isinstance(article.get("body"), str):
        raise Refused(f"Dòng {number} thiếu “body” (các đoạn văn, cách nhau bằng dấu xuống dòng).")
    if not isinstance(article.get("title") or "", str):
        raise Refused(f"Dòng {number}: “title” phải là một chuỗi.")
    return article


def _only_title(title: str) -> str:
    """There is nothing to read but where to read it."""
    if not title:
        return f"{READ_ALL}."
    if len(title) > _LONGEST_TITLE:
        return f"{title[:_LONGEST_TITLE].rpartition(' ')[0]}… {READ_ALL}."
    return f"{title.rstrip('.')}. {READ_ALL}."


@contextmanager
def _progress(source: IO[bytes]) -> Iterator[Tell]:
    """On a terminal a bar; of a pipe, whose end nobody knows, only how many."""
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("0 bài", total=_size(source))

        def tell(done: int, read: int) -> None:
            progress.update(bar, completed=read, description=f"{done} bài")

        yield tell


def _size(source: IO[bytes]) -> int | None:
    found = os.fstat(source.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None

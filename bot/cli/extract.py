"""`bantin extract FILE-OR-URL`: what is read of a list, a feed or an article."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.screen import complain, say
from bot.cli.visit import get
from bot.settings import load
from jobs.clock import SystemClock
from jobs.extract import Read, what_is
from jobs.page import PageError
from jobs.source_errors import SourceError

# which characters a saved page uses is not known here: it says so itself, or is recognised
_TYPES = {".txt": "text/plain"}


def extract(
    where: Annotated[str, typer.Argument(help="Tệp hoặc địa chỉ.", metavar="FILE-OR-URL")],
    url: Annotated[
        str, typer.Option(help="Địa chỉ gốc của tệp, để hiểu các đường dẫn trong đó.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In dạng JSON.")] = False,
) -> None:
    try:
        read = _read(where, url)
    except (PageError, SourceError) as error:
        complain(f"Không đọc được: {error.reason}")
        raise typer.Exit(1) from error
    except OSError as error:
        complain(f"Không mở được tệp {where}: {error.strerror}")
        raise typer.Exit(1) from error
    if as_json:
        say(json.dumps(read, ensure_ascii=False, indent=1))
    else:
        _show(read)


def _read(where: str, url: str) -> Read:
    now = SystemClock().now()
    if where.startswith(("http://", "https://")):
        page = asyncio.run(get(where, load()))
        return what_is(page.body, url or page.final_url, now=now, content_type=page.content_type)
    path = Path(where)
    return what_is(
        path.read_bytes(), url, now=now, content_type=_TYPES.get(path.suffix.lower(), "")
    )


def _show(read: Read) -> None:
    for key, value in read.items():
        if isinstance(value, list):
            say(f"{key}:")
            for each in value:
                say(f"  - {_line(each)}")
        else:
            say(f"{key}: {value or ''}")


def _line(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part)
    return str(value)

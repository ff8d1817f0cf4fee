"""`bantin extract FILE-OR-URL`: what is read of a list, a feed or an article."""

import asyncio
import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.problem import Refused, reason
from bot.cli.screen import complain, say
from bot.cli.visit import get
from bot.settings import load
from jobs.clock import SystemClock
from jobs.extract import Read, address_told, what_is
from jobs.extraction import Extraction
from jobs.page import LIMIT_BYTES, PageError
from jobs.source_errors import SourceError

# which characters a saved page uses is not known here: it says so itself, or is recognised
_TYPES = {".txt": "text/plain"}
# stands for the address of a file that does not tell it; RFC 2606 keeps the name free
_NOWHERE = "https://page.invalid"
_KINDS = {"list": "trang danh sách tin", "feed": "nguồn RSS", "article": "bài viết"}
_LABELS = {
    "url": "Địa chỉ",
    "feed": "Nguồn RSS của trang",
    "canonical": "Địa chỉ chính thức",
    "title": "Tiêu đề",
    "date": "Ngày đăng",
    "sapo": "Sapô",
    "credit": "Ghi công",
}


def extract(
    where: Annotated[str, typer.Argument(help="Tệp hoặc địa chỉ.", metavar="FILE-OR-URL")],
    url: Annotated[
        str,
        typer.Option(help="Địa chỉ gốc của tệp, để hiểu các đường dẫn trong đó.", metavar="URL"),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In dạng JSON.")] = False,
) -> None:
    if url and not _is_address(url):
        raise Refused("Địa chỉ ở --url phải bắt đầu bằng http:// hoặc https://.")
    try:
        read = asyncio.run(_read(where, url))
    except (PageError, SourceError) as error:
        raise Refused(f"Không đọc được: {error.reason}") from error
    if as_json:
        typer.echo(json.dumps(read, ensure_ascii=False, indent=1))  # not wrapped, not coloured
    else:
        _show(read)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


async def _read(where: str, url: str) -> Read:
    async with Extraction(workers=1) as extraction:
        if _is_address(where):
            return await _fetched(where, url, extraction)
        return await _from_file(where, url, extraction)


async def _fetched(address: str, url: str, extraction: Extraction) -> Read:
    page = await get(address, load())
    return await extraction.run(
        what_is,
        page.body,
        url or page.final_url,
        now=SystemClock().now(),
        content_type=page.content_type,
    )


async def _from_file(name: str, url: str, extraction: Extraction) -> Read:
    page = _bytes_of(name)
    content_type = _TYPES.get(Path(name).suffix.lower(), "")
    told = url or await extraction.run(address_told, page, content_type=content_type)
    read = await extraction.run(
        what_is, page, told or _NOWHERE, now=SystemClock().now(), content_type=content_type
    )
    if not told and read["kind"] != "feed":  # a feed's addresses are whole
        complain("Tệp không cho biết địa chỉ gốc của trang; có thể thêm bằng --url ĐỊA-CHỈ.")
    return read if told else _without_nowhere(read)


def _bytes_of(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            page = file.read(LIMIT_BYTES + 1)
    except FileNotFoundError as error:
        hint = "Nếu đây là địa chỉ trang web, hãy viết đầy đủ, bắt đầu bằng https://."
        raise Refused(f"Không có tệp “{name}”. {hint}") from error
    except OSError as error:
        raise Refused(f"Không mở được “{name}”: {reason(error)}.") from error
    if len(page) > LIMIT_BYTES:
        raise Refused(f"Tệp “{name}” quá lớn, chỉ đọc tới {LIMIT_BYTES // 1024**2} MB.")
    if b"\0" in page and not page.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise Refused(f"Tệp “{name}” không phải trang web hay văn bản.")
    return page


def _without_nowhere(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    match value:
        case str():
            return value.removeprefix(f"{_NOWHERE}/").removeprefix(_NOWHERE)
        case list():
            return [_without_nowhere(each) for each in value]
        case dict():
            return {key: _without_nowhere(each) for key, each in value.items()}
        case _:
            return value


def _show(read: Read) -> None:
    say(f"Đây là {_KINDS[str(read['kind'])]}.", style="bold")
    for key, label in _LABELS.items():
        if read.get(key):
            say(f"{label}: {read[key]}")
    for line in _lines(read):
        say(line)


def _lines(read: Read) -> Iterator[str]:
    items, paragraphs = read.get("items"), read.get("paragraphs")
    if isinstance(items, list):
        yield f"{len(items)} tin:"
        for number, item in enumerate(items, 1):
            yield f"{number:3}. {item['title']}"
            yield "     " + " · ".join(filter(None, (item["date"], item["url"])))
    if isinstance(paragraphs, list):
        yield "Nội dung:"
        for paragraph in paragraphs:
            yield f"  {paragraph}"

"""The text of a broadcast from a file or standard input: read, or refused with the reason."""

import sys
import unicodedata
from pathlib import Path

from bot.cli.problem import Refused, reason
from bot.commands.broadcast_words import MOST_UNITS, secrecy_mark, written
from bot.commands.wording import counted
from jobs.rich_text import RichText, plain, utf16_length

STANDARD_INPUT = "-"
_MOST_BYTES = 100_000  # many times what a notice may have
_TOO_LONG = f"Nội dung dài nhất {counted(MOST_UNITS, 'ký tự')}, hãy rút gọn."


def text_in(name: str) -> RichText:
    """Raises Refused."""
    words = written(plain(unicodedata.normalize("NFC", _decoded(_bytes_of(name), name))))
    length = utf16_length(words.text)
    if not length:
        raise Refused(f"{_named(name)} không có chữ nào.")
    if length > MOST_UNITS:
        raise Refused(f"{_named(name)} có {counted(length, 'ký tự')}. {_TOO_LONG}")
    mark = secrecy_mark(words.text)
    if mark:
        raise Refused(
            f"Nội dung này có dấu “{mark}” nên không được gửi. "
            "Tài liệu mật và tài liệu lưu hành nội bộ không được gửi qua Bản tin."
        )
    return words


def _bytes_of(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"Không mở được “{name}”: {reason(error)}.") from error
    if len(content) > _MOST_BYTES:
        raise Refused(f"{_named(name)} lớn hơn {_MOST_BYTES // 1000} KB. {_TOO_LONG}")
    return content


def _decoded(content: bytes, name: str) -> str:
    not_utf8 = (
        f"{_named(name)} không phải văn bản UTF-8. "
        "Hãy lưu lại dạng “văn bản thuần, UTF-8” (tệp .txt) rồi thử lại."
    )
    if b"\0" in content:  # UTF-16, or no text at all
        raise Refused(not_utf8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(not_utf8) from error


def _named(name: str) -> str:
    return "Đầu vào" if name == STANDARD_INPUT else f"Tệp “{name}”"

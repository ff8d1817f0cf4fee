"""What somebody wrote, as a notice may say it, and what no notice may say. Pure."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from jobs.rich_text import RichText, split, utf16_length
from jobs.text import clean, fold
from storage.records import Broadcast

MOST_UNITS: Final = 3500  # with what stands around it one message on Telegram, two on Zalo
_SHOWN: Final = 60  # characters
LARGE_BYTES: Final = 10 * 1024 * 1024

# embeddings, overrides, isolates: they turn round what stands behind them
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES: Final = "\n\t"


def beginning_of(broadcast: Broadcast) -> str:
    """In quotation marks, so that it is known again; empty for a picture or file without words."""
    words = clean(broadcast.text)
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]}…"
    return f"“{shown}”" if shown else ""


def written(content: RichText, *, behind_words: int = 0) -> RichText:
    """Untouched, but without the command's words, control characters, white space at the ends."""
    start = re.match(rf"\s*(?:\S+\s*){{{behind_words}}}", content.text)
    first = start.end() if start else 0
    kept = _only(
        content,
        [n >= first and not _is_control(each) for n, each in enumerate(content.text)],
    )
    if not any(map(_is_visible, kept.text)):
        return RichText("")
    (whole,) = split(kept, max(2, utf16_length(kept.text)))
    return whole


def _is_control(character: str) -> bool:
    if character in _LINES:
        return False
    is_control = unicodedata.category(character) in ("Cc", "Cs")
    return is_control or _TURNING.match(character) is not None


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) != "Cf"


def _only(rich: RichText, is_kept: Sequence[bool]) -> RichText:
    """The kept characters, with the spans where they are now."""
    sizes = [utf16_length(each) for each in rich.text]
    before = [0, *accumulate(sizes)]
    pairs = zip(sizes, is_kept, strict=True)
    after = [0, *accumulate(size if kept else 0 for size, kept in pairs)]
    spans = []
    for span in rich.spans:
        start = after[bisect_left(before, span.start)]
        end = after[bisect_left(before, span.start + span.length)]
        if end > start:
            spans.append(replace(span, start=start, length=end - start))
    text = "".join(each for each, kept in zip(rich.text, is_kept, strict=True) if kept)
    return RichText(text, tuple(spans))


# The marks of secrecy are stamped in capitals: MẬT, TỐI MẬT, TUYỆT MẬT. The same letters stand
# in ordinary words (mật ong, mật độ, bảo mật, LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC), so a mark is only
# what stands as a line of its own, or in capitals without another word in capitals beside it.
# Nothing else is written "lưu hành nội bộ", so that counts anywhere, with marks or without.
_INTERNAL: Final = "luu hanh noi bo"
_OWN_LINE: Final = re.compile(
    r"(?:(?:mức )?độ mật )?(?:(?:dấu|tài liệu|văn bản) )?(?:tuyệt |tối )?mật"
)
_WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_MARK: Final = "MẬT"
_STRONGER: Final = ("TUYỆT", "TỐI")
_NO_MARK_BEFORE: Final = ("ĐỘ", "ONG")  # BUỔI TỐI MẬT ĐỘ GIAO THÔNG CAO


def secrecy_mark(text: str) -> str:
    """The mark that shows that this is not for the public, as it was found; "" for none."""
    for line in map(clean, text.splitlines()):
        if f" {_INTERNAL} " in f" {fold(line)} ":
            return "lưu hành nội bộ"
        words = _WORD.findall(line)
        if _OWN_LINE.fullmatch(" ".join(filter(str.isalpha, words)).lower()):
            return line
        mark = _mark_among(words)
        if mark:
            return mark
    return ""


def _mark_among(words: Sequence[str]) -> str:
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word != _MARK:
            continue
        if before in _STRONGER and after not in _NO_MARK_BEFORE:
            return f"{before} {word}"
        if not before.isupper() and not after.isupper():
            return word
    return ""

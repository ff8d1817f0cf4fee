"""What a list adds to a summary: who asks for its first item, and items with a label. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from jobs.summary.piece import Paragraph, Piece

_MARK = re.compile(r"(?:[-–—+•*]|\d{1,2}[.)]|[a-zđ][.)]) *(?=\w)")
_ITEM_END = " ;,"
_FEWEST_WORDS = 4
# Địa điểm: … · Từ 7 giờ 30 đến 11 giờ: …
_LABEL = re.compile(
    r"(?:địa điểm|thời gian|địa chỉ|số lượng|đối tượng|mức|kinh phí|lịch|hạn|nơi nhận|từ \d+|sáng"
    r"|chiều|ngày)\b[^.:;]{0,50}: (?=\S)",
    re.IGNORECASE,
)


def has_label(text: str) -> bool:
    return _LABEL.match(text) is not None


def items(paragraphs: Sequence[Paragraph]) -> Iterator[Piece]:
    for before, each in pairwise(paragraphs):
        mark = _MARK.match(each.text)
        if mark is None or not each.pieces:
            continue
        item = _without_mark(each.pieces[0], mark.end())
        if has_label(item.text) and len(item.words) >= _FEWEST_WORDS:
            yield item
        if before.pieces and before.text.endswith(":"):
            yield _asked(before.pieces[-1], item)


def _without_mark(piece: Piece, start: int) -> Piece:
    (span,) = piece.spans
    text = piece.text[start:].rstrip(_ITEM_END)
    place = replace(span, start=span.start + start, length=len(text))
    return replace(piece, text=text, spans=(place,))


def _asked(intro: Piece, item: Piece) -> Piece:
    text = item.text
    if not text[:2].isupper() and not re.match(r"\w+ [A-ZĐÀ-Ỹ]", text):
        text = text[:1].lower() + text[1:]  # its capital is only that of a first word
    return replace(
        intro,
        text=f"{intro.text} {text}",
        spans=(*intro.spans, *item.spans),
        place=item.place,
    )

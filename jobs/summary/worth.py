"""What a further sentence is worth to who has read the title and the first. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.summary import words
from jobs.summary.listed import has_label
from jobs.summary.piece import Piece
from jobs.summary.words import has

LAST_PLACE = 40  # sentences: what stands later is worth nothing
_HALF_AT = 30  # sentences
_FEWEST_NEW_PAIRS = 0.4
_FEWEST_NEW_WORDS = 0.45
_THANKS = re.compile(
    r"\b(?:cảm ơn|chúc mừng|chúc|tri ân|phấn khởi|vinh dự|tự hào|xin lỗi)\b", re.IGNORECASE
)
_ASIDE = re.compile(
    r"(?:nhân dịp|dịp này|trong dịp|cũng trong|trước đó|qua (?:đó|thảo luận)|phát biểu khai mạc)",
    re.IGNORECASE,
)
_MAIN_RESULT = re.compile(
    r"\b(?:kết quả|đến nay|tính đến|toàn (?:xã|huyện|tỉnh|phường|thành phố)|nổi bật"
    r"|tổng (?:kinh phí|số|vốn|trị giá|diện tích)|trị giá|qua kiểm tra|phát hiện|kinh phí|dự kiến"
    r"|(?:huy|vận) động được|thu nhập bình quân|đạt \d)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(r"\bcam kết\b", re.IGNORECASE)
_NAMED = re.compile(r"(?:đ/c|đồng chí|ông|bà|anh|chị|Bí thư|Chủ tịch|Phó) [A-ZĐÀ-Ỹ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    title: frozenset[str]  # its words
    words: frozenset[str]
    pairs: frozenset[str]
    decided: frozenset[str]  # what the title says was decided and nothing chosen says yet


def known_from(title: frozenset[str], chosen: Sequence[Piece]) -> Known:
    pairs = frozenset().union(*(piece.pair_set for piece in chosen))
    said = frozenset().union(*(piece.word_set for piece in chosen))
    decided = frozenset(
        term for term in words.DECISION - pairs - said if title.issuperset(term.split())
    )
    return Known(title=title, words=said, pairs=pairs, decided=decided)


def worth(piece: Piece, known: Known) -> float:
    """2.2 and more is worth the room."""
    new = len(piece.pair_set - known.pairs) / (len(piece.pair_set) or 1)
    fresh = len(piece.word_set - known.words) / (len(piece.word_set) or 1)
    if new < _FEWEST_NEW_PAIRS or fresh < _FEWEST_NEW_WORDS:
        return 0.0
    value = _who_and_when(piece) + _how_many(piece) + _about(piece, known) - _idle(piece)
    return value * (1 - min(piece.place, LAST_PLACE) / _HALF_AT / 2)


def _who_and_when(piece: Piece) -> float:
    text, terms = piece.text, piece.terms
    deadline = words.DEADLINE.search(text) is not None
    asks = has(words.DIRECTION, terms) or _PROMISE.search(text) is not None
    named = _NAMED.search(text) is not None
    value = 1.6 * (has(words.DECISION, terms) and not asks)
    value += 0.9 * asks + 0.6 * (asks and named) + 1.4 * (asks and deadline)
    value += 0.8 * deadline + 0.3 * named
    return value + (1.5 + 0.6 * deadline) * has_label(text)


def _how_many(piece: Piece) -> float:
    text = piece.text
    value = 0.9 * words.has_money(text) + 0.5 * words.has_share(text)
    value += 0.35 * min(words.figures(text), 3)
    return value + 0.8 * (_MAIN_RESULT.search(text) is not None)


def _about(piece: Piece, known: Known) -> float:
    untold = known.title - known.words
    value = 0.8 * len(untold & piece.word_set) / (len(untold) or 1)
    value += 0.5 * len(known.title & piece.word_set) / (len(known.title) or 1)
    return value + 1.5 * has(known.decided, piece.terms) + 0.6 * piece.opens_paragraph


def _idle(piece: Piece) -> float:
    text = piece.text
    value = 1.2 * (_THANKS.search(text) is not None) + 0.5 * (_ASIDE.match(text) is not None)
    speaks = has(words.SPEAKER, piece.terms) or '"' in text or "“" in text
    return value + 0.5 * speaks

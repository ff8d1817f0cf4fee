"""Shorter forms of a sentence that still say nothing it does not. Pure.

What is dropped is whole: a parenthesis, the clauses at its end, an adverbial at its start. Nothing
is dropped that holds a negation, a condition, a contrast, somebody's words or a document's number.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from jobs.summary.fitness import is_half_a_quotation
from jobs.summary.piece import Piece
from jobs.summary.words import VERBAL, has, syllables
from storage.records import TextSpan

Cut = tuple[int, int]  # from, to

_FEWEST_WORDS = 8
_FEWEST_MAIN_WORDS = 5
_MOST_CUTS = 12

# không khí is air; theo is "according to"
_KEPT = re.compile(
    r"""
    \b (?: không (?! [ ] khí \b ) | chưa | chẳng | chả | đừng | chớ | cấm | trừ | miễn
    | ngoại[ ]trừ | nhưng | tuy | song | nếu | mặc[ ]dù | dù | riêng | trái[ ]lại | hoặc
    | theo | cho[ ](?: biết | hay | rằng ) | khẳng[ ]định | nói | nhấn[ ]mạnh | dẫn[ ]lời
    ) \b
    | \b số \s* \d | \d+ / [\w-]* [A-ZĐ]{2}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}|\b(?:ngày|tháng|giờ)\b", re.IGNORECASE)
_PARENTHESIS = re.compile(r" ?\([^()]*\)")
_CLAUSES = (
    "nhằm|góp phần|qua đó|từ đó|đồng thời|trong đó|để|phục vụ|hướng tới|đại diện cho|trên cơ sở"
    "|tạo (?:điều kiện|động lực|sự|đà)|cùng (?:đại diện|đông đảo|các)|với|bảo đảm|đảm bảo|thu hút"
    "|gồm|bao gồm|nhất là|đặc biệt là|kịp thời|xem đây|coi đây|chuẩn bị|tiến tới|gắn với|đi đôi"
    "|xứng đáng|sẵn sàng"
)
_TAIL = re.compile(
    rf"; |, (?=(?:{_CLAUSES})\b)"
    r"|(?<=\d) (?=và (?!ngày|đến|từ|tháng|năm|trước|sau|\d))"  # what else is to be done by a day
    r"| (?=(?:nhằm|góp phần|với sự (?:tham (?:dự|gia)|có mặt|góp mặt))\b)",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"(?:khi|nếu|để|nhằm|vì|do|bởi|sau|trước|trong|với|tại|theo|qua|thực hiện|mặc dù|tuy|dù|từ"
    r"|nhân|căn cứ|trên|được sự|hưởng ứng|thông qua|bên cạnh|cùng với|ngoài|đối với|về)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(r" về(?: việc)? ")
_DOING = re.compile(r"(?:^|, )việc\b", re.IGNORECASE)
_HANGING = re.compile(
    r"(?:\b(?:và|của|là|tại|với|các|những|như|gồm|về|cho|cùng|từ|đến|do|bằng|theo|được|bị|hoặc|mà)"
    r"|:)$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:thực hiện|hưởng ứng|nhằm|để|được sự|với (?:tinh thần|mục tiêu|phương châm|quyết tâm)"
    r"|trong không khí|sau|qua|chào mừng|nhân|tiếp nối|phát huy|nằm trong|trong khuôn khổ)\b",
    re.IGNORECASE,
)
_AFTER_HEAD = re.compile(
    r", (?=(?:(?:vào |tính )?(?:sáng|chiều|tối|trưa)?\s*(?:đến )?(?:ngày|hôm nay|sáng nay"
    r"|chiều nay) |đến nay|tính đến|(?:sáng|chiều|tối|trưa) \d))"
)
# where it was said: the sentence before tells it
_SETTING = re.compile(
    r"(?:(?:phát biểu )?(?:kết luận|chỉ đạo|phát biểu|phát biểu chỉ đạo|báo cáo)"
    r"(?: (?:tại )?(?:hội nghị|buổi [^,]{3,20}|cuộc họp|lễ [^,]{3,25}|đại hội|kỳ họp))?"
    r"|tại (?:hội nghị|buổi [^,]{3,20}|cuộc họp|lễ [^,]{3,25}|đại hội|kỳ họp)(?: này)?"
    r"|(?:nhân )?dịp này|kết thúc (?:hội nghị|buổi [^,]{3,20}|cuộc họp)), ",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"(?:theo đó|cụ thể(?: là)?|đồng thời|ngoài ra|bên cạnh đó|cùng với đó|song song đó|tại đây"
    r"|hơn nữa|thêm vào đó|được biết|do đó|do vậy|(?:chính )?vì (?:vậy|thế)|như vậy|đáng chú ý),? "
    r"|(?:trước đó|sau đó|ngay sau đó),? (?=(?:vào )?(?:sáng|trưa|chiều|tối|ngày|tháng|năm) )",
    re.IGNORECASE,
)


def without_connective(piece: Piece) -> Piece:
    """Without an opening that only ties it to the sentence before: Theo đó, Ngoài ra."""
    opening = _CONNECTIVE.match(piece.text)
    return piece if opening is None else _kept(piece, [(0, opening.end())])


def without_setting(piece: Piece) -> Piece:
    """For what follows a sentence that tells of the meeting: not "Tại buổi làm việc" again."""
    opening = _SETTING.match(piece.text)
    return piece if opening is None else _kept(piece, [(0, opening.end())])


def without_topic(piece: Piece, known: frozenset[str]) -> Piece:
    """Without "về …" at its end where the title, whose words are `known`, says all of it."""
    for found in _TOPIC.finditer(piece.text):
        form = until(piece, found.start())
        if form is not None and known.issuperset(syllables(piece.text[found.end() :])):
            return form
    return piece


def until(piece: Piece, end: int) -> Piece | None:
    """Without what stands from `end` on, where that may go and the rest is a sentence."""
    cut = (end, len(piece.text))
    if not _may_go(piece.text, cut) or is_half_a_quotation(piece.text[:end]):
        return None
    form = _kept(piece, [cut])
    return form if _stands(form.text) else None


def finished(piece: Piece) -> Piece:
    """As it stands in a summary: a capital first, a full stop last."""
    text = _finish(piece.text)
    return piece if text == piece.text else replace(piece, text=text)


_LONGEST = 4_000  # characters; what is longer is no sentence, and takes for ever


def shorter(piece: Piece, limit: int) -> Iterator[Piece]:
    """Forms of at most `limit` characters, what keeps most first."""
    if len(piece.text) > _LONGEST:
        return
    forms = {form.text: form for form in _forms(piece) if len(form.text) <= limit}
    yield from sorted(forms.values(), key=lambda form: -len(form.text))


def _forms(piece: Piece) -> Iterator[Piece]:
    text = piece.text
    asides = [cut for cut in _asides(text) if _may_go(text, cut)]
    ends = [*_tails(text)][:_MOST_CUTS]
    heads = [*_heads(text)]
    for with_asides, head, end in product((True, False), (0, *heads), (len(text), *ends)):
        cuts = [] if with_asides else [cut for cut in asides if head <= cut[0] and cut[1] <= end]
        if head >= end or (head == 0 and end == len(text) and not cuts):
            continue
        form = _kept(piece, [(0, head), *cuts, (end, len(text))])
        if _stands(form.text):
            yield form


def _asides(text: str) -> list[Cut]:
    return [found.span() for found in _PARENTHESIS.finditer(text) if not _DATE.search(found[0])]


def _tails(text: str) -> Iterator[int]:
    for found in _TAIL.finditer(text):
        end = found.start()
        if found[0] == "; " and ":" in text[:end]:
            continue  # some of a list is not the list
        if _may_go(text, (end, len(text))) and not is_half_a_quotation(text[:end]):
            yield end


def _heads(text: str) -> Iterator[int]:
    if not _HEAD.match(text):
        return
    for found in _AFTER_HEAD.finditer(text):
        if _may_go(text, (0, found.end())) and not is_half_a_quotation(text[: found.end()]):
            yield found.end()


def _may_go(text: str, cut: Cut) -> bool:
    return _KEPT.search(text, *cut) is None


def _stands(text: str) -> bool:
    bare = text.rstrip(".")
    if len(bare.split()) < _FEWEST_WORDS or _HANGING.search(bare) or is_half_a_quotation(bare):
        return False
    if _DOING.search(bare) and not has(VERBAL, syllables(_DOING.split(bare)[-1])):
        return False  # việc kiểm tra … nhằm …: the verb is what was cut
    if not _SUBORDINATE.match(bare):
        return True
    return any(len(clause.split()) >= _FEWEST_MAIN_WORDS for clause in bare.split(", ")[1:])


def _kept(piece: Piece, cuts: list[Cut]) -> Piece:
    text, (span,) = piece.text, piece.spans
    gone = [cut for cut in cuts if cut[0] < cut[1]]
    starts = [0, *(end for _, end in gone)]
    ends = [*(start for start, _ in gone), len(text)]
    kept = [
        (start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()
    ]
    if not kept:
        return piece
    first, last = kept[0][0], kept[-1][1]
    joined = "".join(text[start:end] for start, end in kept)
    place = TextSpan(paragraph=span.paragraph, start=span.start + first, length=last - first)
    return replace(piece, text=_finish(joined), spans=(place,))


def _finish(text: str) -> str:
    bare = text.strip().rstrip(" ,;:–-")
    if not re.search(r"[.!?…][\"'”’»)\]]*$", bare):
        bare += "."
    return bare[:1].upper() + bare[1:]

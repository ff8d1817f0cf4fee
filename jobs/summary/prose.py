"""The sentences of an article: paragraphs without what a portal wrote around them. Pure."""

import re
from collections.abc import Iterator, Sequence

from jobs.article_lines import is_credit, is_label
from jobs.summary.fitness import is_half_a_quotation
from jobs.summary.piece import LEAD, Paragraph, Piece
from jobs.summary.sentences import bounds
from jobs.text import clean, fold
from storage.records import TextSpan

_LONGEST_CAPTION = 300
_LONGEST_NAME = 50
_BEFORE_THE_TEXT = -100  # places of the sentences of a lead
_LONGEST_QUOTATION = 4  # sentences
_LONGEST_TOGETHER = 350
_MOST_SENTENCES = 70  # read of an article; what it is about stands before

_COUNTER = re.compile(
    r"(?:ngày (?:đăng|cập nhật|tạo|xuất bản)|đăng (?:lúc|ngày|bởi)|cập nhật|lượt (?:xem|đọc)"
    r"|số lượt|thời gian đăng|tác giả|chuyên mục|từ khóa|cỡ chữ|chia sẻ|xem thêm|đọc thêm)\b"
    r".{0,100}|>>.{0,150}",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(
    r"(?:^|[\s.(])(?:ảnh|nguồn ảnh|ảnh minh h[oọ][aạ]|ảnh tư liệu|hình|video|clip)"
    r"(?:\s*[:：]\s*[^.:]{2,60}|\s+minh h[oọ][aạ])?\)?\.?$",
    re.IGNORECASE,
)
_PICTURE_OF = re.compile(
    r"(?:quang cảnh|toàn cảnh|hình ảnh|ảnh|clip|video|một góc|các đại biểu (?:chụp|tham dự)"
    r"|đại biểu (?:chụp|tham dự|bỏ phiếu)|lãnh đạo .{3,60} (?:trao|tặng|chụp))\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:[^\W\d_a-zà-ỹđ][\w.]*|[-–+&,()/]|và)(?: (?:[^\W\d_a-zà-ỹđ][\w.]*|[-–+&,()/]|và)){0,9}"
)
_OTHER_NEWS = re.compile(
    r"(?:các |những |một số )?(?:tin|bài|bài viết|tin tức|tin bài)"
    r" (?:liên quan|khác|cùng \w+ \w+|cũ hơn|mới hơn|mới nhất|đã đưa|đã đăng|nổi bật"
    r"|đọc nhiều).{0,20}",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…][\"”’»')\]]*$")
# (Dân trí) - · TTO - · GD&TĐ – · (Chinhphu.vn) -
_AGENCY = re.compile(
    r"(?:\([^()]{2,30}\)|[A-ZĐ][A-ZĐ&.]{1,9}(?:\.vn)?|[A-Z][a-z]+\.vn)\s*[-–—]\s+"
    r"(?=[“\"]?[^\W\d_a-zà-ỹđ][a-zà-ỹđ])"
)
_ITS_PLACE = re.compile(r"TP\b|TX\b|UBND|HĐND")
_CREDIT_INSIDE = re.compile(r"(?:^|\W)(?:Ảnh|Nguồn ảnh|Ảnh minh h[oọ][aạ]) ?(?::|\.|\))|\(Ảnh")


def paragraphs_of(title: str, paragraphs: Sequence[str]) -> list[Paragraph]:
    """Those that are prose. Any white space inside a paragraph is one space."""
    found: list[Paragraph] = []
    count = 0
    for number, text in _without_furniture(title, paragraphs):
        pieces = tuple(_pieces(number, text, count))
        count += len(pieces)
        found.append(Paragraph(number=number, text=text, pieces=pieces))
        if count >= _MOST_SENTENCES:
            break
    return found


def lead_of(title: str, lead: str) -> Paragraph | None:
    """The lead as a paragraph; None when it is empty, furniture or the title."""
    text = clean(lead)
    if not text or is_furniture(text) or fold(text) == fold(title):
        return None
    pieces = tuple(_pieces(LEAD, text, _BEFORE_THE_TEXT))
    return Paragraph(number=LEAD, text=text, pieces=pieces) if pieces else None


def _without_furniture(title: str, paragraphs: Sequence[str]) -> Iterator[tuple[int, str]]:
    headings = {fold(title), f"null {fold(title)}"} - {"", "null "}
    longest = max(map(len, headings), default=0) * 3
    seen = False
    for number, raw in enumerate(paragraphs):
        text = clean(raw)
        if not text or (len(text) <= longest and fold(text) in headings):
            continue
        if seen and _OTHER_NEWS.fullmatch(text):
            break
        if is_furniture(text):
            continue
        seen = seen or _ENDS.search(text) is not None
        yield number, text


def is_furniture(text: str) -> bool:
    """Whether a line is a label, a caption, a counter, a credit or a name."""
    if len(text) > _LONGEST_CAPTION:
        return False
    if is_label(text) or is_credit(text) or _is_caption(text):
        return True
    if _COUNTER.fullmatch(text) and not _ENDS.search(text):
        return True
    return len(text) <= _LONGEST_NAME and _NAMES.fullmatch(text) is not None


def _is_caption(text: str) -> bool:
    if _PHOTO_CREDIT.search(text):
        return True
    return not _ENDS.search(text) and _PICTURE_OF.match(text) is not None


def _pieces(number: int, text: str, count: int) -> Iterator[Piece]:
    skip = _agency(text)
    is_first = True
    for start, end in _whole_quotations(text, bounds(text)):
        first = max(start, skip)
        if first >= end:
            continue
        yield Piece(
            text=text[first:end],
            spans=(TextSpan(paragraph=number, start=first, length=end - first),),
            place=count,
            opens_paragraph=is_first,
        )
        is_first = False
        count += 1


def _whole_quotations(text: str, found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sentences of one quotation are one when they are few and short."""
    place = 0
    while place < len(found):
        start, end = found[place]
        last = place
        if is_half_a_quotation(text[start:end]):
            last = next(
                (
                    later
                    for later in range(place + 1, min(place + _LONGEST_QUOTATION, len(found)))
                    if found[later][1] - start <= _LONGEST_TOGETHER
                    and not is_half_a_quotation(text[start : found[later][1]])
                ),
                place,
            )
        yield start, found[last][1]
        place = last + 1


def _agency(text: str) -> int:
    """How much of a paragraph's start names the agency that wrote it."""
    found = _AGENCY.match(text)
    return 0 if found is None or _ITS_PLACE.match(text) else found.end()


def holds_credit(text: str) -> bool:
    """Whether a caption runs into the sentence."""
    return _CREDIT_INSIDE.search(text) is not None

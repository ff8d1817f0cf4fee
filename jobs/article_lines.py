"""Which lines of a page are its article: title, labels, dates, captions and credit set apart. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from jobs.markup.lines import Line
from jobs.text import fold
from jobs.vietnamese_date import is_only_date

LONGEST_LABEL = 60  # characters
LONGEST_CREDIT = 160
LONGEST_CAPTION = 300
LONGEST_SIGNATURE = 80
_FRAME_LINES = 12  # of a text: how far above its article a portal's labels reach

# "Xuất bản thông tin" is Liferay's own Vietnamese name of the Asset Publisher
# (portal-impl Language_vi.properties, javax.portlet.title.101); the others are seen in templates
_LABEL = re.compile(
    r"null|xuat ban thong tin|chi tiet (?:bai viet|tin(?: bai| tuc)?|noi dung)(?: \w+){0,4}"
    r"|noi dung (?:bai viet|chi tiet|tin)|trang chu|tin tuc(?: su kien)?|quay lai|tro (?:ve|lai)"
    r"|ve (?:trang truoc|dau trang)|(?:len )?dau trang|in|in (?:bai|trang|tin)(?: \w+)?|ban in|print"
    r"|(?:gui )?(?:e ?mail|thu dien tu)|gui (?:cho )?ban be|facebook|twitter|zalo|youtube|linkedin|google"
    r"|chia se(?: .*)?|share|tweet|like|thich|luu(?: bai| tin)?|co chu.*|[aа]|doc bai(?: viet)?|nghe(?: .*)?"
    r"|(?:luot|so luot|so lan) (?:xem|doc|truy cap) ?\d*|\d+ (?:luot )?xem|doc tiep|xem chi tiet"
    r"|danh gia.*|trung binh \d.*|binh luan|phan hoi|y kien ban doc|gui binh luan|theo doi .*tren .*"
    r"|(?:tu khoa|tags?|the)(?: .*)?|(?:tai|tai ve|tep|file|tap tin) ?(?:dinh kem|ve)?|mo trong cua so moi"
)
_END = re.compile(
    r"(?:cac |nhung )?(?:tin|bai|bai viet|tin tuc|tin bai|thong tin) "
    r"(?:lien quan|khac|cung (?:chuyen muc|loai|chu de|the loai)|cu hon|moi hon|moi nhat|da (?:dua|dang)"
    r"|cung su kien|doc nhieu|xem nhieu|noi bat)(?: .*)?|tin moi(?: .{0,30})?|co the ban quan tam"
    r"|viet binh luan|y kien cua ban"
)
_SEE_ALSO = re.compile(r"(?:xem|doc|tham khao) (?:them|tiep)|>>")
_CREDIT = re.compile(
    r"^\W*(?:btv?|bbt|bien tap(?: vien)?|tin|ảnh|bài|bài viết|hình|hình ảnh|nguồn|nguồn tin|tác giả(?: bài viết)?"
    r"|người viết|người đăng|thực hiện|biên tập|biên tập viên|ban biên tập|cộng tác viên|ctv|pv|phóng viên|clip|video"
    r"|theo|tổng hợp|đồ họa|minh họa|thông tin)"
    r"(?:\s*(?:[,;&+/–-]|và)\s*(?:tin|ảnh|bài|hình|hình ảnh|clip|video|bài viết|đồ họa|biên tập))*\s*[:：]",
    re.IGNORECASE,
)
_PHOTO_OF = re.compile(r"\((?:ảnh|nguồn ảnh|nguồn|ảnh minh h[oọ]a?)[^()]*\)\.?$|^ảnh minh h", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…][”\"’')\]]*$")


@dataclass(slots=True, kw_only=True)
class ArticleLines:
    paragraphs: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)  # of tables of figures
    credits: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)  # lines that are only a date
    images: list[str] = field(default_factory=list)


def is_label(text: str) -> bool:
    """Whether a portal, not an author, wrote the line."""
    return len(text) <= LONGEST_LABEL and bool(_LABEL.fullmatch(fold(text)))


def sort_lines(lines: Sequence[Line], *, title: str, labels: Collection[str] = ()) -> ArticleLines:
    """`labels`: what else on this page is not text, such as its portlets' titles."""
    dropped = {fold(title), f"null {fold(title)}", *map(fold, labels)} - {""}
    found = ArticleLines()
    kept: list[Line] = []
    before: Line | None = None
    for line in lines:
        if not line.image and _is_end(line.text) and kept:
            break
        if line.image or not (fold(line.text) in dropped or is_label(line.text)):
            _sort(line, before, found, kept)
        before = line
    _sign(kept, found)
    found.paragraphs = [line.text for line in kept] or found.rows
    return found


def _sort(line: Line, before: Line | None, found: ArticleLines, kept: list[Line]) -> None:
    if line.image:
        found.images.append(line.image)
    elif is_only_date(line.text):
        found.dates.append(line.text)
    elif line.cell:
        found.rows.append(line.text)
    elif _is_caption(line, before):
        found.captions.append(line.text)
    elif is_credit(line.text):
        found.credits.append(line.text)
    elif not _is_link(line):
        kept.append(line)


def _is_end(text: str) -> bool:
    return len(text) <= LONGEST_LABEL and bool(_END.fullmatch(fold(text)))


def is_credit(text: str) -> bool:
    return len(text) <= LONGEST_CREDIT and bool(_CREDIT.match(text))


def _is_caption(line: Line, before: Line | None) -> bool:
    """A line that says what the picture before it shows."""
    if line.caption:
        return True
    if before is None or not before.image or len(line.text) > LONGEST_CAPTION:
        return False
    if line.italic or line.align == "center" or _PHOTO_OF.search(line.text):
        return True
    return line.block == before.block and not _ENDS_SENTENCE.search(line.text)


def _is_link(line: Line) -> bool:
    """A way to another page rather than prose."""
    words = fold(line.text)
    return (line.link and not _ENDS_SENTENCE.search(line.text)) or (
        bool(_SEE_ALSO.match(words)) and len(line.text) <= LONGEST_CREDIT
    )


def _sign(kept: list[Line], found: ArticleLines) -> None:
    """Moves a signature at the foot, set to the right and short, to the credit."""
    while len(kept) > 1 and _is_signature(kept[-1]):
        found.credits.insert(0, kept.pop().text)


def _is_signature(line: Line) -> bool:
    short = len(line.text) <= LONGEST_SIGNATURE and not _ENDS_SENTENCE.search(line.text)
    return short and line.align == "right"


def title_among(lines: Iterable[Line]) -> str:
    """The title of a page that is only text: the line that stands twice, else the first short one."""
    texts = [line.text for line in lines if line.text and not is_label(line.text)][:_FRAME_LINES]
    seen: set[str] = set()
    for text in texts:
        if fold(text).removeprefix("null ") in seen:
            return text
        seen.add(fold(text).removeprefix("null "))
    prose = next((text for text in texts if not is_only_date(text)), "")
    return "" if _ENDS_SENTENCE.search(prose) or len(prose) > LONGEST_CAPTION else prose

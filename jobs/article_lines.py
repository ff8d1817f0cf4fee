"""Which lines of a page are its article; labels, dates, captions, credit set apart. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from jobs.markup.lines import Line
from jobs.text import fold
from jobs.vietnamese_date import is_only_date

LONGEST_LABEL = 60  # characters
LONGEST_CREDIT = 160
LONGEST_CAPTION = 300
_SHORTEST_CAPTION = 20  # of those that nothing but their place tells
_LONGEST_BARE_CAPTION = 150
LONGEST_SIGNATURE = 80
_FRAME_LINES = 12  # of a text: how far above its article a portal's labels reach

# "Xuất bản thông tin" is Liferay's own Vietnamese name of the Asset Publisher
# (portal-impl Language_vi.properties, javax.portlet.title.101); the others are seen in templates
_LABEL = re.compile(
    r"null|xuat ban thong tin"
    r"|chi tiet (?:bai viet|tin(?: bai| tuc)?|noi dung)(?: tin tuc| su kien| bai viet){0,2}"
    r"|noi dung (?:bai viet|chi tiet|tin)|trang (?:chu|nhat)|tin tuc(?: su kien)?|quay lai"
    r"|tro (?:ve|lai)|ve (?:trang truoc|dau trang)|(?:len )?dau trang"
    r"|in|in (?:bai viet|bai nay|trang nay|ra)|ban in|print"
    r"|(?:gui )?(?:e ?mail|thu dien tu)|gui (?:cho )?ban be"
    r"|facebook|twitter|zalo|youtube|linkedin|google|chia se(?: bai viet| tin nay)?|share|tweet"
    r"|like|thich|luu(?: bai| tin)|co chu(?: a)*|a+|a a(?: a)?"
    r"|doc bai(?: viet)?|nghe (?:bai viet|doc bai|noi dung)|doc tiep|xem chi tiet|quang cao"
    r"|(?:so |da )?(?:luot |lan )?(?:xem|doc|truy cap|nguoi xem)(?: \d+)+"
    r"|(?:so )?(?:luot|lan) (?:xem|doc|truy cap)"
    r"|(?:\d+ )+(?:luot )?(?:xem|doc|views?)|mo trong cua so moi"
    r"|danh gia (?:cua ban|bai viet)|trung binh(?: \d+)+ binh chon|(?:binh luan|phan hoi)(?: \d+)?"
    r"|(?:gui )?(?:binh luan|phan hoi) cua ban|y kien ban doc|click de danh gia.*|tong so diem.*"
    r"|(?:tac gia )?(?:quan tri(?: vien)?|admin(?:istrator)?)|in an|font|kich thuoc chu"
    r"|tu khoa|tags?|(?:tai |tep |file |tap tin )dinh kem|tai ve"
    r"|mau chu(?: co chu)?|(?:xem )?co chu(?: \d+)?|luu bai viet|0 00(?: \d+ \d\d)?|da in(?: \d+)?"
    r"|giong (?:doc )?(?:nu|nam)(?: mien (?:bac|trung|nam))?|theo doi .{0,30}tren google news"
    r"|(?:danh gia|xep hang)(?: \d+)+(?: (?:luot|phieu|sao)\b.{0,20})?"
)
_LABEL_OF_MORE = re.compile(  # what follows it is no text either
    r"(?:tu khoa|tags?|the|(?:cac )?(?:tai lieu|tep(?: tin)?|file|tap tin) dinh kem)"
)
# NukeViet's note below an article, WordPress's in its feeds, and what portals write like them
_NOTICE = re.compile(
    r"(?:chu y )?viec dang lai bai viet .{0,300}|the post .{1,300} appeared first on .{1,100}"
    r"|bai viet .{1,300} da xuat hien dau tien (?:vao ngay|tren) .{1,100}"
    r"|(?:de nghi |vui long |xin )?(?:ghi|dan) (?:ro )?nguon .{0,60}"
    r"khi (?:phat hanh|dang|su dung|trich).{0,100}"
    r"|(?:ban quyen|copyright) (?:thuoc(?: ve)?|cua|c|\d{4}) .{1,100}"
)
_LONGEST_NOTICE = 500
_CRUMB_SIGN = re.compile("[>»›]")
_BREADCRUMB = re.compile(r"^[^.!?]{1,120} [>»›] [^.!?]{1,120}$")
_END = re.compile(
    r"(?:cac |nhung |mot so )?(?:tin|bai|bai viet|tin tuc|tin bai) "
    r"(?:lien quan|khac|cung (?:chuyen muc|loai|chu de|the loai|su kien)|cu hon|moi hon|moi nhat"
    r"|da (?:dua|dang)|khac cung chuyen muc|doc nhieu|xem nhieu|noi bat)"
    r"|tin moi|co the ban quan tam|y kien cua ban|danh gia bai viet"
    r"|(?:viet|gui) (?:binh luan|phan hoi)|(?:binh luan|phan hoi) cua ban"
    r"|(?:tin|bai|bai viet) (?:tiep theo|ke tiep|truoc do)|(?:video|anh) (?:lien quan|khac)"
)
_SEE_ALSO = re.compile(r"(?:xem|doc|tham khao) (?:them|tiep)|>>")
_AND = r"(?:\s*[,;&+/–-]\s*|\s+và\s+|\s+)"
_WORK = r"(?:tin|ảnh|bài|bài viết|hình|hình ảnh|clip|video|đồ họa|biên tập|tổng hợp)"
_CREDIT = re.compile(
    r"^\W*(?:btv?|bbt|ctv|pv|nguồn(?: tin| ảnh)?|tác giả(?: bài viết)?|người (?:viết|đăng)"
    r"|st|sưu tầm|thực hiện|theo"
    rf"|biên tập viên|ban biên tập|cộng tác viên|phóng viên|{_WORK}(?:{_AND}{_WORK})*)\s*[:：]\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(  # the parts of a line that tells of an article: who, when, how often read
    r"\s+[-–—]\s+|\s*[|•·]\s*|\s+(?:bởi|by)\s+|\s+vào\s+(?=(?:ngày\s+|lúc\s+)?\d)"
    r"|\s+(?=(?:ngày (?:đăng|viết|xuất bản|cập nhật)|đăng (?:lúc|ngày)|cập nhật|lượt xem|tác giả"
    r"|người (?:đăng|viết))\b[^:]{0,10}:)",
    re.IGNORECASE,
)
_MOST_PARTS = 6
_LOOKED_BACK = 20  # paragraphs
_MOST_PICTURES = 8  # side by side, with their captions
_AFTER = re.compile(r"^\W*(?:theo|nguồn)\s", re.IGNORECASE)  # "Theo Báo …": at the foot only
_WORK_OF = re.compile(rf"^{_WORK}(?:{_AND}{_WORK})+\s+(?=[A-ZĐ])", re.IGNORECASE)
_MOST_WORDS = 8  # of a name
_SOURCE = re.compile(r"\W*(?:nguồn|theo)\b", re.IGNORECASE)
_PHOTO_OF = re.compile(
    r"\((?:ảnh|nguồn ảnh|nguồn|ảnh minh h[oọ]a?)[^()]*\)\.?$|^ảnh minh h", re.IGNORECASE
)
_HEADS = re.compile(r"^(?:\d+|[IVX]+|[a-zđ])[.)/]|^[-–+•*]|[:;,]$")  # a list, or what is below
_NEWS = re.compile(  # how text opens: when, why or by whose order; a caption says what is seen
    r"(?:(?:vào )?(?:sáng|chiều|tối|trưa|ngày|đêm)|vừa qua|hôm nay|mới đây|hiện nay|trong|nhằm"
    r"|nhân|thực hiện|căn cứ|theo|để|từ|tại|với|qua|sau|trước|hưởng ứng|thiết thực|dự|tham dự"
    r"|phát biểu|bên cạnh|đồng thời|ngoài ra|dịp này|được biết)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…][”\"’')\]]*$")


@dataclass(slots=True, kw_only=True)
class ArticleLines:
    paragraphs: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)  # of tables of figures
    credits: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)  # lines that are only a date
    images: list[str] = field(default_factory=list)

    @property
    def authors(self) -> list[str]:
        """The credits without where the article was taken from."""
        return [credit for credit in self.credits if not _SOURCE.match(credit)]


def is_label(text: str) -> bool:
    """Whether a portal, not an author, wrote the line."""
    if len(text) > _LONGEST_NOTICE:
        return False
    words = _words(text)
    is_short = len(text) <= LONGEST_LABEL
    return bool(
        (is_short and _LABEL.fullmatch(words))
        or (":" in text and _LABEL_OF_MORE.fullmatch(fold(text.partition(":")[0])))
        or (_CRUMB_SIGN.search(text) and _BREADCRUMB.match(text))
        or _NOTICE.fullmatch(words)
    )


def sort_lines(lines: Sequence[Line], *, title: str, labels: Collection[str] = ()) -> ArticleLines:
    """`labels`: what else on this page is not text, such as its portlets' titles."""
    dropped = {fold(title), f"null {fold(title)}", *map(fold, labels)} - {""}
    found = ArticleLines()
    kept: list[Line] = []
    above: list[Line] = []  # since the last paragraph
    in_box = False  # with other articles, between paragraphs
    for line in lines:
        in_box = in_box and not _stands_with(kept, line)
        if kept and _is_end(line.text):
            if _stands_with(kept, line):
                break
            in_box = True
        if in_box:
            continue
        if line.image or not (_words(line.text) in dropped or is_label(line.text)):
            _sort(line, above, found, kept)
        above = [line] if kept and kept[-1] is line else [*above[-_MOST_PICTURES:], line]
    _sign(kept, found)
    found.paragraphs = [line.text for line in kept] or found.rows
    return found


def _sort(line: Line, above: Sequence[Line], found: ArticleLines, kept: list[Line]) -> None:
    if line.image:
        found.images.append(line.image)
    elif is_only_date(line.text):
        found.dates.append(line.text)
    elif not (kept or line.cell) and is_byline(line.text):
        found.dates.append(line.text)
        found.credits += [part for part in _parts(line.text) if is_credit(part)]
    elif line.cell:
        found.rows.append(line.text)
    elif _is_caption(line, above):
        found.captions.append(line.text)
    elif is_credit(line.text):
        found.credits.append(_without_double_label(line.text))
    elif not _is_link(line):
        _keep(line, kept)


def _keep(line: Line, kept: list[Line]) -> None:
    if len(kept) == 1 and _is_cut(kept[0], line):
        kept[0] = line
    elif not (kept and _is_lead_again(line, kept[0])):
        kept.append(line)


@lru_cache(maxsize=64)
def _words(text: str) -> str:
    """Folded, once for all that ask about a line."""
    return fold(text)


def _is_lead_again(line: Line, lead: Line) -> bool:
    """A lead in a box above the text is often its first paragraph too."""
    if line.container is lead.container or len(line.text) != len(lead.text):
        return False
    return _words(line.text) == _words(lead.text)


def _stands_with(paragraphs: Sequence[Line], line: Line) -> bool:
    return any(paragraph.container is line.container for paragraph in paragraphs[-_LOOKED_BACK:])


def _is_cut(lead: Line, line: Line) -> bool:
    """A lead that an engine cut off after so many words is how the text begins."""
    return not uncut(lead.text) and _words(line.text).startswith(_words(lead.text))


def _is_end(text: str) -> bool:
    return 0 < len(text) <= LONGEST_LABEL and bool(_END.fullmatch(_words(text)))


def is_byline(text: str) -> bool:
    """Whether one of its parts is a date, the others what portals write beside it."""
    if len(text) > LONGEST_CREDIT or _ENDS_SENTENCE.search(text):
        return False
    return any(map(is_only_date, _parts(text)[:_MOST_PARTS]))


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, _BETWEEN.split(text)) if part and not is_label(part)]


def is_credit(text: str) -> bool:
    return len(text) <= LONGEST_CREDIT and bool(_CREDIT.match(text))


def _without_double_label(credit: str) -> str:
    """NukeViet puts its own label before the one the author wrote."""
    rest = _CREDIT.sub("", credit)
    return rest if is_credit(rest) else credit


def _is_caption(line: Line, above: Sequence[Line]) -> bool:
    """A line that says what the picture before it shows."""
    if line.caption:
        return True
    if not above or len(line.text) > LONGEST_CAPTION:
        return False
    before = above[-1]
    if not before.image:
        return _is_beside_caption(line, above)
    if line.italic or line.align == "center" or _PHOTO_OF.search(line.text):
        return True
    if _ENDS_SENTENCE.search(line.text):
        return False
    return line.block == before.block or _reads_like_caption(line)


def _is_beside_caption(line: Line, above: Sequence[Line]) -> bool:
    """Pictures side by side have their captions side by side, in cells of a table."""
    if line.container is None or line.container.tag != "tr":
        return False
    captions = [one for one in above if one.text and one.container is line.container]
    pictures = sum(bool(one.image) for one in above)
    return 0 < len(captions) < pictures


def _reads_like_caption(line: Line) -> bool:
    """A paragraph of its own that is no sentence, no heading, no item and no signature."""
    is_marked = line.strong or line.link or line.align == "right" or line.text.isupper()
    in_list = line.container is not None and line.container.tag in ("ul", "ol")
    return (
        _SHORTEST_CAPTION <= len(line.text) <= _LONGEST_BARE_CAPTION
        and not (is_marked or in_list or _HEADS.search(line.text) or _NEWS.match(line.text))
        and not is_credit(line.text)
    )


def _is_link(line: Line) -> bool:
    """A way to another page rather than prose."""
    words = _words(line.text)
    return (line.link and not _ENDS_SENTENCE.search(line.text)) or (
        bool(_SEE_ALSO.match(words)) and len(line.text) <= LONGEST_CREDIT
    )


def _sign(kept: list[Line], found: ArticleLines) -> None:
    """Moves a signature at the foot, set to the right and short, to the credit."""
    if len(kept) > 1 and _is_name(kept[-1]) and _ENDS_SENTENCE.search(kept[-2].text):
        found.credits.insert(0, kept.pop().text)
    while len(kept) > 1 and _is_signature(kept[-1]):
        found.credits.insert(0, kept.pop().text)


def _is_signature(line: Line) -> bool:
    short = len(line.text) <= LONGEST_SIGNATURE and not _ENDS_SENTENCE.search(line.text)
    says_so = _AFTER.match(line.text) or _WORK_OF.match(line.text)
    return short and (line.align == "right" or bool(says_so))


def _is_name(line: Line) -> bool:
    """A person's, with an office's in brackets after it; of an office, if it is set apart."""
    in_list = line.container is not None and line.container.tag in ("ul", "ol")
    if in_list or len(line.text) > LONGEST_SIGNATURE or _ENDS_SENTENCE.search(line.text):
        return False
    words = re.findall(r"[^\W\d_]+", re.sub(r"\s*\([^()]*\)$", "", line.text))
    capitals = sum(word[0].isupper() for word in words)
    if not 2 <= len(words) <= _MOST_WORDS or not line.text[0].isalpha():  # noqa: PLR2004
        return False
    return capitals == len(words) or ((line.strong or line.italic) and 2 * capitals >= len(words))


def title_among(lines: Iterable[Line]) -> str:
    """A title where only text is: the line that stands twice, else the first, if it is short.

    Liferay 7.1 writes "null " before the first of the two: the missing label of its back arrow.
    """
    texts = [line.text for line in lines if line.text and not is_label(line.text)][:_FRAME_LINES]
    texts = [text for text in texts if not is_only_date(text)]
    titles = [text for text in texts if not _ENDS_SENTENCE.search(text)]
    bare = [fold(text).removeprefix("null ") for text in titles]
    for text, words in zip(titles, bare, strict=True):
        if bare.count(words) > 1 and fold(text) == words:
            return text
    return (
        texts[0] if texts and texts[:1] == titles[:1] and len(texts[0]) <= LONGEST_CAPTION else ""
    )


def uncut(lead: str) -> str:
    """A lead unless its end was cut off; a whole one with "..." added ends in four dots."""
    if lead.endswith("....") or re.search(r"[.!?]…$", lead):
        return lead.removesuffix("…").removesuffix("...")
    return "" if re.search(r"(?:\.\.\.|…|\[(?:…|\.\.\.)\])$", lead) else lead

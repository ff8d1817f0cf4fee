"""Where a Vietnamese sentence ends. Pure."""

import re

# With a full stop they belong to the name or number after them.
_ABBREVIATION = re.compile(
    r"""
      tp | tx | tt | kp | kcn | nxb | sđt | đt | đc | đ/c
    | ts | ths | gs | pgs | gsts | pgsts | bs | bsck | bscki | bsckii | cki | ckii
    | ks | kts | cn | ls | ds | ngưt | ngnd | nsưt | nsnd | nnưt | nnnd
    | mr | mrs | ms | dr | st | vs
    | (?-i: No | Ng )       # no: ăn no
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE_A_NUMBER = frozenset({"tr", "p", "q", "h"})  # tr. 15, but "500 tr. Sau đó"

# After these a capital letter is a number, not somebody's initial: khoá X. Các đại biểu …
_LETTERED = re.compile(
    r"""
    \b (?: thứ | lần | khóa | khoá | kỳ | quý | loại | hạng | khối | nhóm | bảng | lớp | khu | lô
    | tổ | mục | phần | chương | án | mẫu | điểm | vitamin | gan ) [ ] \w $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_SHORT_NAME = 2  # Q1.Bình Khánh, but HĐND.Các đại biểu

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*")
_OPENERS = " \"'“‘«([–—-+•*"
_LAST_WORD = re.compile(r"[\w/]+$")
# 1. Phê duyệt · 1.2. · II. · a. · Điều 3. · … gồm: 1. Phê duyệt
_MARKER = r"(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[a-zđ])"
_LOOKED_BACK = 300  # characters; what tells whether a stop ends a sentence stands close to it
_ONLY_A_MARKER = re.compile(rf"[-+•*–(]?\s*(?:(?:Điều|Khoản|Mục|Bước|Câu|Phần|Chương) )?{_MARKER}")
_SMALL_MARKER = re.compile(r"[a-zđ][.)] ")
_MARKER_IN_A_LIST = re.compile(rf"[:;] \(?{_MARKER}$")
_ADDRESS = re.compile(r"@|://|www\.|\.(?:vn|com|net|org|gov|edu)\b", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\w{2,}")


def sentences(text: str) -> list[str]:
    """Whole sentences in order; all of the text but white space is in one of them."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line[start:end] for line in lines for start, end in bounds(line)]


def bounds(line: str) -> list[tuple[int, int]]:
    """Where each sentence of a line with single spaces starts and ends."""
    found = []
    start = 0
    for stop in _STOP.finditer(line):
        before = line[max(start, stop.start() - _LOOKED_BACK) : stop.start()]
        after = line[stop.end() : stop.end() + 60]
        if _ends(before, stop.group(), after):
            found.append((start, stop.end()))
            start = stop.end() + (after[0] == " ")
    return [*found, (start, len(line))] if start < len(line) else found


def _ends(before: str, stop: str, after: str) -> bool:
    """Whether a sentence that reads `before` so far ends with `stop`."""
    following = after.lstrip(_OPENERS)
    if not following or following[0] in ",;:.!?…)]”":
        return False  # what the line ends with is its last sentence in any case
    if following[0].islower() and not _SMALL_MARKER.match(following):
        return False
    if stop == "." and (_is_marker(before) or _is_short_for_more(before, following)):
        return False
    return after[0].isspace() or _is_glued(before, stop + after, following)


def _is_marker(before: str) -> bool:
    return bool(_ONLY_A_MARKER.fullmatch(before.strip()) or _MARKER_IN_A_LIST.search(before))


def _is_short_for_more(before: str, following: str) -> bool:
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last.group()
    if _ABBREVIATION.fullmatch(word):
        return True
    if word in _BEFORE_A_NUMBER and following[0].isdigit():
        return True
    return len(word) == 1 and word.isupper() and not _LETTERED.search(before)


def _is_glued(before: str, after: str, following: str) -> bool:
    """Whether a space was forgotten: 2021-2026.Thực hiện, 30/5.UBND huyện; but not TP.HCM."""
    first = _FIRST_WORD.match(following)
    if first is None or not following[0].isupper():
        return False
    if _ADDRESS.search(before.rpartition(" ")[2] + after.partition(" ")[0]):
        return False
    last = _LAST_WORD.search(before)
    if last is None or not after.startswith("."):
        return True
    if first.group().isupper():  # 12/UBND.VX is the number of a document
        second = following[first.end() :].removeprefix(" ")
        return not last.group().isupper() and second[:1].islower()
    return not (last.group().isupper() and len(last.group()) <= _LONGEST_SHORT_NAME)

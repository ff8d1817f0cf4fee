"""Whether a sentence can be shown to somebody who has not read the article. Pure."""

import re

from jobs.text import fold

_FEWEST_WORDS = 6
_FEWEST_WORDS_WITHOUT_STOP = 12
FEWEST_NEW_WORDS = 3

_WORD = re.compile(r"[^\W_]+")
_CUT_OFF = re.compile(r"(?:…|\.{2,})[\s\])»”\"']*$")
_STOP_AT_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_LIST_ITEM = re.compile(r"[-–—+•*]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[a-zđ])[.)]\s", re.ASCII)
_OPENS_A_LIST = (":", ";", ",")
_DANGLING = re.compile(
    r"""
    (?: (?: theo | do | bên[ ]cạnh | trong[ ]khi | trước | sau | ngay[ ]sau | qua | từ | nhờ
          | cùng[ ]với | song[ ]song(?:[ ]với)? | kế | tiếp | trong | trên[ ]cơ[ ]sở
          | thêm[ ]vào )[ ]đó
      | (?: vì | nhờ | như | do | bởi )[ ](?: vậy | thế )
      | tuy[ ](?: nhiên | vậy ) | (?: thế[ ])?nhưng | song | và | còn | hay | hoặc
      | ngoài[ ]ra | đồng[ ]thời | cụ[ ]thể | mặt[ ]khác | ngược[ ]lại | hơn[ ]nữa
      | đặc[ ]biệt | tiếp[ ]theo | tại[ ]đây | ở[ ]đây | (?: nhân[ ])?dịp[ ]này
      | cũng[ ](?: theo | tại | trong | nhân | vào )
      | (?: đây | đó )[ ](?: chính[ ] )?(?: là | cũng )
      | (?: điều | việc | vấn[ ]đề | người | ông | bà | anh | chị | vị | đồng[ ]chí )
        [ ](?: này | đó | ấy )
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Ông cho biết … leans on a name; Ông Nguyễn Văn A …, Bà con … do not
_PERSON = re.compile(r"(?:Ông|Bà|Anh|Chị|Cô) (?!con |em |chị |giáo |bác )(\w)")
_POINTING = re.compile(
    r"(?!sáng|trưa|chiều|tối|tháng|năm|tuần|hôm)(?:[^\s,]+ ){1,4}(?:này|(?:nói|kể) trên)\b",
    re.IGNORECASE,
)
_BRACKETS = (("(", ")"), ("[", "]"), ("«", "»"))
_ONLY_A_QUOTATION = re.compile('[-–] .*|[“"][^“”"]*[”"]\\W*')
_QUOTES = re.compile('["“”„]')


def is_cut_off(text: str) -> bool:
    """Whether it ends in dots, as a text does that was cut."""
    return _CUT_OFF.search(text) is not None


def ends_like_a_sentence(sentence: str) -> bool:
    return _STOP_AT_END.search(sentence) is not None


def is_sentence(text: str) -> bool:
    """Whether it is more than a heading, a label, a caption or an item of a list."""
    words = len(_WORD.findall(text))
    if words < _FEWEST_WORDS or _LIST_ITEM.match(text) or text.endswith(_OPENS_A_LIST):
        return False
    return ends_like_a_sentence(text) or words >= _FEWEST_WORDS_WITHOUT_STOP


def is_half_a_quotation(sentence: str) -> bool:
    """Whether a quotation or bracket goes on beyond it."""
    is_open = any(sentence.count(left) != sentence.count(right) for left, right in _BRACKETS)
    return is_open or len(_QUOTES.findall(sentence)) % 2 == 1


def is_only_a_quotation(sentence: str) -> bool:
    """Whether somebody says all of it and it does not tell who."""
    return _ONLY_A_QUOTATION.fullmatch(sentence) is not None


def says_more(sentence: str, title: str) -> bool:
    """Whether it adds to the title, which is shown anyway."""
    new = set(fold(sentence).split()) - set(fold(title).split())
    return len(new) >= FEWEST_NEW_WORDS


def points_back(sentence: str) -> bool:
    """Whether it is about something named before it: Văn bản này, Dự án nói trên."""
    return _POINTING.match(sentence) is not None


def dangles(sentence: str) -> bool:
    """Whether its opening leans on a sentence before it: Tuy nhiên, Theo đó, Ông cho biết."""
    person = _PERSON.match(sentence)
    is_unnamed = person is not None and person.group(1).islower()
    return is_unnamed or _DANGLING.match(sentence) is not None

"""The paragraph that a portal opens with: who did what, when. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from jobs.summary import words
from jobs.summary.features import LIMIT_CHARS
from jobs.summary.fitness import (
    dangles,
    ends_like_a_sentence,
    is_cut_off,
    is_half_a_quotation,
    is_only_a_quotation,
    is_sentence,
    says_more,
)
from jobs.summary.piece import Paragraph, Piece
from jobs.summary.prose import holds_credit
from jobs.summary.trimming import finished, shorter
from jobs.summary.words import has, pairs, syllables

_LONGEST_PARAGRAPH = 700  # characters: more is a text whose paragraphs were lost
_MOST_SENTENCES = 4
_LAST_PLACE = 4  # paragraphs; an event told later is not what the article is about
_OPENING_WORDS = 12
_CLEARER = 0.15  # of the title, that a later paragraph must say more

_FEWEST_WORDS_WITHOUT_STOP = 15  # fewer are a heading
_OF_TITLE = "Đó là "  # the title stands above
_LEANING = re.compile(
    r"(?:\S+ ){0,5}cũng\b|(?:[^\s;:“]+[^\s,;:“] ){5,13}(?<!tháng )này\b", re.IGNORECASE
)
_LONGEST_HEADING = 80  # characters
_ENDS_OR_OPENS = re.compile(r"[.!?…:;,][\"”’»')\]]*$|^[-–+•*\d(]")

_CEREMONY = re.compile(
    r"(?:trong không khí|với tinh thần|được sự|trong những năm qua|những năm qua|thời gian qua"
    r"|trong thời gian qua|những ngày (?:này|qua)|hòa chung|hoà chung|tiếp nối|phát huy"
    r"|như chúng ta|trong bối cảnh|xác định|nhận thức|từ lâu|có thể nói|không chỉ"
    r"|hằng năm|hàng năm|mỗi (?:năm|dịp)"
    r"|những năm gần đây|ai cũng|nhắc đến|nói đến|nếu như|là một trong)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:sáng|trưa|chiều|tối|ngày|hôm nay|hôm qua|vào lúc|lúc|vừa qua|mới đây|từ ngày"
    r"|trong (?:các|hai|2|3|ba) ngày)\b",
    re.IGNORECASE,
)
_GUESTS = re.compile(
    r"(?:(?:cùng |đến |về |tới )?(?:tham )?dự\b|tham gia (?:đoàn|buổi|cùng)"
    r"|cùng (?:đi|dự|tham gia)"
    r"|về phía|thành phần|đến (?:thăm )?và (?:dự|chúc)|chủ trì (?:hội nghị|buổi|cuộc))",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"\bthông báo\b", re.IGNORECASE)
_BEFORE_A_LIST = re.compile(r",? (?:(?:cụ thể|với nội dung) )?như sau ?:$")


def opening(title: str, paragraphs: Sequence[Paragraph]) -> list[Piece]:
    """Its sentences, finished; none when the article does not open with such a paragraph."""
    if len(paragraphs) == 1 and len(paragraphs[0].pieces) > _MOST_SENTENCES:
        return []
    near = takewhile(lambda each: len(each.text) <= _LONGEST_PARAGRAPH, paragraphs)
    options = [each for each in near if _is_prose(each)][:_LAST_PLACE]
    if not options or _leans_back(options[0].pieces[0]):
        return []
    if _stands_over_a_heading(options[0], paragraphs):
        return []
    chosen = _clearest(title, options)
    told = (_sentences(each, title) for each in (chosen, *options[options.index(chosen) + 1 :]))
    return next(filter(None, told), [])


def tells_an_event(piece: Piece) -> bool:
    """Whether it says when, who and what happened."""
    start = piece.words[:_OPENING_WORDS]
    dated = words.DATE.search(piece.text) is not None
    when = dated or _DAY.match(piece.text) is not None or has(words.TIME, start)
    who = has(words.ORGANISATION, piece.terms) or has(words.PLACE, piece.terms)
    return when and who and has(words.EVENT, piece.terms) and not dangles(piece.text)


def gives_notice(piece: Piece) -> bool:
    """Then where, when and how many stand in the list below it."""
    return _NOTICE.search(piece.text) is not None


def names_guests(piece: Piece) -> bool:
    return _GUESTS.match(piece.text) is not None


def _clearest(title: str, options: Sequence[Paragraph]) -> Paragraph:
    """The first, unless it tells no event and a later one tells it."""
    first = options[0]
    if tells_an_event(first.pieces[0]) and not _is_ceremony(first):
        return first
    known = syllables(title)
    happened = frozenset((*known, *pairs(known))) & (words.EVENT | words.DECISION)
    said = _share(frozenset(known), first)
    later = [
        each
        for each in options[1:]
        if tells_an_event(each.pieces[0]) and not names_guests(each.pieces[0])
    ]
    for each in later:
        names_it = has(happened, each.pieces[0].terms) and not has(happened, first.pieces[0].terms)
        if names_it or _is_ceremony(first) or _share(frozenset(known), each) >= said + _CLEARER:
            return each
    return first


def _share(known: frozenset[str], paragraph: Paragraph) -> float:
    return len(known & paragraph.pieces[0].word_set) / (len(known) or 1)


def _is_ceremony(paragraph: Paragraph) -> bool:
    text = paragraph.text
    opens = _CEREMONY.match(text) is not None or _CEREMONY.search(text, 0, 80) is not None
    return opens and not words.DATE.search(paragraph.pieces[0].text)


def _is_prose(paragraph: Paragraph) -> bool:
    pieces = paragraph.pieces
    if not pieces or not (is_sentence(pieces[0].text) or _opens_a_list(pieces[0])):
        return False
    is_whole = ends_like_a_sentence(paragraph.text) or _opens_a_list(pieces[0])
    return is_whole or len(pieces[0].words) >= _FEWEST_WORDS_WITHOUT_STOP


def _stands_over_a_heading(first: Paragraph, paragraphs: Sequence[Paragraph]) -> bool:
    """Then it leads into the text, and who did what was told above it, unless it tells that."""
    after = paragraphs[paragraphs.index(first) + 1 :]
    if not after or tells_an_event(first.pieces[0]):
        return False
    return len(after[0].text) <= _LONGEST_HEADING and not _ENDS_OR_OPENS.search(after[0].text)


def _leans_back(piece: Piece) -> bool:
    """Whether it goes on from something that a newspaper printed above the text."""
    is_of_title = piece.text.startswith(_OF_TITLE)
    return not is_of_title and (dangles(piece.text) or _LEANING.match(piece.text) is not None)


def _opens_a_list(piece: Piece) -> bool:
    return piece.text.endswith(":") and is_sentence(_BEFORE_A_LIST.sub(".", piece.text))


def without_colon(piece: Piece) -> Piece:
    """What announces a list, by itself: thông báo lịch tiếp dân như sau."""
    bare = _BEFORE_A_LIST.sub("", piece.text)
    if bare == piece.text:
        return piece
    (span,) = piece.spans
    return replace(piece, text=f"{bare}.", spans=(replace(span, length=len(bare)),))


def _sentences(paragraph: Paragraph, title: str) -> list[Piece]:
    """As many as there is room for, from the first on."""
    chosen: list[Piece] = []
    room = LIMIT_CHARS
    for piece in paragraph.pieces[:_MOST_SENTENCES]:
        form = _next(piece, room) if chosen else _first(piece, title)
        if form is None:
            break
        chosen.append(form)
        room -= len(form.text) + 1
    return chosen


def _first(piece: Piece, title: str) -> Piece | None:
    """Whole, or shortened where it is too long."""
    if _leans_back(piece):
        return None
    if _opens_a_list(piece):  # may say no more than the title: the list does
        return without_colon(piece)
    forms = (finished(piece), *shorter(piece, LIMIT_CHARS))
    return next((form for form in forms if _fits(form, title)), None)


def _next(piece: Piece, room: int) -> Piece | None:
    """It may lean on the one before."""
    text = piece.text
    if len(text) + 1 > room or names_guests(piece) or text.endswith(":"):
        return None
    if is_half_a_quotation(text) or is_cut_off(text) or holds_credit(text):
        return None
    return finished(piece)


def _fits(piece: Piece, title: str) -> bool:
    text = piece.text
    if len(text) > LIMIT_CHARS or is_cut_off(text) or holds_credit(text):
        return False
    if is_half_a_quotation(text) or is_only_a_quotation(text) or not is_sentence(text):
        return False
    return says_more(text, title)

"""A summary in one line, for digests. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from jobs.summary import words
from jobs.summary.fitness import dangles, points_back
from jobs.summary.opening import tells_an_event
from jobs.summary.piece import Paragraph, Piece
from jobs.summary.ranking import standing
from jobs.summary.trimming import shorter, until, without_connective
from jobs.summary.words import has, pairs

LINE_CHARS = 120
_SUBJECT_WORDS = 4
# not before a capital: it would be somebody's title or office
# nor inside of an enumeration of short things
_DETAIL = re.compile(
    r", (?=[a-zà-ỹđ])(?!và |hoặc |xã |huyện |tỉnh |ấp )(?!(?:[^\s,]+ ){0,3}[^\s,]+,)"
    r"| (?=về )|; "
)
_WANTS_MORE = re.compile(
    r"\b(?:thông báo|công bố|chỉ đạo|triển khai|ban hành|báo cáo|kết luận|quyết định|đề nghị"
    r"|yêu cầu|phối hợp|chủ trì|tổ chức|kiểm tra|giám sát|do|bởi|nhân|sau|trước)\.$"
    r"|, [^,]{1,25}\.$",
    re.IGNORECASE,
)
_SUBJECTS = (words.ORGANISATION, words.PERSON, words.PLACE, words.TIME)


def shortest(
    chosen: Sequence[Piece],
    offered: Iterable[Piece],
    paragraphs: Sequence[Paragraph],
    known: frozenset[str],
) -> Iterator[Piece]:
    """Forms that fit, best first: what was chosen, shortened, then what else may stand for it."""
    sources = {piece.place: piece for each in paragraphs for piece in each.pieces}
    others = (piece for piece in offered if _names_somebody(piece))
    for piece in chain(chosen, others):
        if len(piece.text) <= LINE_CHARS and not dangles(piece.text):
            yield piece
        source = sources.get(piece.place, piece)
        if len(source.spans) > 1:
            continue
        bare = without_connective(source)
        for form in standing((bare, *shorter(bare, LINE_CHARS), *_events(bare)), known):
            if len(form.text) > LINE_CHARS or points_back(form.text):
                continue
            if has(words.VERBAL | words.EVENT, form.terms):
                yield form


def _events(piece: Piece) -> Iterator[Piece]:
    """The event alone, without what is said about it after a comma or "về"; longest first."""
    ends = [found.start() for found in _DETAIL.finditer(piece.text, 0, LINE_CHARS)]
    for end in reversed(ends):
        form = until(piece, end)
        if form is not None and tells_an_event(form) and not _WANTS_MORE.search(form.text):
            yield form


def _names_somebody(piece: Piece) -> bool:
    """Whether it begins with who or when: what is taken alone must not be half an enumeration."""
    start = piece.words[:_SUBJECT_WORDS]
    terms = (*start, *pairs(start))
    return any(has(known, terms) for known in _SUBJECTS)

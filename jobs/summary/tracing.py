"""Proof that a sentence's words stand in the article, in order. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from jobs.text import clean
from storage.records import TextSpan

_WORD = re.compile(r"\d+(?:[.,/:–-]\d+)*%?|[^\W\d_]+")
# what may not be lost on the way: it turns a sentence round, or says who stands behind it
_TURNING = frozenset(
    unicodedata.normalize("NFC", word)
    for word in ("không", "chưa", "chẳng", "đừng", "cấm", "trừ", "nhưng", "nếu", "theo", "miễn")
)


def stands(text: str, sources: Sequence[str]) -> bool:
    """Whether every word is in the sources in this order, none of those that turn it left out."""
    said = _words(text)
    found = [word for source in sources for word in _words(source)]
    rest = iter(found)
    if not said or not all(word in rest for word in said):
        return False
    return _turns(said) == _turns(found)


def _words(text: str) -> list[str]:
    return _WORD.findall(clean(text).casefold())


def _turns(words: Sequence[str]) -> Counter[str]:
    pairs = zip(words, [*words[1:], ""], strict=True)
    return Counter(word for word, after in pairs if word in _TURNING and after != "khí")


def cut_out(paragraphs: Sequence[str], lead: str, span: TextSpan) -> str:
    text = lead if span.paragraph < 0 else paragraphs[span.paragraph]
    return text[span.start : span.start + span.length]


def in_original(original: str, span: TextSpan) -> TextSpan:
    """The span of the cleaned text in the text as it was stored: whole words where they differ."""
    cleaned = clean(original)
    if cleaned == original:
        return span
    bounds = [each.span() for each in re.finditer(r"\S+", original) if clean(each[0])]
    # where control characters glue words or part them, the two may differ by a word
    most = len(bounds) - 1
    first = min(cleaned.count(" ", 0, span.start), most)
    last = min(cleaned.count(" ", 0, span.start + span.length), most)
    start, end = bounds[first][0], bounds[last][1]
    return TextSpan(paragraph=span.paragraph, start=start, length=end - start)

"""Which articles of different sources are the same news, by what they say. Pure."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from jobs.text import clean, fold

WITHIN = timedelta(hours=72)
_GRAM = 5  # characters
_COMPARED_CHARS = 1200  # of title and text together
_FEWEST_GRAMS = 100  # less says too little: "Lịch tiếp công dân tháng 11" stands on every portal
_ALIKE = 0.8  # of the shorter one's grams, found in the other
_ALIKE_AS_A_WHOLE = 0.3  # of all grams: a long report may quote a short one
_SKETCH = 8  # hashes
_WORD = re.compile(r"\w[\w./-]*\w|\w")
_SENTENCE_END = re.compile(r"[.!?:…]\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an article says, as far as two are compared."""

    grams: frozenset[str]
    names: frozenset[str]  # proper names by syllables, folded
    figures: frozenset[str]


def words_of(title: str, paragraphs: Sequence[str]) -> Words:
    """`paragraphs`: the lead and what follows, or what there is of it."""
    text = clean(f"{title}. {' '.join(paragraphs)}")[:_COMPARED_CHARS]
    folded = fold(text)
    grams = frozenset(folded[at : at + _GRAM] for at in range(len(folded) - _GRAM + 1))
    words = _WORD.findall(text)
    return Words(
        grams=grams,
        names=frozenset(_names(text)),
        figures=frozenset(word for word in words if any(map(str.isdigit, word))),
    )


def _names(text: str) -> Collection[str]:
    """Capitals in the midst of a sentence; a line all in capitals names nothing."""
    found = set()
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip()
        begins = not before or bool(_SENTENCE_END.search(before[-3:]))
        word = match[0]
        if word[:1].isupper() and not begins and not word.isupper():
            found.add(fold(word))
    return found


def alike(one: Words, other: Words) -> bool:
    """The same words, but for what a portal adds or leaves out; other places are other news."""
    fewer, more = sorted((one, other), key=lambda words: len(words.grams))
    if len(fewer.grams) < _FEWEST_GRAMS:
        return False
    shared = len(fewer.grams & more.grams)
    return (
        shared >= _ALIKE * len(fewer.grams)
        and shared >= _ALIKE_AS_A_WHOLE * len(fewer.grams | more.grams)
        and _agree(one.names, other.names)
        and _agree(one.figures, other.figures)
    )


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """One may say more than the other, but not something else."""
    return one <= other or other <= one


def sketch(words: Words) -> tuple[int, ...]:
    """A few numbers; who says nearly the same has at least one of them too."""
    if len(words.grams) < _FEWEST_GRAMS:
        return ()
    return tuple(sorted(map(_hash, words.grams))[:_SKETCH])


def _hash(gram: str) -> int:
    """63 bits: a database's integers have a sign."""
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest()) >> 1

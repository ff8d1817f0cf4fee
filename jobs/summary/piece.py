"""What may stand in a summary: a text and where in the article its words are. Pure."""

from dataclasses import dataclass
from functools import cached_property

from jobs.summary.words import pairs, syllables
from storage.records import TextSpan

LEAD = -1  # the paragraph number of an article's own lead


@dataclass(frozen=True, kw_only=True)
class Piece:
    text: str
    spans: tuple[TextSpan, ...]
    place: int = 0  # among the sentences of its article
    opens_paragraph: bool = False

    @cached_property
    def words(self) -> list[str]:
        return syllables(self.text)

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def pair_set(self) -> frozenset[str]:
        return frozenset(pairs(self.words))

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words and pairs of words."""
        return self.word_set | self.pair_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    number: int
    text: str
    pieces: tuple[Piece, ...]  # its sentences, in order

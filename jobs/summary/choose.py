"""What stands for an article: its own lead, its opening, the best of its sentences. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from jobs.summary.complement import completed
from jobs.summary.features import LIMIT_CHARS
from jobs.summary.fitness import ends_like_a_sentence, is_cut_off, says_more
from jobs.summary.line import shortest
from jobs.summary.model import Model, learned
from jobs.summary.opening import gives_notice, opening, tells_an_event
from jobs.summary.piece import LEAD, Piece
from jobs.summary.prose import lead_of, paragraphs_of
from jobs.summary.ranking import best_choices, standing
from jobs.summary.tracing import cut_out, in_original, stands
from jobs.summary.trimming import finished, shorter
from jobs.summary.words import syllables
from jobs.text import clean, fold
from storage.records import TextSpan

_LEAST_SUPPORT = 0.25  # of a lead's word pairs in its article; one about the whole portal has less
_LINES_TRIED = 5  # of the best choices; worse ones do not stand for the article


class How(StrEnum):
    """Where the sentences were found."""

    LEAD = "lead"  # written by the portal beside the article
    OPENING = "opening"  # the paragraph that tells who did what, when
    RANKED = "ranked"
    FIRST_SENTENCE = "first_sentence"
    TITLE = "title"  # nothing else can be read: the title says it alone
    FAILED = "failed"  # our fault; shown like title


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSummary:
    how: How
    sentences: tuple[Piece, ...] = ()
    line: str = ""  # at most LINE_CHARS; may be empty

    @property
    def text(self) -> str:
        """Empty when `how` is title."""
        return " ".join(piece.text for piece in self.sentences)

    @property
    def spans(self) -> tuple[TextSpan, ...]:
        return tuple(span for piece in self.sentences for span in piece.spans)


def summarise(
    title: str, lead: str, paragraphs: Sequence[str], model: Model | None = None
) -> ChosenSummary:
    """The first choice that fits and whose every word is found where it is said to be."""
    article = _Article(clean(title), lead, paragraphs, model or learned())
    for how, pieces in article.choices():
        placed = tuple(map(article.placed, pieces))
        if placed and article.is_sound(placed):
            return ChosenSummary(how=how, sentences=placed, line=article.line(pieces))
    return ChosenSummary(how=How.TITLE)


class _Article:
    def __init__(self, title: str, lead: str, paragraphs: Sequence[str], model: Model) -> None:
        self._title = title
        self._known = frozenset(syllables(title))
        self._lead = lead
        self._original = paragraphs
        self._model = model
        self._paragraphs = paragraphs_of(title, paragraphs)
        self._ranked: list[tuple[Piece, ...]] | None = None

    def choices(self) -> Iterator[tuple[How, Sequence[Piece]]]:
        """Best first."""
        for how, found in ((How.LEAD, self._real_lead()), (How.OPENING, self._opening())):
            if found:
                yield how, self._completed(found)
                yield how, found
                yield how, found[:1]
        for pieces in self._best():
            yield How.RANKED, pieces
        for each in self._paragraphs:
            for piece in each.pieces:
                for form in standing((piece, *shorter(piece, LIMIT_CHARS)), self._known):
                    yield How.FIRST_SENTENCE, (form,)

    def _best(self) -> list[tuple[Piece, ...]]:
        if self._ranked is None:
            self._ranked = best_choices(self._title, self._paragraphs, self._model)
        return self._ranked

    def _opening(self) -> list[Piece]:
        return opening(self._title, self._paragraphs)

    def _completed(self, found: Sequence[Piece]) -> Sequence[Piece]:
        """With who directed, what was decided, how many, where an event is told without it."""
        if not (tells_an_event(found[0]) or gives_notice(found[0])):
            return found
        return completed(self._known, found, self._paragraphs)

    def _real_lead(self) -> list[Piece]:
        """The lead's sentences; none when it is cut off at once, or is not about this article.

        One that only repeats the first paragraph is no more than that paragraph.
        """
        own = lead_of(self._title, self._lead)
        first = self._paragraphs[0].text if self._paragraphs else ""
        if own is None or own.text == first:
            return []
        found = list(own.pieces)
        if is_cut_off(own.text) or self._goes_on(found[-1].text):
            found.pop()
        if not found or not self._is_supported(found):
            return []
        return _that_fit(found, self._known)

    def _goes_on(self, last: str) -> bool:
        """Whether a lead was cut without saying so: its article has the sentence, longer."""
        if ends_like_a_sentence(last):
            return False
        every = (piece.text for each in self._paragraphs for piece in each.pieces)
        return any(text.startswith(last) and len(text) > len(last) + 1 for text in every)

    def _is_supported(self, found: Sequence[Piece]) -> bool:
        text = " ".join(piece.text for piece in found)
        if not says_more(text, self._title):
            return False
        body = " ".join((self._title, *(each.text for each in self._paragraphs)))
        pairs = _pairs(text)
        return not self._paragraphs or len(pairs & _pairs(body)) >= _LEAST_SUPPORT * len(pairs)

    def placed(self, piece: Piece) -> Piece:
        """With its spans in the text as it was stored."""
        spans = (in_original(self._text(span), span) for span in piece.spans)
        return replace(piece, spans=tuple(spans))

    def _text(self, span: TextSpan) -> str:
        return self._lead if span.paragraph == LEAD else self._original[span.paragraph]

    def is_sound(self, pieces: Sequence[Piece]) -> bool:
        length = sum(len(piece.text) + 1 for piece in pieces) - 1
        return length <= LIMIT_CHARS and all(map(self._stands, pieces))

    def _stands(self, piece: Piece) -> bool:
        sources = [cut_out(self._original, self._lead, span) for span in piece.spans]
        return stands(piece.text, sources)

    def line(self, pieces: Sequence[Piece]) -> str:
        ranked = (self._ranked or [])[:_LINES_TRIED]
        offered = [piece for choice in ranked for piece in choice]
        forms = shortest(pieces, offered, self._paragraphs, self._known)
        return next((form.text for form in forms if self._stands(self.placed(form))), "")


def _that_fit(found: Sequence[Piece], known: frozenset[str]) -> list[Piece]:
    chosen: list[Piece] = []
    room = LIMIT_CHARS
    for piece in found:
        whole = (piece, *shorter(piece, room))
        forms = [finished(piece)] if chosen else standing(whole, known)
        form = next((form for form in forms if len(form.text) <= room), None)
        if form is None:
            break
        chosen.append(form)
        room -= len(form.text) + 1
    return chosen


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(fold(text).split()))

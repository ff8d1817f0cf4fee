"""Which one or two sentences of an article stand best for it, best first. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice

from jobs.summary.features import (
    COMPARED,
    LIMIT_CHARS,
    WORD_FEATURES,
    Article,
    of_sentence,
    of_words,
    study,
)
from jobs.summary.fitness import (
    FEWEST_NEW_WORDS,
    dangles,
    is_half_a_quotation,
    is_only_a_quotation,
    is_sentence,
)
from jobs.summary.model import Model
from jobs.summary.piece import Paragraph, Piece
from jobs.summary.prose import holds_credit
from jobs.summary.trimming import finished, shorter, without_connective
from jobs.summary.words import syllables

Choice = tuple[Piece, ...]
Suits = Callable[[Piece], bool]

_FEWEST_WORDS = 6
_MOST_SENTENCES = 10  # the best by themselves; of the others no pair is better
_MOST_IN_PAIRS = 7
_MOST_FORMS = 2
_NO_SECOND = (-1.0,) * WORD_FEATURES
_LONGEST_SPEECH = 6  # sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    pieces: tuple[Piece, ...]
    features: list[float]


def can_stand_alone(piece: Piece, known: frozenset[str]) -> bool:
    """Whether it needs nothing before it and adds to the words that are known: the title's."""
    text = piece.text
    if len(text) > LIMIT_CHARS or is_half_a_quotation(text) or is_only_a_quotation(text):
        return False
    if dangles(text) or holds_credit(text) or "?" in text:
        return False
    return is_sentence(text) and len(piece.word_set - known) >= FEWEST_NEW_WORDS


def standing(pieces: Iterable[Piece], known: frozenset[str]) -> Iterator[Piece]:
    """Those that can stand alone, finished."""
    return (finished(piece) for piece in pieces if can_stand_alone(piece, known))


def speech(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Places of sentences inside a quotation that began before them and ends after."""
    found: set[int] = set()
    for paragraph in paragraphs:
        opened: list[int] | None = None
        for piece in paragraph.pieces:
            if is_half_a_quotation(piece.text):
                if opened is not None:
                    found.update(opened)
                    opened = None
                else:
                    opened = []
            elif opened is not None:
                opened.append(piece.place)
                if len(opened) > _LONGEST_SPEECH:
                    opened = None  # a mark was forgotten
    return found


def best_choices(title: str, paragraphs: Sequence[Paragraph], model: Model) -> list[Choice]:
    """One or two sentences each, the best first."""
    found = candidates(title, paragraphs, model)
    scored = [(model.candidate_score(each.features), each.pieces) for each in found]
    return [pieces for _, pieces in sorted(scored, key=lambda each: -each[0])]


def candidates(title: str, paragraphs: Sequence[Paragraph], model: Model) -> list[Candidate]:
    pieces = [
        piece for each in paragraphs for piece in each.pieces if len(piece.words) >= _FEWEST_WORDS
    ]
    if not pieces:
        return []
    article = study(title, pieces, model.tables)
    suits = partial(can_stand_alone, known=frozenset(syllables(title)))
    ranked = _ranked(article, pieces, speech(paragraphs), model, suits)
    return _compared([*_singles(article, ranked), *_pairs(article, ranked)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    whole: list[str]  # its words before anything was cut
    forms: list[Piece]
    rank: int
    score: float
    row: list[float]


def _ranked(
    article: Article, pieces: Sequence[Piece], spoken: set[int], model: Model, suits: Suits
) -> list[_Ranked]:
    rows = [of_sentence(article, piece) for piece in pieces]
    scores = [model.sentence_score(row) for row in rows]
    order = sorted(range(len(pieces)), key=lambda place: -scores[place])
    ranked: list[_Ranked] = []
    for place in order:
        forms = [] if pieces[place].place in spoken else _forms(pieces[place], suits)
        if forms:
            score = scores[place] - scores[order[0]]
            ranked.append(
                _Ranked(
                    whole=pieces[place].words,
                    forms=forms,
                    rank=len(ranked),
                    score=score,
                    row=rows[place],
                )
            )
        if len(ranked) == _MOST_SENTENCES:
            break
    return ranked


def _forms(piece: Piece, suits: Suits) -> list[Piece]:
    bare = without_connective(piece)
    short = islice(shorter(bare, LIMIT_CHARS), _MOST_FORMS)
    return [finished(form) for form in (bare, *short) if suits(form)]


def _singles(article: Article, ranked: Sequence[_Ranked]) -> Iterator[Candidate]:
    for one in ranked:
        for form in one.forms:
            yield Candidate(pieces=(form,), features=_features(article, (form,), one, one))


def _pairs(article: Article, ranked: Sequence[_Ranked]) -> Iterator[Candidate]:
    for left, right in combinations(ranked[:_MOST_IN_PAIRS], 2):
        early, late = sorted((left, right), key=lambda each: each.forms[0].place)
        said = (early.forms[0], late.forms[0])
        if len(said[0].text) + 1 + len(said[1].text) <= LIMIT_CHARS:
            yield Candidate(pieces=said, features=_features(article, said, left, right))


def _features(
    article: Article, said: tuple[Piece, ...], better: _Ranked, worse: _Ranked
) -> list[float]:
    first = said[0]
    is_whole = len(said) == 1 and first.words == better.whole
    return [
        *(better.row[:WORD_FEATURES] if is_whole else of_words(article, said)),
        sum(len(piece.text) for piece in said),
        len(said),
        said[-1].place - first.place,
        first.place,
        better.rank,
        worse.rank,
        better.score,
        worse.score,
        len(first.text) / len(better.forms[0].text),
        *better.row,
        *(worse.row[:WORD_FEATURES] if len(said) > 1 else _NO_SECOND),
    ]


def _compared(found: list[Candidate]) -> list[Candidate]:
    """Each with how far it is from the best of the article."""
    for feature in COMPARED if found else ():
        best = max(each.features[feature] for each in found)
        for each in found:
            each.features.append(each.features[feature] - best)
    return found

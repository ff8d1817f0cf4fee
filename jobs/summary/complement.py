"""The second sentence: who directed, what was decided, which figure, by when. Pure."""

from collections.abc import Iterator, Sequence

from jobs.summary.features import LIMIT_CHARS
from jobs.summary.listed import has_label, items
from jobs.summary.opening import names_guests, without_colon
from jobs.summary.piece import Paragraph, Piece
from jobs.summary.ranking import speech, standing
from jobs.summary.trimming import (
    shorter,
    without_connective,
    without_setting,
    without_topic,
)
from jobs.summary.worth import LAST_PLACE, known_from, worth

_ENOUGH = 2.2  # what it must be worth
_PROMISING = 1.7  # what it must be worth before anything is cut
# what it must be worth more, to make room for it
_TOLD_BY_TITLE = 0.2  # for a first sentence that loses what the title says
_SHORTENED = 1.0  # for one that loses a clause
_ALONE = 1.2  # for one that loses what follows it

Offer = tuple[float, Piece]


def completed(
    title: frozenset[str], found: Sequence[Piece], paragraphs: Sequence[Paragraph]
) -> list[Piece]:
    """With what adds most and fits, or with two labelled items of a list.

    `title`: its words.
    """
    best, most = list(found), _ENOUGH
    offers = _offers(title, found, paragraphs)
    for cost, lead in _leads(title, found):
        for value, piece in offers:
            if value - cost > most and _room(lead) >= len(piece.text):
                best, most = [*lead, piece], value - cost
    if len(best) > 1 and has_label(best[-1].text):
        best += _another(best, offers)
    return sorted(best, key=lambda piece: piece.place)


def _room(chosen: Sequence[Piece]) -> int:
    return LIMIT_CHARS - sum(len(piece.text) + 1 for piece in chosen)


def _another(chosen: Sequence[Piece], offers: Sequence[Offer]) -> list[Piece]:
    taken = {piece.place for piece in chosen}
    fitting = (
        (value, piece)
        for value, piece in offers
        if has_label(piece.text) and piece.place not in taken and _room(chosen) >= len(piece.text)
    )
    value, piece = max(fitting, key=lambda offer: offer[0], default=(0.0, None))
    return [piece] if piece is not None and value >= _PROMISING else []


def _leads(title: frozenset[str], found: Sequence[Piece]) -> Iterator[tuple[float, list[Piece]]]:
    """As it is, or shortened, and what that costs."""
    yield 0.0, list(found)
    if len(found) > 1:
        yield _ALONE, [found[0]]
        return
    yield _TOLD_BY_TITLE, [without_topic(found[0], title)]
    for form in shorter(found[0], LIMIT_CHARS):
        yield _SHORTENED, [form]


def _offers(
    title: frozenset[str], found: Sequence[Piece], paragraphs: Sequence[Paragraph]
) -> list[Offer]:
    """What may follow, in all its forms, and what each is worth."""
    known = known_from(title, found)
    unfit = speech(paragraphs) | {piece.place for piece in found}
    every = (*items(paragraphs), *(piece for each in paragraphs for piece in each.pieces))
    return [
        (worth(form, known), form)
        for piece in every
        if found[0].place < piece.place <= LAST_PLACE
        and piece.place not in unfit
        and not names_guests(piece)
        and worth(piece, known) >= _PROMISING
        for form in _forms(piece, title)
    ]


def _forms(piece: Piece, title: frozenset[str]) -> Iterator[Piece]:
    bare = without_connective(without_colon(piece))
    if len(bare.spans) > 1:
        return standing([bare], title)
    short = without_setting(bare)
    forms = (bare, *shorter(bare, LIMIT_CHARS), short, *shorter(short, LIMIT_CHARS))
    return standing(forms, title)

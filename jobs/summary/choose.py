"""Which whole sentences of an article stand for it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile, pairwise

from jobs.summary.fitness import (
    dangles,
    ends_like_a_sentence,
    is_cut_off,
    is_half_a_quotation,
    is_sentence,
    says_more,
)
from jobs.summary.sentences import sentences
from jobs.text import clean_lines, fold

LIMIT_CHARS = 350
MOST_SENTENCES = 3
ENOUGH_CHARS = 120  # no further sentence is added to so much
_LEAST_SUPPORT = 0.25  # of a lead's word pairs in its article; one about the whole portal has less
_FARTHEST_START = 30  # sentences


class How(StrEnum):
    """Where the sentences were found."""

    LEAD = "lead"
    FIRST_SENTENCE = "first_sentence"
    SENTENCES = "sentences"
    TITLE = "title"  # none fits: the title says it alone


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSummary:
    text: str  # empty when `how` is title
    how: How


def summarise(title: str, lead: str, paragraphs: Sequence[str]) -> ChosenSummary:
    """One to three sentences, taken whole: the article's own lead, else what opens its text."""
    body = [found for paragraph in paragraphs for found in sentences(clean_lines(paragraph))]
    opening = _real_lead(title, lead, body)
    already = {fold(sentence) for sentence in opening}
    rest = (sentence for sentence in body if fold(sentence) not in already)
    order = [*opening, *_without_headings(title, rest)]
    start = _start(title, order)
    if start is None:
        return ChosenSummary(text="", how=How.TITLE)
    chosen = _fill(title, order[start:])
    return ChosenSummary(text=" ".join(chosen), how=_how(start, len(chosen), len(opening)))


def _without_headings(title: str, body: Iterable[str]) -> Iterator[str]:
    """From the first real sentence on: a page may repeat its title and labels before it."""
    return dropwhile(lambda text: not is_sentence(text) or not says_more(text, title), body)


def _how(start: int, count: int, lead_count: int) -> How:
    if start < lead_count:
        return How.LEAD
    return How.FIRST_SENTENCE if start == 0 and count == 1 else How.SENTENCES


def _real_lead(title: str, lead: str, body: Sequence[str]) -> list[str]:
    """The lead's sentences; none when it is cut off at once, or is not about this article."""
    cleaned = clean_lines(lead)
    found = sentences(cleaned)
    if is_cut_off(cleaned) or _goes_on(found[-1:], body):
        found = found[:-1]
    if not says_more(" ".join(found), title):
        return []
    pairs = _pairs(" ".join(found))
    known = _pairs(" ".join([title, *body]))
    is_supported = not body or len(pairs & known) >= _LEAST_SUPPORT * len(pairs)
    return found if is_supported else []


def _goes_on(last: Sequence[str], body: Sequence[str]) -> bool:
    """Whether a lead was cut without saying so: its article has the same sentence, longer."""
    return any(
        not ends_like_a_sentence(cut) and known.startswith(cut) and len(known) > len(cut) + 1
        for cut in last
        for known in body
    )


def _pairs(text: str) -> set[tuple[str, str]]:
    words = fold(text).split()
    return set(pairwise(words))


def _start(title: str, order: Sequence[str]) -> int | None:
    """The first sentence if it can stand alone; else the one most about the title."""
    places = [place for place in range(len(order)) if _can_start(title, order, place)]
    if not places or places[0] == 0:
        return places[0] if places else None
    wanted = set(fold(title).split())

    def nearness(place: int) -> int:
        return len(wanted & set(fold(order[place]).split()))

    return max(places[:_FARTHEST_START], key=nearness)  # of equals the first


def _can_start(title: str, order: Sequence[str], place: int) -> bool:
    sentence = order[place]
    is_end_of_cut_text = place == len(order) - 1 and is_cut_off(sentence)
    return _fits(title, sentence) and not dangles(sentence) and not is_end_of_cut_text


def _fits(title: str, sentence: str) -> bool:
    if len(sentence) > LIMIT_CHARS or is_half_a_quotation(sentence):
        return False
    return is_sentence(sentence) and says_more(sentence, title)


def _fill(title: str, order: Sequence[str]) -> list[str]:
    """The first and those that follow it without a gap, while there is room and need."""
    chosen = [order[0]]
    length = len(order[0])
    for sentence in order[1:MOST_SENTENCES]:
        length += 1 + len(sentence)
        is_needed = length - len(sentence) <= ENOUGH_CHARS
        if not is_needed or length > LIMIT_CHARS or not _fits(title, sentence):
            break
        if not ends_like_a_sentence(chosen[-1]) or is_cut_off(sentence):
            break
        chosen.append(sentence)
    return chosen

"""Numbers that tell how well a sentence, or two, may stand for an article. Pure."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobs.summary import words
from jobs.summary.fitness import dangles
from jobs.summary.piece import Piece
from jobs.summary.words import has, pairs, syllables

UNKNOWN_IDF = 9.0  # of a syllable that the table does not hold
LIMIT_CHARS = 350
_USUAL_WORDS = 38  # of a summary
_MOST_TELLING = 40  # words that a summary can hold

# What is known of a word or pair before anything is chosen, in steps; the tables of how often
# such a one is in a summary are learned.
_COUNTS = (1, 2, 3, 5, 8)
_FIRST = (0, 1, 2, 4, 8)
_IDF = (1, 2, 3, 4.5)
_SIZES = (7, 14, 24)
_PAIR_COUNTS = (1, 2, 3, 5)
_RARER_COUNTS = (1, 2, 4)
_PAIR_IDF = (4, 7, 10)
WORD_CELLS = 6 * 2 * 6 * 5 * 4
PAIR_CELLS = 5 * 4 * 6 * 4 * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Learned: how rare a syllable is; how often a word or pair of a cell is in a summary."""

    idf: Mapping[str, float]
    word: Sequence[float]
    pair: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What its sentences are compared with; for each of its words and pairs, what it counts."""

    title: Sequence[str]
    title_set: frozenset[str]
    title_pairs: frozenset[str]
    title_idf: Mapping[str, float]
    counts: Mapping[str, int]  # in how many sentences each word or pair stands
    idf: Mapping[str, float]
    squares: Mapping[str, float]  # of the idf
    weights: Mapping[str, float]  # idf times tf-idf
    length: float  # of the vector of tf-idf
    word_salience: Mapping[str, float]
    pair_salience: Mapping[str, float]
    most_words: float  # salience that a summary can have
    most_pairs: float
    first: Piece
    size: int


def study(title: str, pieces: Sequence[Piece], tables: Tables) -> Article:
    frequency: Counter[str] = Counter()
    for piece in pieces:
        frequency.update(piece.words)
    idf = {word: tables.idf.get(word, UNKNOWN_IDF) for word in frequency}
    tf_idf = {word: (1 + math.log(count)) * idf[word] for word, count in frequency.items()}
    cells = Cells(title, pieces, tables.idf)
    word_salience = {word: tables.word[cell] for word, cell in cells.word.items()}
    pair_salience = {pair: tables.pair[cell] for pair, cell in cells.pair.items()}
    return Article(
        title=cells.title,
        title_set=cells.title_set,
        title_pairs=cells.title_pairs,
        title_idf={word: tables.idf.get(word, UNKNOWN_IDF) for word in cells.title_set},
        counts=cells.counts,
        idf=idf,
        squares={word: value * value for word, value in idf.items()},
        weights={word: idf[word] * value for word, value in tf_idf.items()},
        length=math.hypot(*tf_idf.values()) or 1.0,
        word_salience=word_salience,
        pair_salience=pair_salience,
        most_words=_most(word_salience.values()),
        most_pairs=_most(pair_salience.values()),
        first=pieces[0],
        size=len(pieces),
    )


def _most(values: Iterable[float]) -> float:
    return sum(sorted(values, reverse=True)[:_MOST_TELLING]) + 0.1


class Cells:
    """For each word and pair of an article, where in the learned tables it is looked up."""

    def __init__(self, title: str, pieces: Sequence[Piece], idf: Mapping[str, float]) -> None:
        self.counts: Counter[str] = Counter()
        self._first: dict[str, int] = {}
        for place in reversed(range(len(pieces))):
            terms = pieces[place].terms
            self.counts.update(terms)
            self._first.update(dict.fromkeys(terms, place))
        self._idf = idf
        self.title = syllables(title)
        self.title_set = frozenset(self.title)
        self.title_pairs = frozenset(pairs(self.title))
        self._size = bisect_left(_SIZES, len(pieces))
        self.word = {term: self._word_cell(term) for term in self.counts if " " not in term}
        self.pair = {term: self._pair_cell(term) for term in self.counts if " " in term}

    def _word_cell(self, word: str) -> int:
        cell = bisect_left(_COUNTS, self.counts[word]) * 2 + (word in self.title_set)
        cell = cell * 6 + bisect_left(_FIRST, self._first[word])
        cell = cell * 5 + bisect_left(_IDF, self._idf.get(word, UNKNOWN_IDF))
        return cell * 4 + self._size

    def _pair_cell(self, pair: str) -> int:
        left, _, right = pair.partition(" ")
        known = (left in self.title_set) + (right in self.title_set)
        rarer = min(self.counts[left], self.counts[right])
        idf = self._idf.get(left, UNKNOWN_IDF) + self._idf.get(right, UNKNOWN_IDF)
        cell = bisect_left(_PAIR_COUNTS, self.counts[pair]) * 4
        cell = (cell + (3 if pair in self.title_pairs else known)) * 6
        cell = (cell + bisect_left(_FIRST, self._first[pair])) * 4
        cell = (cell + bisect_left(_RARER_COUNTS, rarer)) * 4
        return cell + bisect_left(_PAIR_IDF, idf)


def of_words(article: Article, said: Sequence[Piece]) -> list[float]:
    """What the words of one or two sentences together have in common with the article."""
    first, last = said[0], said[-1]
    one = first is last
    bag = first.word_set if one else first.word_set | last.word_set
    both = first.pair_set if one else first.pair_set | last.pair_set
    spoken = first.words if one else first.words + last.words
    known = bag & article.title_set
    counts = [*map(article.counts.get, bag, _NONE)]
    echoes = [*map(article.counts.get, both, _NONE)]
    number, size, pair_size = len(said), len(bag) or 1, len(both) or 1
    salience = _sum(article.word_salience, bag)
    pair_salience = _sum(article.pair_salience, both)
    like = _longest_common(article.title, spoken)
    length = math.sqrt(_sum(article.squares, bag)) * article.length
    return [
        _sum(article.title_idf, known) / (sum(article.title_idf.values()) or 1.0),
        len(known) / size,
        len(both & article.title_pairs) / (len(article.title_pairs) or 1),
        _sum(article.weights, bag) / (length or 1.0),
        _sum(article.idf, bag) / size,
        len([count for count in counts if count > number]) / size,
        len([count for count in echoes if count > number]) / pair_size,
        len([count for count in echoes if count > number + 1]) / pair_size,
        len(bag),
        salience,
        pair_salience,
        salience / size,
        pair_salience / pair_size,
        salience / article.most_words,
        pair_salience / article.most_pairs,
        2 * salience / (len(spoken) + _USUAL_WORDS),
        2 * pair_salience / (len(spoken) + _USUAL_WORDS),
        2 * like / ((len(article.title) + len(spoken)) or 1),
        like / (len(article.title) or 1),
    ]


def _sum(values: Mapping[str, float], terms: frozenset[str]) -> float:
    return sum(map(values.get, terms, _NOTHING))


# of those above: also told as less than the best of the article
COMPARED = (0, 2, 3, 6, 11, 12, 15, 16, 17, 18)
WORD_FEATURES = 19
_NONE = (0,) * 4000  # for what was put together by a cut
_NOTHING = (0.0,) * 4000


def _longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence, a bit a word (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for number, word in enumerate(left):
        places[word] = places.get(word, 0) | 1 << number
    full = row = (1 << len(left)) - 1
    for word in right:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & full
    return len(left) - row.bit_count()


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    shared = len(left & right)
    return shared / math.sqrt(len(left) * len(right)) if shared else 0.0


def of_sentence(article: Article, piece: Piece) -> list[float]:
    text, terms = piece.text, piece.terms
    count = len(piece.words)
    return [
        *of_words(article, (piece,)),
        piece.place,
        piece.place / article.size,
        piece.place == 0,
        piece.place == 1,
        article.size,
        piece.opens_paragraph,
        count,
        len(text) > LIMIT_CHARS,
        _likeness(piece.word_set, article.first.word_set),
        len(terms & words.ORGANISATION),
        len(terms & words.TIME),
        len(terms & words.EVENT),
        len(terms & words.DIRECTION),
        len(terms & words.DECISION),
        len(terms & words.SAYING),
        len(terms & words.RESULT),
        len(terms & words.SPEAKER),
        len(terms & words.DOUBT),
        len(terms & words.PERSON),
        len(terms & words.PLACE),
        words.DATE.search(text) is not None,
        sum(map(str.isdigit, text)),
        words.has_money(text) or words.has_share(text),
        "“" in text or '"' in text,
        text.count(","),
        sum(map(str.isupper, text)) / (count or 1),
        "này" in piece.words[:8] or "cũng" in piece.words[:8],
        dangles(text),
        text.startswith("Theo "),
        "?" in text,
        ":" in text,
        has(words.TIME, piece.words[:2]),
    ]

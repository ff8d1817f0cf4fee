"""From articles with human summaries to weights. The same articles and seed, the same weights."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import lightgbm
import numpy as np

from jobs.summary.features import (
    PAIR_CELLS,
    WORD_CELLS,
    Cells,
    Tables,
    of_sentence,
    study,
)
from jobs.summary.model import Model
from jobs.summary.ranking import candidates
from jobs.summary.words import pairs, syllables
from tests.training.data import Sample, Score

Weights = dict[str, Any]

FEWEST_ARTICLES = 20  # a syllable of fewer has no place in the table: it could be somebody's name
SENTENCE_ARTICLES = 4000  # more does not help the first step
DOUBT = 20  # articles' worth of the mean in every cell
RIDGE = 10.0
LOCAL_WEIGHT = 1.5
LONGEST = 350
TREES = 240
BOOSTING = {
    "objective": "l2",
    "num_leaves": 15,
    "learning_rate": 0.06,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def learn(samples: Sequence[Sample], score: Score, *, seed: int) -> Weights:
    """Rows are made with tables that were learned from other articles than theirs."""
    idf = _idf(samples)
    halves = samples[::2], samples[1::2]
    crossed = [(halves[0], _tables(halves[1], idf)), (halves[1], _tables(halves[0], idf))]
    sentence = _sentence_weights(crossed, score)
    booster = _trees(crossed, sentence, score, seed)
    tables = _tables(samples, idf)
    return {
        "idf": {word: round(value * 100) for word, value in sorted(idf.items())},
        "word": [round(value * 1000) for value in tables.word],
        "pair": [round(value * 1000) for value in tables.pair],
        "sentence": [float(f"{weight:.4g}") for weight in sentence],
        "trees": [_dumped(each["tree_structure"]) for each in booster.dump_model()["tree_info"]],
    }


def _idf(samples: Sequence[Sample]) -> dict[str, float]:
    articles: Counter[str] = Counter()
    for each in samples:
        articles.update(set(syllables(each.body)))
    return {
        word: round(math.log(len(samples) / count), 2)
        for word, count in articles.items()
        if count >= FEWEST_ARTICLES and word.isalpha()
    }


def _tables(samples: Sequence[Sample], idf: dict[str, float]) -> Tables:
    """How often what stands in a cell is in the human summary."""
    word, pair = np.zeros((2, WORD_CELLS)), np.zeros((2, PAIR_CELLS))
    for each in samples:
        cells = Cells(each.title, each.pieces, idf)
        said = syllables(each.reference)
        for table, found, wanted in (
            (word, cells.word, frozenset(said)),
            (pair, cells.pair, frozenset(pairs(said))),
        ):
            for term, cell in found.items():
                table[0, cell] += term in wanted
                table[1, cell] += 1
    return Tables(idf=idf, word=_rates(word), pair=_rates(pair))


def _rates(table: Any) -> list[float]:  # noqa: ANN401 - an array
    usual = table[0].sum() / table[1].sum()
    rates = (table[0] + DOUBT * usual) / (table[1] + DOUBT)
    return [round(float(rate), 3) for rate in rates]


Crossed = Sequence[tuple[Sequence[Sample], Tables]]


def _sentence_weights(crossed: Crossed, score: Score) -> list[float]:
    """Ridge regression of a sentence's score."""
    rows: list[list[float]] = []
    goals: list[float] = []
    for samples, tables in crossed:
        for each in samples[: SENTENCE_ARTICLES // 2]:
            pieces = each.pieces
            if not pieces:
                continue
            article = study(each.title, pieces, tables)
            rows += [of_sentence(article, piece) for piece in pieces]
            goals += [score(piece.text[:LONGEST], each.reference) for piece in pieces]
    table, goal = np.array(rows, float), np.array(goals)
    spread = table.std(0) + 1e-9
    scaled = (table - table.mean(0)) / spread
    square = scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1])
    weights = np.linalg.solve(square, scaled.T @ (goal - goal.mean())) / spread
    return [float(weight) for weight in weights]


def _trees(crossed: Crossed, sentence: list[float], score: Score, seed: int) -> Any:  # noqa: ANN401
    """How far a candidate is from the mean of its article."""
    rows: list[Any] = []
    goals: list[float] = []
    weights: list[float] = []
    for samples, tables in crossed:
        model = Model(tables=tables, sentence=sentence, trees=())
        for each, found, scores in _scored(samples, model, score):
            mean = sum(scores) / len(scores)
            rows.append(np.array(found, np.float32))
            goals += [value - mean for value in scores]
            weights += [LOCAL_WEIGHT if each.is_local else 1.0] * len(scores)
    data = lightgbm.Dataset(np.concatenate(rows), np.array(goals), weight=np.array(weights))
    return lightgbm.train(BOOSTING | {"seed": seed}, data, TREES)


def _scored(
    samples: Sequence[Sample], model: Model, score: Score
) -> Iterator[tuple[Sample, list[list[float]], list[float]]]:
    for each in samples:
        found = candidates(each.title, each.paragraphs, model)
        if len(found) > 1:
            texts = (" ".join(piece.text for piece in one.pieces) for one in found)
            scores = [score(text, each.reference) for text in texts]
            yield each, [one.features for one in found], scores


def _dumped(node: dict[str, Any]) -> Any:  # noqa: ANN401 - nested lists
    if "leaf_value" in node:
        return round(node["leaf_value"] * 1000, 2)
    low, high = _dumped(node["left_child"]), _dumped(node["right_child"])
    return [node["split_feature"], float(f"{node['threshold']:.5g}"), low, high]

"""The learned weights: what a summary's words are like, how good a sentence, a choice. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jobs.summary.features import Tables

_WEIGHTS = Path(__file__).with_name("weights.json")

# (feature, threshold, what is at most that, what is more); a leaf is (0, its value, None, None)
Tree = tuple[int, float, "Tree | None", "Tree | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    tables: Tables
    sentence: Sequence[float]  # a weight for each feature of a sentence
    trees: Sequence[Tree]  # over the features of a candidate; their sum counts

    def sentence_score(self, row: Sequence[float]) -> float:
        return sum(weight * value for weight, value in zip(self.sentence, row, strict=True))

    def candidate_score(self, row: Sequence[float]) -> float:
        total = 0.0
        for feature, value, low, high in self.trees:
            while low is not None and high is not None:
                feature, value, low, high = low if row[feature] <= value else high  # noqa: PLW2901
            total += value
        return total


@cache
def learned() -> Model:
    """What `make train-summary` wrote."""
    return model_of(json.loads(_WEIGHTS.read_text("utf-8")))


def model_of(stored: dict[str, Any]) -> Model:
    tables = Tables(
        idf={word: value / 100 for word, value in stored["idf"].items()},
        word=[value / 1000 for value in stored["word"]],
        pair=[value / 1000 for value in stored["pair"]],
    )
    return Model(
        tables=tables, sentence=stored["sentence"], trees=[_tree(each) for each in stored["trees"]]
    )


def _tree(stored: Any) -> Tree:  # noqa: ANN401 - whatever JSON can hold
    if not isinstance(stored, list):
        return (0, float(stored), None, None)
    feature, threshold, low, high = stored
    return (feature, threshold, _tree(low), _tree(high))

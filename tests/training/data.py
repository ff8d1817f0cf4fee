"""Articles with human summaries, and the scorer that came with them."""

import gzip
import importlib.util
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from jobs.summary.piece import Paragraph, Piece
from jobs.summary.prose import paragraphs_of
from jobs.text import clean

FEWEST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    title: str
    body: str
    paragraphs: list[Paragraph]
    reference: str
    is_local: bool  # politics or local government

    @property
    def pieces(self) -> list[Piece]:
        every = (piece for each in self.paragraphs for piece in each.pieces)
        return [piece for piece in every if len(piece.words) >= FEWEST_WORDS]


Score = Callable[[str, str], float]  # of a text against a reference, 0 to 1


def samples(folder: Path, *, seed: int, most: int) -> list[Sample]:
    with gzip.open(folder / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        stored = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(stored)  # noqa: S311 - only the same order every time
    return [
        Sample(
            title=clean(each["title"]),
            body=each["body"],
            paragraphs=paragraphs_of(clean(each["title"]), each["body"].split("\n")),
            reference=each["abstract"],
            is_local=each["gov"] >= 6,
        )
        for each in stored[:most]
    ]


def scorer(folder: Path) -> ModuleType:
    """rouge_eval.py, which stands beside the articles."""
    spec = importlib.util.spec_from_file_location("rouge_eval", folder / "rouge_eval.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rouge(module: ModuleType) -> Score:
    """The mean of ROUGE-1, -2 and -L."""

    def score(text: str, reference: str) -> float:
        found = module.score(module.tokens(text), module.tokens(reference))
        return float(found["r1"] + found["r2"] + found["rl"]) / 3

    return score


def gap_closed(module: ModuleType, said: Sequence[str], truth: Sequence[Sample]) -> float:
    """Of what lies between the first three sentences and the best ones."""
    score = rouge(module)
    lead = best = ours = 0.0
    for text, each in zip(said, truth, strict=True):
        ours += score(text, each.reference)
        lead += score(module.lead(each.body, 3, 350), each.reference)
        oracle = module.oracle(each.body, module.tokens(each.reference), 3, 350)
        best += score(oracle, each.reference)
    return (ours - lead) / (best - lead)

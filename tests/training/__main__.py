"""`make train-summary DATA=FOLDER`: learns the weights; with `--folds N` only says how good."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from jobs.summary.model import Model, model_of
from jobs.summary.ranking import best_choices
from tests.training.data import Sample, gap_closed, rouge, samples, scorer
from tests.training.learn import learn

WEIGHTS = Path("jobs/summary/weights.json")
SEED = 1
MOST = 12_000  # of general news: more changes nothing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--most", type=int, default=MOST)
    args = parser.parse_args()
    found = samples(args.data, seed=SEED, most=args.most)
    if args.folds:
        cross_validate(args.data, found, args.folds)
        return
    weights = learn(found, rouge(scorer(args.data)), seed=SEED)
    WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n")


def cross_validate(folder: Path, found: Sequence[Sample], folds: int) -> None:
    """Prints, for each fold, the share of the gap that is closed on its local news."""
    module = scorer(folder)
    for fold in range(folds):
        kept = [each for number, each in enumerate(found) if number % folds != fold]
        model = model_of(learn(kept, rouge(module), seed=SEED))
        others = [each for each in found[fold::folds] if each.is_local]
        said = [_said(each, model) for each in others]
        closed = gap_closed(module, said, others)
        print(f"fold {fold}: {len(others)} articles, {100 * closed:.1f} % of the gap", flush=True)  # noqa: T201


def _said(sample: Sample, model: Model) -> str:
    chosen = next(iter(best_choices(sample.title, sample.paragraphs, model)), ())
    return " ".join(piece.text for piece in chosen)


if __name__ == "__main__":
    main()

"""How good the summaries are and what they cost, beside first sentences and sumy's LexRank.

The scorers stand beside the articles and are not ours: rouge_eval.py and fact_score.py.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.cli.summarise import summary_of
from jobs.summary.sentences import sentences
from jobs.summary.words import syllables

Figure = dict[str, object]
Article = dict[str, str]

LIMIT_CHARS = 350
# what must be reached; see the figures in the README
GAP, PORTAL, FACTS, DANGLING = 25, 90, 75, 5
MEDIAN_MS, P95_MS, IMPORT_MS, MEMORY_MB = 10, 20, 150, 40

_COST = """
import json, time

def pages():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1])

before, start = pages(), time.perf_counter()
from jobs.summary.choose import summarise
from jobs.summary.model import learned
learned()
print(json.dumps([1000 * (time.perf_counter() - start), (pages() - before) * 4096 / 1e6]))
"""


async def summaries(data: Path) -> list[Figure]:
    """Nothing when the articles are not there."""
    if not (data / "dev.jsonl").exists():
        print(f"no articles in {data}: name them, make bench DATA=FOLDER", file=sys.stderr)  # noqa: T201
        return []
    return await asyncio.to_thread(_figures, data)


def _figures(data: Path) -> list[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        paper, seconds = _run(data / "dev.jsonl", folder / "paper.jsonl", summary_of)
        portal, more = _run(data / "dev_portal.jsonl", folder / "portal.jsonl", summary_of)
        facts, rest = _run(data / "portal_dev.jsonl", folder / "facts.jsonl", summary_of)
        paper_rank, _ = _run(data / "dev.jsonl", folder / "paper-lexrank.jsonl", lexrank())
        portal_rank, _ = _run(
            data / "dev_portal.jsonl", folder / "portal-lexrank.jsonl", lexrank()
        )
        papers = _rouge(data / "dev.jsonl", paper, paper_rank)
        portals = _rouge(data / "dev_portal.jsonl", portal, portal_rank)
        told = _facts(data / "portal_dev.jsonl", facts)
    ours = papers[str(paper)]
    return [
        *_beside("newspaper, mean of ROUGE-1, -2, -L", papers, "mean", paper, paper_rank),
        _figure(
            "newspaper, share of the gap to the best sentences", 100 * ours["gap_mean"], "%", GAP
        ),
        *_beside("portal, ROUGE-1", portals, "r1", portal, portal_rank),
        _figure(
            "portal, ROUGE-1, what must be", 100 * portals[str(portal)]["r1"], "points", PORTAL
        ),
        _figure("portal, articles with every fact", told["articles with all facts"], "%", FACTS),
        _figure("forbidden strings", told["forbidden hits"], "strings", told["articles"]),
        _figure("dangling openings", 100 * ours["dangle"] / ours["n"], "%", DANGLING),
        *(
            _figure(name, ours[key] + portals[str(portal)][key], "summaries", 2 * ours["n"])
            for key, name in _NEVER.items()
        ),
        *_cost([*seconds, *more, *rest]),
    ]


_NEVER = {"badnum": "numbers not in the article", "over": "over 350", "notext": "empty"}


def _beside(name: str, scores: dict[str, Any], key: str, ours: Path, ranked: Path) -> list[Figure]:
    others = {"lead-1": "lead-1", "lead-3": "lead-3", "LexRank of sumy": str(ranked)}
    return [
        _figure(
            f"{name}, beside {label}",
            100 * scores[str(ours)][key],
            "points",
            100 * scores[other][key],
        )
        for label, other in others.items()
    ]


def _figure(name: str, value: float, unit: str, against: float) -> Figure:
    return {"figure": name, "value": round(value, 2), "unit": unit, "against": round(against, 2)}


def _run(
    gold: Path, predictions: Path, say: Callable[[str, str], str]
) -> tuple[Path, list[float]]:
    """Writes a summary for each article; how many seconds each took."""
    seconds = []
    with gold.open(encoding="utf-8") as lines, predictions.open("w", encoding="utf-8") as out:
        for article in map(json.loads, lines):
            start = time.process_time()
            summary = say(article["title"], article["body"])
            seconds.append(time.process_time() - start)
            said = {"id": article["id"], "summary": summary}
            out.write(json.dumps(said, ensure_ascii=False) + "\n")
    return predictions, seconds


def _rouge(gold: Path, *predictions: Path) -> dict[str, Any]:
    scorer = gold.parent / "rouge_eval.py"
    told = _python(scorer, "--gold", gold, "--json", "--pred", *predictions)
    systems: dict[str, Any] = json.loads(told)["ALL"]["systems"]
    return systems


def _facts(gold: Path, predictions: Path) -> dict[str, float]:
    told = _python(gold.parent / "fact_score.py", gold, predictions)
    lines = re.findall(r"^(.+?)  +(?:\d+/\d+ = )?([\d.]+)", told, re.MULTILINE)
    return {name: float(value) for name, value in lines}


def _python(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return ended.stdout


def _cost(seconds: Sequence[float]) -> list[Figure]:
    every = sorted(seconds)
    import_ms, memory_mb = json.loads(_python("-c", _COST))
    return [
        _figure("time an article, median", 1000 * every[len(every) // 2], "ms", MEDIAN_MS),
        _figure("time an article, p95", 1000 * every[len(every) * 95 // 100], "ms", P95_MS),
        _figure("import and tables", import_ms, "ms", IMPORT_MS),
        _figure("memory added", memory_mb, "MB", MEMORY_MB),
    ]


class _Tokenizer:
    """sumy's own wants a download, even for Vietnamese."""

    def to_sentences(self, text: str) -> list[str]:
        return sentences(text)

    def to_words(self, text: str) -> list[str]:
        return syllables(text)


def lexrank() -> Callable[[str, str], str]:
    from sumy.parsers.plaintext import PlaintextParser  # noqa: PLC0415 - two seconds and 70 MB
    from sumy.summarizers.lex_rank import LexRankSummarizer  # noqa: PLC0415

    summarizer = LexRankSummarizer()

    def say(_title: str, body: str) -> str:
        """Its three best sentences, in order, as far as they fit."""
        document = PlaintextParser.from_string(body, _Tokenizer()).document
        said = ""
        for sentence in map(str, summarizer(document, 3)):
            longer = f"{said} {sentence}".strip()
            said = longer if len(longer) <= LIMIT_CHARS else said or sentence[:LIMIT_CHARS]
        return said

    return say

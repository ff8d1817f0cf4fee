"""How well and how fast articles are read, beside two known readers; what the worst page costs."""

import re
import resource
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from statistics import fmean

import trafilatura
from lxml import html
from readability import Document

from jobs.article_text import read_article
from jobs.extraction import CPU_SECONDS, MEMORY_BYTES, Extraction
from jobs.markup.decoding import decode
from jobs.source_errors import SourceError, TooCostly
from jobs.sources.kinds import read_list
from storage.records import SourceKind
from tests.bench.delivery import Figure
from tests.hostile_pages import HOSTILE
from tests.saved_pages import DETAILS, NOW, expected, saved

TIMES = 20  # each page is read, for the time it takes
LARGEST_BYTES = 2_000_000
MEGABYTE = 1024**2
PLACE = "https://a.example/tin/"
_MOST_MEGABYTES = MEMORY_BYTES // MEGABYTE

Reader = Callable[[bytes, str], str]


def ours(page: bytes, url: str) -> str:
    return "\n".join(read_article(page, url, now=NOW).paragraphs)


def by_trafilatura(page: bytes, url: str) -> str:
    return trafilatura.extract(decode(page), url=url, include_comments=False) or ""


def by_readability(page: bytes, url: str) -> str:  # noqa: ARG001 - it needs none
    part = Document(decode(page)).summary(html_partial=True)
    return "".join(map(str, html.fromstring(part).itertext()))


async def extraction() -> list[Figure]:
    """Over the articles of tests/pages. Beside the same pages by others, in the same run."""
    f1 = {name: _f1_of(reader) for name, reader in _READERS.items()}
    ms = _ms_a_page()
    figures: list[Figure] = []
    for name in ("trafilatura", "readability-lxml"):
        figures += [
            _figure(f"F1 beside {name}", f1["ours"], "F1", f1[name]),
            _figure(f"CPU time beside {name}", ms["ours"], "ms/page", ms[name]),
        ]
    return [*figures, *await _round_trip(), *await _hostile()]


_READERS: dict[str, Reader] = {
    "ours": ours,
    "trafilatura": by_trafilatura,
    "readability-lxml": by_readability,
}


def _figure(figure: str, value: float, unit: str, against: float) -> Figure:
    return {"figure": figure, "value": value, "unit": unit, "against": against}


def _f1_of(reader: Reader) -> float:
    pages = [(saved(name), expected(name)) for name in DETAILS]
    scores = [
        _f1(_words("\n".join(told["paragraphs"])), _words(reader(page, told["url"])))
        for page, told in pages
    ]
    return round(fmean(scores), 3)


def _ms_a_page() -> dict[str, float]:
    """In turn, so that a busy machine slows all alike; the first round only warms up."""
    pages = [(saved(name), expected(name)["url"]) for name in DETAILS]
    seconds = dict.fromkeys(_READERS, 0.0)
    for time_ in range(TIMES + 1):
        for name, reader in _READERS.items():
            began = time.process_time()
            for page, url in pages:
                reader(page, url)
            seconds[name] += (time.process_time() - began) * (time_ > 0)
    return {name: round(each * 1000 / TIMES / len(pages), 2) for name, each in seconds.items()}


def _words(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words, as scrapinghub/article-extraction-benchmark counts them."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def _f1(told: Counter[tuple[str, ...]], read: Counter[tuple[str, ...]]) -> float:
    shared = (told & read).total()
    return 2 * shared / (told.total() + read.total())


async def _round_trip() -> list[Figure]:
    """What it costs that a page is read in another process."""
    page = saved(DETAILS[0])
    url = expected(DETAILS[0])["url"]
    async with Extraction(workers=1) as extraction:
        await extraction.run(read_article, page, url, now=NOW)
        began = time.perf_counter()
        for _ in range(10 * TIMES):
            await extraction.run(read_article, page, url, now=NOW)
        there = (time.perf_counter() - began) / (10 * TIMES) * 1000
    began = time.perf_counter()
    for _ in range(10 * TIMES):
        read_article(page, url, now=NOW)
    here = (time.perf_counter() - began) / (10 * TIMES) * 1000
    return [_figure("a page in a worker, beside here", round(there, 2), "ms", round(here, 2))]


async def _hostile() -> list[Figure]:
    """Each hostile page through every reader, in a worker of its own with its limits."""
    costs, stopped, readings = [], 0, 0
    for page in (make(LARGEST_BYTES) for make in HOSTILE.values()):
        async with Extraction(workers=1) as extraction:
            for kind in (*SourceKind, None):
                readings += 1
                try:
                    costs.append(await extraction.run(cost_of, page, kind))
                except TooCostly:
                    stopped += 1
                    costs.append((CPU_SECONDS, 0))
    worst_seconds = max(seconds for seconds, _ in costs)
    worst_megabytes = max(peak_bytes for _, peak_bytes in costs) / MEGABYTE
    return [
        _figure("worst hostile page, CPU", round(worst_seconds, 2), "s", CPU_SECONDS),
        _figure("worst hostile page, memory", round(worst_megabytes), "MB", _MOST_MEGABYTES),
        _figure("hostile pages stopped by a limit", stopped, "readings", readings),
    ]


def cost_of(page: bytes, kind: SourceKind | None) -> tuple[float, int]:
    """CPU seconds, and the most memory this process has had so far; in a worker."""
    began = time.process_time()
    with suppress(SourceError):
        if kind is None:
            read_article(page, PLACE, now=NOW)
        else:
            read_list(kind, page, PLACE, now=NOW)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return time.process_time() - began, peak_bytes

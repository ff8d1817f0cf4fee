"""Pages made to harm, and 5,000 damaged ones, through every reader: an answer or a named error."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.article_text import read_article
from jobs.detect import look
from jobs.extraction import CPU_SECONDS, Extraction, Limits
from jobs.source_errors import SourceError
from jobs.sources.kinds import KINDS, read_list
from storage.records import SourceKind
from tests.hostile_pages import HOSTILE
from tests.saved_pages import NOW, PAGES, PORTAL, SAVED, saved

MUTATED = 4000
OF_PIECES = 1000
AT_ONCE = 250  # pages a worker reads as one job
LARGE_BYTES = 200_000
LARGEST_BYTES = 2_000_000
PIECES = [
    "<p>", "</p>", "<div class='", "'>", "</div>", "<a href='/bai/", "</a>", "<li>", "<table>",
    "<td>", "<br>", "<item>", "</item>", "<link>", "</link>", "<title>", "<rss version='2.0'>",
    "<channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<![CDATA[", "]]>",
    "<urlset>", "<url>", "<loc>", "<!--", "-->", "<script>", "&amp;", "&#xD800;", "&lt;", '"', "'",
    "asset-abstract", "asset-title", "news_column", "tandan-p-article-news-title", "[itemprop]",
    "Xã Láng Cò họp bàn", "12/05/2026", "Ngày 31 tháng 2", ('{"version":"https://jsonfeed.org/'
    'version/1","items":['), '{"title":', "null", "[[", "}]", "\x00", "\ufeff", "\u202e", "\ud7ff",
    "á", "ă\u0323", "\xad", " ", "\n", "=", "style='display:none'", "<base href='//[:'>",
    "<link rel=next href='http://[::1'>", "http:foo", "javascript:", "<meta charset=utf-7>",
]  # fmt: skip


def read_by_all(page: bytes) -> list[str]:
    """The names of the errors that are not errors of a page."""
    readers: list[Callable[[], object]] = [
        lambda: read_list(SourceKind.FEED, page, PORTAL, now=NOW),
        lambda: KINDS[SourceKind.LIFERAY](page, PORTAL, now=NOW),
        lambda: KINDS[SourceKind.HTML_LIST](page, PORTAL, now=NOW, config={"rules": "general"}),
        lambda: KINDS[SourceKind.WORDPRESS](page, PORTAL, now=NOW),
        lambda: KINDS[SourceKind.SITEMAP](page, PORTAL, now=NOW),
        lambda: read_article(page, PORTAL, now=NOW),
    ]
    faults = []
    for reader in readers:
        try:
            reader()
        except SourceError:
            continue
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            faults.append(f"{type(error).__name__}: {error}")
    return faults


def read_each(pages: list[bytes]) -> list[str]:
    return [fault for page in pages for fault in read_by_all(page)]


def samples() -> list[bytes]:
    hostile = [path.read_bytes() for path in sorted((PAGES / "hostile").iterdir())]
    return [*(saved(name) for name in SAVED), *(page for page in hostile if len(page) < 20_000)]


def mutated(chance: random.Random, pages: list[bytes]) -> bytes:
    """A saved page with pieces cut out, doubled, moved, exchanged or overwritten."""
    page = bytearray(chance.choice(pages))
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(page) + 1)
        end = min(len(page), start + chance.choice((1, 3, 30, 300, 3000)))
        other = chance.choice(pages)
        at = chance.randrange(len(other) + 1)
        page[start:end] = chance.choice(
            (
                b"",
                bytes(page[start:end]) * chance.randint(2, 5),
                other[at : at + (end - start)],
                chance.randbytes(min(end - start, 20)),
                chance.choice(PIECES).encode("utf-8", "surrogatepass"),
            )
        )
    return bytes(page[: chance.choice((len(page), 3000, 1500))])


def of_pieces(chance: random.Random) -> bytes:
    pieces = chance.choices(PIECES, k=chance.randint(1, 60))
    return "".join(pieces).encode(chance.choice(("utf-8", "utf-16", "cp1252")), "replace")


def in_batches(pages: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(pages), AT_ONCE):
        yield pages[start : start + AT_ONCE]


async def test_five_thousand_damaged_pages_give_answers_or_named_errors() -> None:
    chance = random.Random(5)  # noqa: S311 - the same pages each time
    known = samples()
    pages = [mutated(chance, known) for _ in range(MUTATED)]
    pages += [of_pieces(chance) for _ in range(OF_PIECES)]
    limits = Limits(cpu_seconds=CPU_SECONDS * AT_ONCE, deadline_seconds=600)  # for all of a batch
    async with Extraction(limits=limits) as extraction:
        faults = await asyncio.gather(
            *(extraction.run(read_each, batch) for batch in in_batches(pages))
        )
    assert [fault for batch in faults for fault in batch] == []


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_run_of_pieces_gives_an_answer_or_a_named_error(pieces: list[str]) -> None:
    page = "".join(pieces).encode("utf-8", "replace")
    assert read_by_all(page) == []
    assert look(page, PORTAL, now=NOW).problem.reason


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_cost_much_is_read_or_refused(name: str) -> None:
    page = HOSTILE[name](LARGE_BYTES)
    assert read_by_all(page) == []


@pytest.mark.parametrize("name", ["paragraphs", "links", "sitemap never closed", "cookies"])
async def test_the_largest_page_there_may_be_stays_within_the_limits(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = HOSTILE[name](LARGEST_BYTES)
    async with Extraction(workers=1) as extraction:
        for kind in SourceKind:
            with suppress(SourceError):
                await extraction.run(read_list, kind, page, PORTAL, now=NOW)
        with suppress(SourceError):
            await extraction.run(read_article, page, PORTAL, now=NOW)
        assert await extraction.run(len, b"abc") == 3
    assert not caplog.records  # no fault of ours among them

"""What holds of every summary, over 3,000 made articles and, where it is there, the dev set."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.summary.choose import ChosenSummary, How, summarise
from jobs.summary.features import LIMIT_CHARS
from jobs.summary.fitness import dangles
from jobs.summary.line import LINE_CHARS
from jobs.summary.tracing import cut_out, stands
from jobs.summary.wrapped import paragraphs_in
from tests.jobs.made_articles import OF_FURNITURE, Made, articles, wrapped

DATA = Path(__file__).parents[3] / "shared" / "summaries"  # a sibling of the checkout


def check(chosen: ChosenSummary, lead: str, paragraphs: Sequence[str]) -> None:
    assert len(chosen.text) <= LIMIT_CHARS
    assert len(chosen.line) <= LINE_CHARS
    assert (chosen.how is How.TITLE) == (not chosen.text)
    assert chosen.text == unicodedata.normalize("NFC", " ".join(chosen.text.split()))
    for sentence in chosen.sentences:
        sources = [cut_out(paragraphs, lead, span) for span in sentence.spans]
        assert stands(sentence.text, sources)
        assert sentence.text[-1] in '.!?…"”’»)]'


@settings(max_examples=3000, database=None)
@given(articles(), st.integers(40, 110))
def test_a_summary_is_short_traceable_clean_and_stable(made: Made, width: int) -> None:
    chosen = summarise(made.title, made.lead, made.paragraphs)
    check(chosen, made.lead, made.paragraphs)
    for text in (chosen.text, chosen.line):
        assert not [found for found in OF_FURNITURE if found in text]
        assert not dangles(text)

    lead, *other = (
        wrapped(unicodedata.normalize("NFD", text), width)
        for text in (made.lead, *made.paragraphs)
    )
    again = summarise(unicodedata.normalize("NFD", made.title), lead, other)
    assert (again.text, again.how, again.line) == (chosen.text, chosen.how, chosen.line)
    check(again, lead, other)


PIECES = st.sampled_from(
    [
        "Sáng 16/3, Huyện ủy Vàm Sậy họp", "TP.", "đ/c", "v.v.", "…", ".", "?", "“", "”", '"',
        "(", ")", "2021-2026.", "Thực hiện", "1.", "- ", " ", "\n", "\t", "\u00a0", "\u200b",
        "\u0323", "\x1c", "\x00", "\u2028", "nhằm", ", ", "; ", ":", "như sau:", "Tuy nhiên",
        "không", "UBND", "Ảnh: Lan", "yêu cầu các xã hoàn thành trước ngày 30/6",
        "85 triệu đồng", "Dòng \ufeff chữ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=120)


@settings(max_examples=1000, database=None)
@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=6))
def test_no_text_is_too_strange(title: str, lead: str, paragraphs: list[str]) -> None:
    check(summarise(title, lead, paragraphs), lead, paragraphs)


@pytest.mark.parametrize("name", ["dev.jsonl", "dev_portal.jsonl", "portal_dev.jsonl"])
def test_what_holds_of_made_articles_holds_of_real_ones(name: str) -> None:
    if not (DATA / name).exists():
        pytest.skip("the articles are not beside the checkout")
    with (DATA / name).open(encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            paragraphs = paragraphs_in(article["body"])
            chosen = summarise(article["title"], "", paragraphs)
            check(chosen, "", paragraphs)
            assert chosen.text, article["id"]
            of_title = chosen.text.startswith("Đó là ")  # it follows the title
            assert of_title or not dangles(chosen.text), article["id"]
            forbidden = [text for text in article.get("forbidden", ()) if text in chosen.text]
            assert not forbidden, article["id"]

"""The proof that words stand in the article. The news is invented."""

import pytest

from jobs.summary.tracing import cut_out, in_original, stands
from jobs.text import clean
from storage.records import TextSpan

SOURCE = "Huyện không thu 3.500 đồng (theo Nghị quyết số 12) của dân, nhưng thu phí xe 2,5 tấn."


@pytest.mark.parametrize(
    "text",
    [
        SOURCE,
        SOURCE.upper(),
        "Huyện không thu 3.500 đồng theo Nghị quyết của dân, nhưng thu phí xe.",
    ],
    ids=["whole", "capitals", "words left out"],
)
def test_what_stands_there(text: str) -> None:
    assert stands(text, [SOURCE])


@pytest.mark.parametrize(
    "text",
    [
        "Huyện thu 3.500 đồng theo Nghị quyết của dân, nhưng thu phí xe.",
        "Huyện không thu 3.500 đồng của dân, nhưng thu phí xe.",
        "Huyện không thu 3.500 đồng theo Nghị quyết của dân.",
        "Huyện không thu 500 đồng theo Nghị quyết, nhưng thu phí.",
        "Dân không thu 3.500 đồng theo Nghị quyết của huyện, nhưng thu phí.",
        "Xã không thu theo, nhưng thu.",
        "",
    ],
    ids=[
        "negation lost",
        "attribution lost",
        "contrast lost",
        "half a number",
        "another order",
        "a word of its own",
        "nothing",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not stands(text, [SOURCE])


def test_a_sentence_may_stand_in_two_places() -> None:
    assert stands("Huyện yêu cầu: các xã sơ tán dân.", ["Huyện yêu cầu:", "Các xã sơ tán dân;"])


@pytest.mark.parametrize(
    "original",
    ["Sáng  nay,\u00a0huyện họp.  Xã về.", "Sáng\nnay, huyê\u0323n họp.\u200b Xã về."],
    ids=["white space", "decomposed"],
)
def test_a_span_of_the_cleaned_text_is_found_in_what_was_stored(original: str) -> None:
    cleaned = clean(original)
    start = cleaned.index("huyện")
    place = in_original(original, TextSpan(paragraph=0, start=start, length=len("huyện họp.")))
    assert clean(cut_out([original], "", place)) == "huyện họp."

"""Every reason can be read by a clerk."""

import pytest

from jobs.reason_words import REASON_WORDS, reason_words
from storage.records import Reason


@pytest.mark.parametrize("reason", [None, *Reason])
def test_every_reason_has_words_of_its_own(reason: Reason | None) -> None:
    assert len(reason_words(reason).split()) > 1
    assert len(set(REASON_WORDS.values())) == len(Reason)

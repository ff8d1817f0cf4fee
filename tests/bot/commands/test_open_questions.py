"""Which choice a typed answer means."""

import unicodedata

import pytest

from bot.commands.open_questions import meant
from storage.records import Choice

CONSENT = ["Đồng ý", "Không"]
STOP = ["Có, dừng nhận tin", "Không, giữ nguyên"]
TOPICS = ["✓ Tin tức - sự kiện", "Xây dựng Đảng", "Kinh tế - xã hội", "Xong"]


def _meant(text: str, labels: list[str]) -> str | None:
    choice = meant(text, [Choice(label=label, data=label) for label in labels])
    return choice.label if choice else None


@pytest.mark.parametrize(
    ("text", "labels", "label"),
    [
        ("đồng ý", CONSENT, "Đồng ý"),
        ("DONG Y", CONSENT, "Đồng ý"),
        (unicodedata.normalize("NFD", "Đồng ý"), CONSENT, "Đồng ý"),
        ("có", CONSENT, "Đồng ý"),
        ("dạ có ạ", CONSENT, "Đồng ý"),
        ("vâng", CONSENT, "Đồng ý"),
        ("tôi đồng ý", CONSENT, "Đồng ý"),
        ("không ạ", CONSENT, "Không"),
        ("1", CONSENT, "Đồng ý"),
        ("2.", CONSENT, "Không"),
        ("co", STOP, "Có, dừng nhận tin"),
        ("đồng ý", STOP, "Có, dừng nhận tin"),
        ("khong", STOP, "Không, giữ nguyên"),
        ("xây dựng đảng", TOPICS, "Xây dựng Đảng"),
        ("tin tuc", TOPICS, "✓ Tin tức - sự kiện"),
        ("xong", TOPICS, "Xong"),
        ("4", TOPICS, "Xong"),
    ],
)
def test_an_answer_may_be_typed(text: str, labels: list[str], label: str) -> None:
    assert _meant(text, labels) == label


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("0", CONSENT),
        ("3", CONSENT),
        ("99999999999999999999", CONSENT),
        ("có thể mai", CONSENT),
        ("để xem đã", STOP),
        ("dừng nhận tin", STOP),
        ("x", TOPICS),
        ("có", TOPICS),
        ("👍", CONSENT),
        ("", CONSENT),
        ("có", []),
    ],
)
def test_anything_else_is_no_answer(text: str, labels: list[str]) -> None:
    assert _meant(text, labels) is None

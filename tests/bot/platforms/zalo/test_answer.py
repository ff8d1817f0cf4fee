"""What an answer of Zalo's means: HTTP status and `ok` do not depend on each other."""

import json

import pytest

from bot.platforms.errors import ReceivedElsewhere
from bot.platforms.zalo.answer import read_answer
from bot.platforms.zalo.errors import NotFound, NothingNew, StylesRefused, safe, translate
from jobs.messenger import (
    MaybeSent,
    QuotaGone,
    Refused,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)


def says(code: int | str, description: str = "") -> bytes:
    told = {"ok": False, "description": description, "error_code": code}
    return json.dumps(told).encode()


SUCCESSES = {
    "as documented": b'{"ok": true, "result": {"message_id": "a"}}',
    "as seen": b'{"ok": true, "result": {"message_id": "a"}, "error_code": 0}',
}


@pytest.mark.parametrize("body", SUCCESSES.values(), ids=SUCCESSES)
def test_a_success_needs_no_error_code_nor_its_absence(body: bytes) -> None:
    answer = read_answer(200, body)

    assert answer.is_success
    assert answer.result == {"message_id": "a"}


MEANINGS: dict[str, tuple[bytes, type[SendError]]] = {
    "400 of the chat": (says(400, "Bad request: chat not found"), Refused),
    "400 without words": (says(400), Refused),
    "400 of the chat's id": (says(400, "The chat_id must not be empty"), Refused),
    "400 of the text": (says(400, "The text must be between 1 and 2000 characters"), Rejected),
    "400 of the photo": (says(400, "The photo must start with http:// or https://"), Rejected),
    "400 of the styles": (says(400, "The text_styles are invalid"), StylesRefused),
    "401": (says(401, "Unauthorized"), TokenRefused),
    "403, which is a server error": (says(403, "Internal server error"), Unreachable),
    "404": (says(404, "Not Found"), NotFound),
    "408": (says(408, "Request timeout"), NothingNew),
    "409": (says(409, "Conflict"), ReceivedElsewhere),
    "429": (says(429, "Quota exceeded"), QuotaGone),
    "500": (says(500, "?"), Unreachable),
    "a code in words": (says("429", "Quota exceeded"), QuotaGone),
    "426 under its other name": (b'{"ok": false, "errorCode": 426}', Unreachable),
}


@pytest.mark.parametrize("is_mirrored", [True, False], ids=["status mirrored", "status 200"])
@pytest.mark.parametrize(("body", "meaning"), MEANINGS.values(), ids=MEANINGS)
def test_an_error_means_the_same_under_any_status(
    body: bytes, meaning: type[SendError], is_mirrored: bool
) -> None:
    code = read_answer(200, body).code
    assert code is not None
    answer = read_answer(code if is_mirrored else 200, body)

    assert not answer.is_success
    assert type(translate(answer)) is meaning


ODD: dict[str, tuple[int, bytes, type[SendError]]] = {
    "a page instead of an answer": (200, b"<p>It works!</p>", MaybeSent),
    "a list": (200, b"[]", MaybeSent),
    "no ok": (200, b"{}", MaybeSent),
    "no, but not why": (200, b'{"ok": false}', MaybeSent),
    "yes under an error's status": (500, b'{"ok": true, "result": {}}', MaybeSent),
    "no, only the status says why": (429, b'{"ok": false}', QuotaGone),
    "a wrong token's page": (401, b"<p>Unauthorized</p>", TokenRefused),
    "a proxy's page": (502, b"<p>Bad Gateway</p>", Unreachable),
    "a proxy that waited": (504, b"<p>Gateway Timeout</p>", MaybeSent),
    "a proxy that forbids": (403, b"<p>Forbidden</p>", Unreachable),
    "a proxy that knows no such page": (404, b"<p>Not Found</p>", Unreachable),
    "a proxy that finds it too fast": (429, b"<p>Slow down</p>", Throttled),
    "a redirect": (302, b"", Unreachable),
    "deep JSON": (200, b"[" * 100_000, MaybeSent),
}


@pytest.mark.parametrize(("status", "body", "meaning"), ODD.values(), ids=ODD)
def test_what_is_no_answer_of_zalos_is_told_apart(
    status: int, body: bytes, meaning: type[SendError]
) -> None:
    assert type(translate(read_answer(status, body))) is meaning


def test_a_reason_repeats_nothing_of_ours() -> None:
    told = safe('Bad request: "Kính gửi" at https://x/bot123456789:abc-def for 123456789:abc')

    assert told == "Bad request: … at … for …"

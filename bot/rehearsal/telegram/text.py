"""A message's text and its entities, checked and completed as the real server does."""

import re
from collections.abc import Sequence
from typing import Any

from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.records import Json

MOST_UNITS = 4096  # core.telegram.org/bots/api#sendmessage
MOST_CAPTION_UNITS = 1024  # core.telegram.org/bots/api#sendphoto
MOST_ENTITIES = 100
HIGH_SURROGATES = range(0xD800, 0xDC00)
BARE = re.compile(
    r"(?P<url>https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)])"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<![\w/@<])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{4,32})?)(?![\w/])"
)
NOTHING_BARE_INSIDE = {"text_link", "text_mention", "code", "pre", "url", "mention", "bot_command"}


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean_text(text: str, entities: Any) -> tuple[str, tuple[Json, ...]]:  # noqa: ANN401
    """The text as it will stand in the chat. Spaces at its end go, as on the real server."""
    if not text:
        raise bad_request("message text is empty")
    if not text.rstrip():
        raise bad_request("text must be non-empty")
    if units(text.rstrip()) > MOST_UNITS:
        raise bad_request("message is too long")
    return _cleaned(text, entities)


def clean_caption(text: str, entities: Any) -> tuple[str, tuple[Json, ...]]:  # noqa: ANN401
    """May be empty."""
    if units(text.rstrip()) > MOST_CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return _cleaned(text, entities) if text.rstrip() else ("", ())


def with_bare_entities(text: str, entities: Sequence[Json] = ()) -> tuple[Json, ...]:
    """Adds what Telegram finds by itself: addresses, mentions, commands."""
    return tuple(_with_bare_ones(text, list(entities)))


def _cleaned(text: str, entities: Any) -> tuple[str, tuple[Json, ...]]:  # noqa: ANN401
    stripped = text.rstrip()
    length = units(stripped)
    given = [] if not entities else _checked_entities(text, entities)
    kept = [_cut(entity, length) for entity in given if entity["offset"] < length]
    return stripped, tuple(_with_bare_ones(stripped, kept))


def _checked_entities(text: str, entities: Any) -> list[Json]:  # noqa: ANN401
    if not isinstance(entities, list):
        raise bad_request("can't parse entities JSON object")
    encoded = text.encode("utf-16-le", "surrogatepass")
    for entity in entities[:MOST_ENTITIES]:
        _check_entity(entity, encoded)
    return sorted(
        entities[:MOST_ENTITIES], key=lambda entity: (entity["offset"], -entity["length"])
    )


def _check_entity(entity: Any, encoded: bytes) -> None:  # noqa: ANN401
    if not isinstance(entity, dict) or not entity.get("type"):
        raise bad_request("can't parse entities: can't parse MessageEntity: type is missing")
    start, length = entity.get("offset"), entity.get("length")
    if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length <= 0:
        raise bad_request(
            "can't parse entities: can't parse MessageEntity: wrong offset or length"
        )
    end, whole = start + length, len(encoded) // 2
    if start >= whole:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
    at = f"entity beginning at UTF-16 offset {start}"
    if end > whole:
        raise bad_request(f"{at} ends after the end of the text at UTF-16 offset {end}")
    if _splits_a_pair(encoded, start):
        raise bad_request(
            f"entity begins in a middle of a UTF-16 symbol at byte offset {2 * start}"
        )
    if _splits_a_pair(encoded, end):
        raise bad_request(f"{at} ends in a middle of a UTF-16 symbol at byte offset {2 * end}")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise bad_request("can't parse entities: can't parse MessageEntity: url is missing")


def _splits_a_pair(encoded: bytes, unit: int) -> bool:
    before = encoded[2 * unit - 2 : 2 * unit]
    inside = 0 < unit < len(encoded) // 2
    return inside and int.from_bytes(before, "little") in HIGH_SURROGATES


def _cut(entity: Json, length: int) -> Json:
    return entity | {"length": min(entity["length"], length - entity["offset"])}


def _with_bare_ones(text: str, entities: list[Json]) -> list[Json]:
    found = list(entities)
    for match in BARE.finditer(text):
        start = units(text[: match.start()])
        length = units(match.group())
        overlaps = any(
            entity["offset"] < start + length and start < entity["offset"] + entity["length"]
            for entity in entities
            if entity["type"] in NOTHING_BARE_INSIDE
        )
        if not overlaps:
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))

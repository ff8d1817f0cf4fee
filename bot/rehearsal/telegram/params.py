"""A call's parameters, however they came: query, form, multipart or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from bot.rehearsal.parameters import json_object, pairs
from bot.rehearsal.telegram.errors import bad_request
from bot.rehearsal.telegram.multipart import Upload, read_multipart


class Params:
    """Reads what a method needs, or says why it cannot. Empty and missing are the same."""

    def __init__(self, raw: dict[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self._raw = raw
        self._uploads = uploads or {}

    def inner(self, raw: dict[str, Any]) -> "Params":
        """An object among the parameters, which may name the same uploads."""
        return Params(raw, self._uploads)

    def upload(self, name: str) -> Upload | None:
        """The file that came under this name, or that the value points to as attach://<name>."""
        value = self.text(name)
        attached = value.removeprefix("attach://") if value.startswith("attach://") else name
        return self._uploads.get(attached)

    def text(self, name: str) -> str:
        value = self._raw.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        text = self.text(name)
        try:
            return int(text) if text else default
        except ValueError:
            return default  # as the real server reads numbers

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def structure(self, name: str) -> Any:  # noqa: ANN401 - JSON is anything
        """A JSON value, given as such or as a string that holds one; None when missing."""
        value = self._raw.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error


def read_params(query: bytes, content_type: str, body: bytes) -> Params:
    raw: dict[str, Any] = dict(pairs(query))
    uploads: dict[str, Upload] = {}
    if content_type.startswith("application/json"):
        raw |= _json_object(body)
    elif content_type.startswith("multipart/form-data"):
        fields, uploads = read_multipart(content_type, body)
        raw |= fields
    else:
        raw |= pairs(body)
    return Params(raw, uploads)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        return json_object(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error

"""A call's parameters, however they came: query, form, JSON, or none at all."""

import json
from typing import Any

from bot.rehearsal.parameters import json_object, pairs
from bot.rehearsal.zalo.errors import bad_request, empty


class Params:
    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    def text(self, name: str) -> str:
        """ "" when it is missing. Raises ApiError when it is no string."""
        value = self.raw.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise bad_request(f"The {name} must be a string")
        return value

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value.strip():
            raise empty(name)
        return value

    def number(self, name: str, default: float) -> float:
        """Given as a number or as a string that holds one."""
        try:
            return float(self.raw.get(name, default))
        except (TypeError, ValueError):
            return default

    def structure(self, name: str) -> Any:  # noqa: ANN401 - JSON is anything
        """A JSON value, given as such or as a string that holds one; None when missing."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"The {name} is invalid") from error


def read_params(query: bytes, content_type: str, body: bytes) -> Params:
    """multipart is not read, as the real server was seen not to."""
    raw: dict[str, Any] = dict(pairs(query))
    if content_type.startswith("application/json"):
        raw |= _json_object(body)
    elif content_type.startswith("application/x-www-form-urlencoded"):
        raw |= pairs(body)
    return Params(raw)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        return json_object(body)
    except ValueError as error:
        raise bad_request("Bad request: the body is no JSON object") from error

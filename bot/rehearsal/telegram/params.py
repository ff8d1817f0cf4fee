"""A call's parameters, however they came: query, form, multipart or JSON."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from bot.rehearsal.telegram.errors import bad_request


class Params:
    """Reads what a method needs, or says why it cannot. Empty and missing are the same."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw

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
    raw: dict[str, Any] = dict(_pairs(query))
    if content_type.startswith("application/json"):
        raw |= _json_object(body)
    elif content_type.startswith("multipart/form-data"):
        raw |= _multipart_fields(content_type, body)
    else:
        raw |= _pairs(body)
    return Params(raw)


def _pairs(encoded: bytes) -> dict[str, str]:
    return dict(parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("expected an Object as parameters")
    return value


def _multipart_fields(content_type: str, body: bytes) -> dict[str, str]:
    """Text fields; files are left out until a method takes one."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields: dict[str, str] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and part.get_filename() is None and isinstance(content, bytes):
            fields[name] = content.decode("utf-8", "replace")
    return fields

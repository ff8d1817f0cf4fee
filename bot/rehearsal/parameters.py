"""What a call's parameters are written in, the same on both platforms."""

import json
from typing import Any
from urllib.parse import parse_qsl


def pairs(encoded: bytes) -> dict[str, str]:
    """Of a query or a form."""
    return dict(parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True))


def json_object(body: bytes) -> dict[str, Any]:
    """Empty where the body is. Raises ValueError."""
    value = json.loads(body or b"{}")
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - to the caller both are one
    return value

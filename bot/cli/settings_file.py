"""bantin.toml: read as it is, written whole or not at all."""

import contextlib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from bot.cli.problem import Refused, reason
from bot.settings import FILE, load


def read() -> dict[str, Any]:
    """What it says already; empty when there is none. Raises WrongSetting."""
    load()
    return tomllib.loads(_text())


def write(answers: Mapping[str, Any]) -> None:
    """Lines that do not change stay as they are, comments too. Raises Refused."""
    fresh = FILE.with_suffix(".toml.new")
    try:
        fresh.unlink(missing_ok=True)
        # only its owner may read it, for it holds the token
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_merged(_text(), answers))
            file.flush()
            os.fsync(handle)
        fresh.replace(FILE)
    except OSError as error:
        raise Refused(f"Không ghi được {FILE.absolute()}: {reason(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _text() -> str:
    return FILE.read_text("utf-8") if FILE.exists() else ""


def _merged(text: str, answers: Mapping[str, Any]) -> str:
    before = tomllib.loads(text)
    merged = text if not text or text.endswith("\n") else f"{text}\n"
    for name, value in answers.items():
        if name not in before:
            merged += _line(name, value)
        elif before[name] != value:
            merged = re.sub(rf"(?m)^\s*{name}\s*=.*\n", lambda _: _line(name, value), merged)  # noqa: B023 - used at once
    if _says(merged) == answers:
        return merged
    return "".join(_line(name, value) for name, value in answers.items())  # written in odd ways


def _says(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _line(name: str, value: object) -> str:
    """Our settings are texts and numbers; JSON writes both as TOML does, but for one character."""
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{name} = {text}\n"

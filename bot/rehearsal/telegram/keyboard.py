"""An inline keyboard, checked as the real server does."""

from typing import Any
from urllib.parse import urlsplit

from bot.rehearsal.telegram.errors import ApiError, bad_request
from bot.rehearsal.telegram.records import Json

MOST_DATA_BYTES = 64  # core.telegram.org/bots/api#inlinekeyboardbutton
MOST_BUTTONS = 100


def clean_keyboard(markup: Any) -> Json | None:  # noqa: ANN401 - JSON is anything
    """None when there is none. Keyboards of other kinds are refused: nothing here shows them."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if not markup:
        return None
    rows = markup.get("inline_keyboard")
    if rows is None:
        raise bad_request("the rehearsal shows inline keyboards only")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    shown = [[_clean_button(button) for button in row] for row in rows if row]
    if sum(map(len, shown)) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": shown} if shown else None


def _clean_button(button: Any) -> Json:  # noqa: ANN401
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    text, url, data = (button.get(field) for field in ("text", "url", "callback_data"))
    if not isinstance(text, str):
        raise _unreadable('Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if url:
        return {"text": text, "url": _clean_url(str(url))}
    if not data:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(str(data).encode()) > MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"text": text, "callback_data": str(data)}


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _clean_url(url: str) -> str:
    address = url if "://" in url or url.startswith("tg:") else f"http://{url}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise _wrong_url(url, "Wrong HTTP URL") from None
    if parts.scheme not in {"http", "https", "tg", "ton"}:
        raise _wrong_url(url, "Unsupported URL protocol")
    is_web = parts.scheme in {"http", "https"}
    if is_web and ("." not in host or any(char.isspace() for char in url)):
        raise _wrong_url(url, "Wrong HTTP URL")
    return address


def _wrong_url(url: str, reason: str) -> ApiError:
    return bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")

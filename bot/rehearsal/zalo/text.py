"""What a text and its styles must be."""

from typing import Any

from bot.rehearsal.zalo.errors import bad_request, empty
from bot.rehearsal.zalo.params import Params
from bot.rehearsal.zalo.records import Json

MOST_UNITS = 2000  # the unit is not documented; counted in the strictest, UTF-16
PARSE_MODES = frozenset({"", "markdown", "html"})
STYLES = frozenset(
    {
        *("b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20", "lst_1", "lst_2"),
        *("c_050a19", "c_15a85f", "c_f7b503", "c_f27806", "c_db342e"),
        *(f"ind_{depth}" for depth in range(1, 6)),
    }
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(name: str, text: str) -> str:
    if not text.strip():
        raise empty(name)
    if units(text) > MOST_UNITS:
        raise bad_request(f"The {name} must be between 1 and {MOST_UNITS} characters")
    return text


def clean_parse_mode(params: Params) -> str:
    mode = params.text("parse_mode")
    if mode not in PARSE_MODES:
        raise bad_request("The parse_mode must be markdown or html")
    return mode


def clean_styles(text: str, styles: Any) -> tuple[Json, ...]:  # noqa: ANN401 - JSON is anything
    if styles is None:
        return ()
    if not isinstance(styles, list):
        raise bad_request("The text_styles must be a list")
    return tuple(_style(style, units(text)) for style in styles)


def _style(style: Any, most: int) -> Json:  # noqa: ANN401 - JSON is anything
    try:
        start, length, codes = style["start"], style["len"], style["st"]
        is_right = (
            isinstance(start, int)
            and isinstance(length, int)
            and start >= 0
            and length > 0
            and start + length <= most
            and bool(codes)
            and STYLES.issuperset(codes)
        )
    except (KeyError, TypeError) as error:
        raise bad_request("The text_styles are invalid") from error
    if not is_right:
        raise bad_request("The text_styles are invalid")
    return {"start": start, "len": length, "st": list(codes)}

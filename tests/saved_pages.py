"""The saved pages and what must come out of them."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)
PAGES = Path(__file__).parent / "pages"
PORTAL = "https://vamrach.cuugiang.example/tin-tuc"
LISTS = ("01_liferay7_list.html", "03_liferay62_list.html")
FEEDS = ("05_rss20_nukeviet.xml", "06_atom_liferay_bad_dates.xml")
DETAIL = "02_liferay72_detail_null.html"
HTML_LISTS = (
    "07_nukeviet_list.html",
    "12_sharepoint_tandan_list.html",
    "23_wordpress_list.html",
    "26_other_list.html",
)
DETAILS = (
    DETAIL,
    "08_nukeviet_detail.html",
    "09_windows1258_no_charset.html",
    "20_liferay62_detail.html",
    "21_tandan_detail.html",
    "22_wordpress_detail.html",
    "24_nukeviet3_detail.html",
    "25_other_detail.html",
    "27_nfd_json_ld.html",
)
SAVED = (*LISTS, *FEEDS, *HTML_LISTS, *DETAILS)


def saved(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def expected(name: str) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {}
    for file in ("expected.json", "expected_own.json"):
        told |= json.loads((PAGES / file).read_text("utf-8"))
    return told[name]


def decomposed(page: bytes) -> bytes:
    """The page in the other Unicode form."""
    return unicodedata.normalize("NFD", page.decode()).encode()


def spaced(text: str) -> str:
    """As expected.json says to compare: NFC, white space folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())

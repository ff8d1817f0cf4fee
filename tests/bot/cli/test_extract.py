"""`bantin extract`: what is printed of a page, and one sentence for what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.console import command, command_beside
from tests.program import Ended, bantin, environment, reads
from tests.saved_pages import DETAIL, LISTS, PAGES, SAVED, expected, saved
from tests.web import answer, web_server

TEXTS = ("kind", "url", "feed", "canonical", "credit", "title")
NARROW_AND_COLOURED = {"COLUMNS": "20", "FORCE_COLOR": "1", "TERM": "xterm-256color"}


def as_json(ended: Ended) -> dict[str, Any]:
    assert ended.code == 0, ended.err
    read: dict[str, Any] = json.loads(ended.out)
    return read


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_page_is_printed_with_the_agreed_keys(name: str) -> None:
    told = expected(name)
    read = as_json(
        command("extract", str(PAGES / name), "--json", "--url", told["url"], folder=PAGES)
    )
    for key in TEXTS:
        if key in told:
            assert folded(read[key]) == folded(told[key])
    for item, known in zip(read.get("items", []), told.get("items", []), strict=True):
        assert set(item) == {"title", "url", "guid", "entry_id", "date"}
        assert folded(item["title"]) == folded(known["title"])
        assert (item["date"] or "").startswith(known.get("date") or "")
    paragraphs = [folded(each) for each in read.get("paragraphs", [])]
    assert paragraphs == [folded(each) for each in told.get("paragraphs", [])]
    for never in told.get("must_not_contain", []):
        assert all(never not in each for each in paragraphs)


async def test_json_stays_json_in_a_narrow_coloured_pipe(tmp_path: Path) -> None:
    page = PAGES / "hostile" / "h04_telegram_breaking_feed.xml"
    here = as_json(await command_beside("extract", str(page), "--json", folder=PAGES))
    assert "[x](http://a)" in here["items"][0]["title"]
    narrow = await command_beside(
        "extract", str(page), "--json", env=NARROW_AND_COLOURED, folder=PAGES
    )
    assert here == as_json(narrow)
    assert here == as_json(await bantin("extract", str(page), "--json", folder=tmp_path))


@pytest.mark.parametrize("name", LISTS)
def test_a_file_that_names_its_own_address_needs_no_other(name: str) -> None:
    told = expected(name)
    read = as_json(command("extract", str(PAGES / name), "--json", folder=PAGES))
    assert read["url"] == told["url"]
    assert [item["url"] for item in read["items"]] == [item["url"] for item in told["items"]]


def test_a_file_that_names_no_address_shows_its_links_as_they_are(tmp_path: Path) -> None:
    page = saved(LISTS[0]).replace(b'rel="canonical"', b"").replace(b"og:url", b"")
    page = page.replace(b"https://vamrach.cuugiang.example/", b"/")
    (tmp_path / "page.html").write_bytes(page)
    ended = command("extract", str(tmp_path / "page.html"), "--json", folder=PAGES)
    assert "--url" in ended.err
    items = as_json(ended)["items"]
    assert [item["title"] for item in items] == [
        item["title"] for item in expected(LISTS[0])["items"]
    ]
    assert items[0]["url"].startswith("tin-tuc/-/asset_publisher/")


def test_people_are_shown_words_not_keys() -> None:
    list_ = command("extract", str(PAGES / LISTS[0]), folder=PAGES).out
    assert "trang danh sách tin" in list_
    assert "2. Vàm Rạch đạt 95% hộ dân" in folded(list_)
    article = command("extract", str(PAGES / DETAIL), folder=PAGES).out
    assert "Tiêu đề: Huyện ủy Vàm Rạch" in article
    assert "Ghi công: BT: Lê Thu Hà" in article


HOSTILE = {
    "h01_billion_laughs.xml": "nguy hiểm",
    "h02_quadratic_blowup.xml": "nguy hiểm",
    "h03_xxe.xml": "nguy hiểm",
    "h06_html_instead_of_feed_200.html": "không có danh sách",
    "h07_empty_200.xml": "không có nội dung",
    "h09_truncated_feed.xml": "cắt ngang",
}


@pytest.mark.parametrize(("name", "why"), HOSTILE.items(), ids=list(HOSTILE))
def test_a_hostile_page_is_refused_in_one_sentence(name: str, why: str) -> None:
    ended = command("extract", str(PAGES / "hostile" / name), folder=PAGES)
    assert (ended.code, ended.out) == (1, "")
    assert why in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_what_is_no_page_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)))
    (tmp_path / "huge.html").write_bytes(b"<p>x</p>" * 1_200_000)
    reasons = {
        "none.html": "Không có tệp",
        "tanlap.example": "https://",
        "": "thư mục",
        "empty.html": "không có nội dung",
        "photo.jpg": "không phải trang web",
        "huge.html": "quá lớn",
    }
    for name, why in reasons.items():
        ended = command("extract", str(tmp_path / name), folder=PAGES)
        assert (ended.code, ended.out) == (1, "")
        assert why in ended.err
        assert len(ended.err.strip().splitlines()) == 1


def test_the_address_of_a_file_must_be_whole() -> None:
    ended = command(
        "extract", str(PAGES / LISTS[0]), "--url", "vamrach.cuugiang.example", folder=PAGES
    )
    assert ended.code == 1
    assert "http://" in ended.err


async def test_an_address_is_fetched(tmp_path: Path) -> None:
    async with web_server() as web:
        page = saved("05_rss20_nukeviet.xml")
        web.answers["/rss"] = answer("200 OK", page, content_type="text/xml")
        web.answers["/gone"] = answer("404 Not Found")
        env = environment(tmp_path, **reads(web.url))
        read = as_json(
            await command_beside("extract", f"{web.url}/rss", "--json", folder=tmp_path, env=env)
        )
        gone = await command_beside("extract", f"{web.url}/gone", folder=tmp_path, env=env)
    assert (read["kind"], len(read["items"])) == ("feed", 5)
    assert gone.code == 1
    assert "404" in gone.err

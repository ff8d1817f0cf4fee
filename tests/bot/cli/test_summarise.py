"""`bantin summarise`: JSON Lines in, a summary for each out. The news is invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.console import command
from tests.program import Ended

TITLE = "Xã Tân Lập mở lớp dạy nghề mây tre đan"
EVENT = (
    "Sáng 12/11, Trung tâm học tập cộng đồng xã Tân Lập khai giảng lớp dạy nghề mây tre đan cho "
    "35 học viên là phụ nữ trong xã."
)
BODY = "\n".join(("Xuất bản thông tin", f"null {TITLE}", TITLE, EVENT, "Tin, ảnh: Hồng Nhạn"))


def summarise(folder: Path, *articles: object) -> Ended:
    text = "\n".join(json.dumps(each, ensure_ascii=False) for each in articles)
    return command("summarise", folder=folder, answers=text)


def told(ended: Ended) -> list[dict[str, Any]]:
    assert ended.code == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def test_each_article_gets_its_line(tmp_path: Path) -> None:
    articles = [{"id": number, "title": TITLE, "body": BODY} for number in ("a", 2, None)]
    expected = [{"id": each["id"], "summary": EVENT, "how": "opening"} for each in articles]
    assert told(summarise(tmp_path, *articles)) == expected


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (TITLE, f"{TITLE}. Xem toàn văn."),
        ("", "Xem toàn văn."),
        ("rất dài " * 60, f"{'rất dài ' * 41}".strip() + "… Xem toàn văn."),
    ],
    ids=["title", "no title", "long title"],
)
def test_what_cannot_be_read_leads_to_the_whole_text(
    tmp_path: Path, title: str, summary: str
) -> None:
    (found,) = told(summarise(tmp_path, {"id": "a", "title": title, "body": "STT\nGhi chú"}))
    assert (found["how"], len(found["summary"]) <= 350) == ("title", True)
    assert found["summary"] == summary


def test_a_title_is_not_needed(tmp_path: Path) -> None:
    (found,) = told(summarise(tmp_path, {"id": "a", "body": EVENT}))
    assert found["summary"] == EVENT


def test_empty_lines_and_nothing_at_all_are_no_articles(tmp_path: Path) -> None:
    assert command("summarise", folder=tmp_path, answers="\n\n").out == ""
    assert command("summarise", folder=tmp_path).code == 0


@pytest.mark.parametrize(
    "line",
    ["no JSON", "[1]", '{"id": 1}', '{"id": 1, "body": 2}', '{"body": "a", "title": 1}'],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str) -> None:
    good = json.dumps({"id": "a", "title": TITLE, "body": BODY})
    ended = command("summarise", folder=tmp_path, answers=f"{good}\n{line}\n")
    assert ended.code == 1
    assert "Dòng 2" in ended.err
    assert "Traceback" not in ended.err

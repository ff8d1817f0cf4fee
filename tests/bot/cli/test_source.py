"""`bantin source …`: added, listed, tried, removed; and what is wrong in words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.clock import SystemClock
from storage.database import open_database
from tests.bot.cli.console import command, command_beside
from tests.bot.cli.terminal import ENTER, at_terminal
from tests.program import Ended
from tests.web import answer, web_server

CLOCK = SystemClock()
NOWHERE = "http://127.0.0.1:9/tin-tuc"  # nobody listens there


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now) as server:
        yield server


async def source(folder: Path, *arguments: str, answers: str = "") -> Ended:
    return await command_beside("source", *arguments, folder=folder, answers=answers)


async def topics(folder: Path) -> dict[str, str]:
    """Of the first source: category -> slug."""
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    async with database.transaction() as tx:
        slugs = {topic.id: topic.slug for topic in await tx.topics.all()}
        found = await tx.sources.topics(1)
    await database.close()
    return {category: slugs[topic] for category, topic in found.items()}


async def test_a_source_is_added_listed_tried_and_removed(
    tmp_path: Path, server: RehearsalServer
) -> None:
    url = server.portal_url
    assert "bantin source add" in (await source(tmp_path, "list")).out
    added = await source(tmp_path, "add", url, answers="Cổng [Tân Lập]\nc\n")
    assert added.code == 0, added.err
    assert "Đọc được 5 tin (trang danh sách Liferay)" in added.out
    listed = (await source(tmp_path, "list")).out
    assert "1. Cổng [Tân Lập] (trang danh sách Liferay)" in listed
    assert f"{url}\n" in listed  # whole, to be copied
    assert "Chưa đọc lần nào" in listed
    tried = await source(tmp_path, "test", "1")
    assert (tried.code, "Đọc được 5 tin" in tried.out) == (0, True)
    again = await source(tmp_path, "add", url)
    assert (again.code, "đã có" in again.err) == (1, True)
    kept = await source(tmp_path, "remove", "1", answers="\n")
    assert (kept.code, "Chưa bỏ" in kept.err) == (1, True)
    removed = await source(tmp_path, "remove", url, "--yes")
    assert (removed.code, "Cổng [Tân Lập]" in removed.out) == (0, True)
    assert "Chưa có nguồn tin" in (await source(tmp_path, "list")).out
    assert (await source(tmp_path, "add", url, "--yes")).code == 0


async def test_a_feed_is_recognised_and_its_topics_are_kept(
    tmp_path: Path, server: RehearsalServer
) -> None:
    added = await source(
        tmp_path,
        "add",
        server.feed_url,
        *("--name", "Tin xã", "--topic", "kinh-te-xa-hoi", "--yes"),
        *("--category", "Thông báo = họp=thong-bao", "--category", "Xây dựng Đảng=xay-dung-dang"),
    )
    assert added.code == 0, added.err
    assert "nguồn RSS" in added.out
    assert await topics(tmp_path) == {
        "": "kinh-te-xa-hoi",
        "Thông báo = họp": "thong-bao",
        "Xây dựng Đảng": "xay-dung-dang",
    }


async def test_why_an_address_cannot_be_read_is_said_in_words(
    tmp_path: Path, server: RehearsalServer
) -> None:
    async with web_server() as web:
        web.answers["/gone"] = answer("404 Not Found")
        web.answers["/empty"] = answer("200 OK")
        web.answers["/page"] = answer("200 OK", b"<html><title>Trang</title><p>Xin</p></html>")
        reasons = {
            (NOWHERE,): "Không kết nối được",
            ("tanlap.example",): "http://",
            (f"{web.url}/gone",): "404",
            (f"{web.url}/empty",): "không có nội dung",
            (f"{web.url}/page",): "không tìm thấy danh sách",
            (server.portal_url, "--kind", "feed"): "không phải nguồn tin RSS",
        }
        for arguments, why in reasons.items():
            for subcommand in ("add", "test"):
                ended = await source(tmp_path, subcommand, *arguments)
                assert (ended.code, why in ended.err) == (1, True), ended.err
    assert "Chưa có nguồn tin" in (await source(tmp_path, "list")).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("add", NOWHERE, "--topic", "the-thao"), "kinh-te-xa-hoi", id="topic"),
        pytest.param(("add", NOWHERE, "--category", "Thông báo"), "MỤC=MÃ", id="category"),
        pytest.param(("remove", "7"), "số 7", id="number"),
        pytest.param(("remove", "Cổng"), "“Cổng”", id="name"),
        pytest.param(("test", "7"), "bantin source list", id="test"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_done(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    ended = command("source", *arguments, folder=tmp_path)
    assert ended.code == 1
    assert told in ended.err


async def test_ctrl_c_at_a_question_adds_nothing(tmp_path: Path, server: RehearsalServer) -> None:
    async with at_terminal("source", "add", server.portal_url, folder=tmp_path) as screen:
        (await screen.is_asked("Tên nguồn tin")).types(ENTER)
        await (await screen.is_asked("Thêm nguồn tin này?")).breaks_off("Chưa thêm nguồn tin nào")
        assert await screen.ends() == 1
    assert "Chưa có nguồn tin" in (await source(tmp_path, "list")).out

"""`bantin source …`: added, listed, tried, removed; and what is wrong in words."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.settings import FILE
from jobs.clock import SystemClock
from storage.database import open_database
from storage.records import KeptPage, NewArticle
from tests.bot.cli.console import command, command_beside
from tests.bot.cli.terminal import ENTER, at_terminal
from tests.program import Ended
from tests.web import answer, web_server

CLOCK = SystemClock()
NOWHERE = "http://127.0.0.1:9/tin-tuc"  # nobody listens there


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(now=CLOCK.now) as server:
        may_read(tmp_path, server.url)
        yield server


def may_read(folder: Path, *urls: str) -> None:
    hosts = " ".join(urlsplit(url).netloc for url in urls)
    (folder / FILE).write_text(f'fetch_allowed_hosts = "{hosts}"', "utf-8")


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
    assert "Đọc được 5 tin (nguồn RSS)" in added.out  # the page names its feed
    newest = server.portal.articles[0]
    assert newest.title in added.out
    listed = (await source(tmp_path, "list")).out
    assert "1. Cổng [Tân Lập] (nguồn RSS)" in listed
    assert f"{server.feed_url}\n" in listed  # whole, to be copied
    assert "Chưa đọc lần nào" in listed
    tried = await source(tmp_path, "test", "1")
    assert (tried.code, "Đọc được 5 tin" in tried.out) == (0, True)
    again = await source(tmp_path, "add", url)
    assert (again.code, "đã có" in again.err) == (1, True)
    kept = await source(tmp_path, "remove", "1", answers="\n")
    assert (kept.code, "Chưa bỏ" in kept.err) == (1, True)
    removed = await source(tmp_path, "remove", server.feed_url, "--yes")
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
        may_read(tmp_path, server.url, web.url, NOWHERE)
        web.answers["/gone"] = answer("404 Not Found")
        web.answers["/empty"] = answer("200 OK")
        web.answers["/page"] = answer("200 OK", b"<html><title>Trang</title><p>Xin</p></html>")
        reasons = {
            (NOWHERE,): "Không kết nối được",
            ("tanlap.example",): "http://",
            (f"{web.url}/gone",): "404",
            (f"{web.url}/empty",): "không có nội dung",
            (f"{web.url}/page",): "không có danh sách",
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


async def test_a_kind_that_is_named_is_not_guessed(
    tmp_path: Path, server: RehearsalServer
) -> None:
    added = await source(tmp_path, "add", server.portal_url, "--kind", "liferay", "--yes")
    assert "Đọc được 5 tin (trang danh sách Liferay)" in added.out
    newest = server.portal.articles[0]
    assert newest.title in added.out
    assert newest.paragraphs[0][:40] in added.out  # as its own page says it
    assert server.portal_url in (await source(tmp_path, "list")).out


async def test_own_rules_read_a_page_that_nothing_else_reads(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr class=r><td><a href=/tin/{n}.html>Bài viết số {n} của xã Tân Lập</a></td></tr>"
        for n in range(6)
    )
    async with web_server() as web:
        may_read(tmp_path, web.url)
        web.answers["/ds"] = answer("200 OK", f"<html><table>{rows}</table>".encode())
        for n in range(6):
            web.answers[f"/tin/{n}.html"] = answer("404 Not Found")
        rules = tmp_path / "rules.json"
        rules.write_text('{"item": "tr.r", "link": "td a"}')
        added = await source(
            tmp_path, "add", f"{web.url}/ds", "--rules", str(rules), "--name", "Xã", "--yes"
        )
        assert added.code == 0, added.err
        assert "Đọc được 6 tin (trang danh sách tin)" in added.out
        rules.write_text('{"item": "tr["}')
        wrong = await source(tmp_path, "test", "1", "--rules", str(rules))
        assert (wrong.code, "rules.json" in wrong.err) == (1, True)
        assert "Đọc được 6 tin" in (await source(tmp_path, "test", "1")).out


async def test_an_insecure_source_says_so(tmp_path: Path, server: RehearsalServer) -> None:
    await source(tmp_path, "add", server.feed_url, "--name", "Xã", "--yes")
    warned = await source(tmp_path, "trust", "1", "--insecure")
    assert "không được kiểm tra" in warned.err
    assert "không được kiểm tra" in (await source(tmp_path, "list")).out
    pem = tmp_path / "ca.pem"
    pem.write_text("không phải chứng thư")
    wrong = await source(tmp_path, "trust", "1", "--ca", str(pem))
    assert (wrong.code, "PEM" in wrong.err) == (1, True)
    assert (await source(tmp_path, "trust", "1")).code == 0
    assert "không được kiểm tra" not in (await source(tmp_path, "list")).out


async def test_a_flood_is_sent_or_dropped(tmp_path: Path, server: RehearsalServer) -> None:
    await source(tmp_path, "add", server.feed_url, "--name", "Xã", "--yes")
    assert "Không có tin nào" in (await source(tmp_path, "release", "1")).err
    for subcommand, said in (("release", "2\u00a0tin sẽ được gửi"), ("drop", "Đã bỏ 2\u00a0tin")):
        await hold(tmp_path, subcommand)
        assert "Đang giữ lại 2\u00a0tin" in (await source(tmp_path, "list")).out
        kept = await source(tmp_path, subcommand, "1", answers="\n")
        assert (kept.code, "vẫn được giữ lại" in kept.err) == (1, True)
        assert f"Tin {subcommand}" in kept.out
        assert said in (await source(tmp_path, subcommand, "1", answers="c\n")).out


async def hold(folder: Path, name: str) -> None:
    database = open_database(f"sqlite+aiosqlite:///{folder}/bantin.db")
    async with database.transaction() as tx:
        ids = [
            await tx.articles.add(
                NewArticle(title=f"Tin {name}", url=f"https://tanlap.example/{name}/{n}"),
                source_id=1, topic_ids=[], is_baseline=False, now=CLOCK.now(),
            )
            for n in range(2)
        ]  # fmt: skip
        await tx.articles.hold(ids, CLOCK.now())
    await database.close()


async def test_the_page_that_could_not_be_read_can_be_seen(
    tmp_path: Path, server: RehearsalServer
) -> None:
    await source(tmp_path, "add", server.feed_url, "--name", "Xã", "--yes")
    assert "Không có trang nào" in (await source(tmp_path, "page", "1")).err
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bantin.db")
    async with database.transaction() as tx:
        await tx.sources.keep_page(
            KeptPage(
                source_id=1, url=server.feed_url, content_type="text/html",
                body=b"<p>[bold]H\xe1", reason="Trang cần JavaScript.", kept_at=CLOCK.now(),
            )
        )  # fmt: skip
    await database.close()
    shown = await source(tmp_path, "page", "1")
    assert "Trang cần JavaScript." in shown.out
    assert "<p>[bold]H" in shown.out
    await source(tmp_path, "page", "1", "--output", str(tmp_path / "trang.html"))
    assert (tmp_path / "trang.html").read_bytes() == b"<p>[bold]H\xe1"

"""What subscribers would receive of an article, without sending it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.portal.pages import article_path
from bot.rehearsal.portal.portal import PortalFault
from storage.records import ChatKind
from tests.bot.cli.office import OWNER, Office, an_office
from tests.program import running

TITLE = "Xã Tân Lập mở lớp dạy nghề mây tre đan"
BODY = (
    "Sáng 12/11, Trung tâm học tập cộng đồng xã Tân Lập khai giảng lớp dạy nghề mây tre đan "
    "cho 35 học viên là phụ nữ trong xã.\n\n"
    "Lớp học kéo dài ba tháng, học viên được hỗ trợ toàn bộ học phí và nguyên liệu thực hành."
)


@pytest.fixture
async def office(tmp_path: Path, migrated: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, migrated) as office:
        yield office


@pytest.mark.parametrize("which", ["article", "list", "feed"])
async def test_an_article_a_list_and_a_feed_show_the_same_article(
    office: Office, which: str
) -> None:
    article = office.server.portal.publish(TITLE, BODY)
    url = {
        "article": f"{office.server.url}{article_path(article.slug)}",
        "list": office.server.portal_url,
        "feed": office.server.feed_url,
    }[which]
    ended = await office.bantin("preview", url)
    assert ended.code == 0, ended.err
    assert "Telegram: 1\u00a0tin nhắn" in ended.out
    assert f"📰 {TITLE}" in ended.out
    assert "35 học viên" in ended.out
    assert "Cổng thông tin xã Tân Lập" in ended.out  # as our source is called
    assert "[ Đọc toàn văn ] http" in ended.out
    assert "Tóm tắt lấy từ" in ended.out


async def test_it_is_shown_as_on_the_platforms_where_the_office_is(office: Office) -> None:
    article = office.server.portal.publish(TITLE, BODY)
    url = f"{office.server.url}{article_path(article.slug)}"
    token = "8000000001:mot-ma-de-thu"  # noqa: S105 - opens nothing
    both = await office.bantin("preview", url, zalo_tokens=token)
    assert "Telegram: 1\u00a0tin nhắn" in both.out
    assert "Zalo: 1\u00a0tin nhắn" in both.out
    on_zalo = await office.bantin("preview", url, zalo_tokens=token, telegram_token="")
    assert "Telegram:" not in on_zalo.out
    assert "[ Đọc toàn văn ]" not in on_zalo.out
    assert "Zalo: 1\u00a0tin nhắn" in on_zalo.out
    neither = await office.bantin("preview", url, telegram_token="")
    assert "Telegram:" in neither.out
    assert "Zalo:" in neither.out


async def test_it_shows_where_each_sentence_stands(office: Office) -> None:
    article = office.server.portal.publish(TITLE, BODY)
    ended = await office.bantin("preview", f"{office.server.url}{article_path(article.slug)}")
    assert "Tóm tắt lấy từ: đoạn mở đầu nêu sự việc." in ended.out
    first, *_ = BODY.split("\n\n")
    assert f"Câu 1: đoạn 1, ký tự 1–{len(first)}" in ended.out


async def test_it_is_what_is_sent_then(office: Office) -> None:
    async with running(office.folder, office.env):
        await office.until_read()
        office.server.portal.publish(TITLE, BODY)
        await office.server.telegram.until(
            lambda: bool(office.server.telegram.texts(OWNER.id)), seconds=60
        )
        ended = await office.bantin("preview", office.server.portal_url)
    (text,) = office.server.telegram.texts(OWNER.id)
    without_code = text.rpartition(" · ")[0]
    assert without_code in ended.out


@pytest.mark.parametrize(
    ("path", "said"), [("/portal/tin-tuc/nothing", "404"), ("/bot", "404")], ids=["gone", "other"]
)
async def test_what_cannot_be_read_is_said_in_a_sentence(
    office: Office, path: str, said: str
) -> None:
    ended = await office.bantin("preview", f"{office.server.url}{path}")
    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.err


async def test_a_page_without_an_article_is_said_in_a_sentence(office: Office) -> None:
    office.server.portal.break_down(PortalFault.EMPTY)
    ended = await office.bantin("preview", office.server.portal_url)
    assert ended.code == 1
    assert "không có nội dung" in ended.err


async def test_it_stores_nothing(office: Office) -> None:
    await office.bantin("preview", office.server.portal_url)
    async with office.database() as database, database.transaction() as tx:
        assert await tx.articles.without_summary(10) == []
        assert (await tx.subscribers.counts())[ChatKind.PERSON] == 1

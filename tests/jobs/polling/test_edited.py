"""Edits and withdrawals: a new version that is no new news, a page that is gone for a day."""

from datetime import timedelta

import pytest

from bot.rehearsal.server import RehearsalServer
from jobs.compose import compose_new
from storage.records import ArticleVersion
from tests.jobs.polling.desk import (
    INTERVAL,
    LISTED,
    OLD,
    TODAY,
    Desk,
    a_feed,
    a_list,
    an_article_page,
    an_item,
)
from tests.samples import NOW, a_source
from tests.web import Web, answer

HOUR = timedelta(hours=1)
TITLE = "Xã Tân Lập họp dân bàn làm đường"
TEXT = "Sáng 12/11/2026, xã Tân Lập họp dân bàn làm đường nông thôn dài 4 km ở ấp Cái Sao."
PATH = "/-/asset_publisher/X/content/moi"
OLD_ARTICLE = LISTED.format(slug="cu", title="Tin cũ của xã Tân Lập", number=1)


def listed(title: str = TITLE) -> bytes:
    return a_list(LISTED.format(slug="moi", title=title, number=2), OLD_ARTICLE)


@pytest.fixture
async def told(desk: Desk, web: Web) -> Web:
    """A new article of a list, read and in a bulletin."""
    web.answers["/list"] = answer("200 OK", a_list(OLD_ARTICLE))
    web.answers["/-/asset_publisher/X/content/cu"] = answer("404 Not Found")
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    web.answers["/list"] = answer("200 OK", listed())
    web.answers[PATH] = answer("200 OK", an_article_page(TITLE, TEXT))
    await desk.poll()
    await compose(desk)
    return web


async def compose(desk: Desk) -> int:
    await desk.news()
    return (await compose_new(desk.database, desk.clock.now())).bulletins


async def versions(desk: Desk) -> list[ArticleVersion]:
    """The newest of the article that was told."""
    async with desk.database.transaction() as tx:
        (found,) = await tx.articles.edited_since_told()
        newest = await tx.articles.newest_version(found.article_id)
    assert newest is not None
    assert newest.id == found.newest_version_id
    assert found.told_version_id < found.newest_version_id
    return [newest]


async def test_a_title_that_the_list_shows_otherwise_is_a_new_version_and_no_news(
    desk: Desk, told: Web
) -> None:
    other = TITLE.replace("làm đường", "xây cầu")
    told.answers["/list"] = answer("200 OK", listed(other))
    told.answers[PATH] = answer("200 OK", an_article_page(other, TEXT))
    await desk.poll()
    assert desk.reread.edited == 1
    (newest,) = await versions_after_summary(desk)
    assert (newest.n, newest.title) == (2, other)
    assert await compose(desk) == 0
    shown = next(
        each for each in await desk.all_articles() if each.article_id == newest.article_id
    )
    assert shown.title == other


async def versions_after_summary(desk: Desk) -> list[ArticleVersion]:
    await desk.news()
    return await versions(desk)


async def test_a_text_that_changes_silently_is_found_within_hours(desk: Desk, told: Web) -> None:
    told.answers[PATH] = answer("200 OK", an_article_page(TITLE, TEXT.replace("4 km", "5 km")))
    await desk.poll()
    assert desk.reread.edited == 0
    await desk.poll(2 * HOUR)
    assert desk.reread.edited == 1
    (newest,) = await versions_after_summary(desk)
    assert "5 km" in newest.paragraphs[0]
    assert await compose(desk) == 0


async def test_a_page_is_read_again_few_times(desk: Desk, told: Web) -> None:
    for _ in range(100):
        await desk.poll(HOUR)
    assert told.paths().count(PATH) <= 6


async def test_a_feeds_own_edit_is_a_new_version_without_a_page(desk: Desk, feed: Web) -> None:
    new = an_item("Tin mới", "https://tanlap.example/2", guid="2", date=TODAY)
    feed.answers["/rss"] = answer("200 OK", a_feed(new, OLD))
    await desk.poll()
    assert await compose(desk) == 1
    edited = an_item("Tin đã sửa", "https://tanlap.example/2", guid="2", date=TODAY)
    for _ in range(3):
        feed.answers["/rss"] = answer("200 OK", a_feed(edited, OLD))
        await desk.poll()
    (newest,) = await versions_after_summary(desk)
    assert (newest.n, newest.title) == (2, "Tin đã sửa")
    assert await compose(desk) == 0


async def test_a_feed_that_changes_its_mind_at_each_visit_is_not_followed_for_ever(
    desk: Desk, feed: Web
) -> None:
    for n in range(30):
        item = an_item(f"Tin có {n} lượt xem", "https://tanlap.example/2", guid="2", date=TODAY)
        feed.answers["/rss"] = answer("200 OK", a_feed(item, OLD))
        await desk.poll()
    async with desk.database.transaction() as tx:
        newest = await tx.articles.newest_version(2)
    assert newest is not None
    assert newest.n == 20


async def test_a_digest_never_holds_an_edited_article_a_second_time(desk: Desk, told: Web) -> None:
    before = desk.clock.now()
    told.answers["/list"] = answer("200 OK", listed(f"{TITLE} lớn"))
    told.answers[PATH] = answer("200 OK", an_article_page(f"{TITLE} lớn", TEXT))
    await desk.poll()
    await desk.news()
    async with desk.database.transaction() as tx:
        assert await tx.articles.news_between(before, desk.clock.now()) == []
        (news,) = await tx.articles.news_between(NOW, desk.clock.now())
    assert (news.title, news.summarised_at) == (f"{TITLE} lớn", before)


async def test_a_page_gone_for_a_day_is_withdrawn(desk: Desk, told: Web) -> None:
    told.answers[PATH] = answer("404 Not Found")
    await desk.poll(2 * HOUR)
    gone_at = desk.clock.now()
    for _ in range(5):
        await desk.poll(5 * HOUR)
    assert desk.reread.withdrawn == 1
    async with desk.database.transaction() as tx:
        (withdrawn,) = await tx.articles.withdrawn_since_told(since=NOW)
    assert withdrawn.withdrawn_at - gone_at >= 24 * HOUR
    assert await desk.all_articles() == []
    asked = told.paths().count(PATH)
    await desk.poll(24 * HOUR)
    assert told.paths().count(PATH) == asked


async def test_a_page_that_comes_back_was_never_withdrawn(desk: Desk, told: Web) -> None:
    told.answers[PATH] = answer("404 Not Found")
    await desk.poll(2 * HOUR)
    assert await desk.all_articles() == []
    told.answers[PATH] = answer("200 OK", an_article_page(TITLE, TEXT))
    for _ in range(6):
        await desk.poll(6 * HOUR)
    async with desk.database.transaction() as tx:
        assert await tx.articles.withdrawn_since_told(since=NOW) == []
    assert len(await desk.all_articles()) == 1


@pytest.mark.parametrize("status", ["503 Unavailable", "403 Forbidden"])
async def test_a_server_that_fails_withdraws_nothing(desk: Desk, told: Web, status: str) -> None:
    told.answers[PATH] = answer(status)
    for _ in range(20):
        await desk.poll(6 * HOUR)
    async with desk.database.transaction() as tx:
        assert await tx.articles.withdrawn_since_told(since=NOW) == []


async def test_a_portal_that_is_gone_as_a_whole_withdraws_nothing(desk: Desk, told: Web) -> None:
    told.answers[PATH] = told.answers["/list"] = answer("404 Not Found")
    for _ in range(20):
        await desk.poll(6 * HOUR)
    async with desk.database.transaction() as tx:
        assert await tx.articles.withdrawn_since_told(since=NOW) == []


async def test_an_article_that_is_listed_elsewhere_is_read_there(desk: Desk, told: Web) -> None:
    told.answers[PATH] = answer("404 Not Found")
    await desk.poll(2 * HOUR)
    moved = LISTED.replace("content/{slug}", "content/id/{number}")
    path = "/-/asset_publisher/X/content/id/2"
    told.answers[path] = answer("200 OK", an_article_page(TITLE, TEXT))
    told.answers["/list"] = answer(
        "200 OK", a_list(moved.format(title=TITLE, number=2), OLD_ARTICLE)
    )
    for _ in range(6):
        await desk.poll(6 * HOUR)
    (shown,) = await desk.all_articles()
    assert shown.url == told.url + path
    assert await compose(desk) == 0


async def test_an_edit_before_it_was_sent_is_sent_as_it_is_now(
    desk: Desk, server: RehearsalServer
) -> None:
    await a_source(desk.database, server.portal_url)
    await desk.poll()
    article = server.portal.publish()
    await desk.poll()
    server.portal.edit(article.id, title="Tiêu đề đã được sửa lại cho đúng")
    await desk.poll(2 * INTERVAL)
    await desk.poll(2 * HOUR)
    (news,) = await desk.news()
    assert news.title == "Tiêu đề đã được sửa lại cho đúng"
    assert await compose(desk) == 1

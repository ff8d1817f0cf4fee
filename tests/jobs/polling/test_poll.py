"""What a visit leaves behind: news once, a baseline first, and what a bad source says."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.portal.portal import PortalFault
from bot.rehearsal.server import RehearsalServer
from jobs.compose import compose_new
from jobs.poll import poll_sources
from jobs.read_pages import PAGE_TRIES
from storage.records import Health, NewSource, SourceKind
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

PAGES = Path(__file__).parents[2] / "pages"


async def test_the_first_visit_pushes_nothing(desk: Desk, server: RehearsalServer) -> None:
    await a_source(desk.database, server.portal_url)
    counts = await desk.poll()
    assert (counts.new, desk.read.read) == (5, 5)
    assert await desk.news() == []
    assert len(await desk.all_articles()) == 5
    source = await desk.source()
    assert (source.health, source.baseline_at) == (Health.OK, desk.clock.now())
    assert source.next_visit_at <= desk.clock.now() + 1.15 * INTERVAL


async def test_what_is_published_later_is_news_once(desk: Desk, server: RehearsalServer) -> None:
    await a_source(desk.database, server.portal_url)
    await desk.poll()
    published = server.portal.publish()
    await desk.poll()
    await desk.poll()
    (news,) = await desk.news()
    assert news.title == published.title
    assert news.summary.startswith(published.paragraphs[0][:30])
    assert news.url.startswith(server.url)
    assert "?" not in news.url


async def test_an_edited_title_is_no_new_article(desk: Desk, server: RehearsalServer) -> None:
    await a_source(desk.database, server.portal_url)
    await desk.poll()
    article = server.portal.publish()
    await desk.poll()
    server.portal.edit(article.id, title="Tiêu đề đã được sửa lại cho đúng")
    counts = await desk.poll()
    assert counts.new == 0
    assert len(await desk.news()) == 1


async def test_the_furniture_of_the_page_never_reaches_a_reader(
    desk: Desk, server: RehearsalServer
) -> None:
    await a_source(desk.database, server.portal_url)
    await desk.poll()
    for article in await desk.all_articles():
        shown = f"{article.title}\n{article.summary}"
        for furniture in ("null", "Xuất bản thông tin", "Chi tiết bài viết", "BT:", "TIN MỚI"):
            assert furniture not in shown


async def test_the_portals_categories_choose_the_topic(
    desk: Desk, server: RehearsalServer
) -> None:
    async with desk.database.transaction() as tx:
        new = NewSource(
            name="Cổng", url=server.portal_url, kind=SourceKind.LIFERAY,
            topics={"": 1, "THONG BAO": 5, "Kinh tế - xã hội": 4},
        )  # fmt: skip
        await tx.sources.add(new, NOW)
    await desk.poll()
    topics = {article.title: article.topic_ids for article in await desk.all_articles()}
    by_category = {topics[article.title]: article.category for article in server.portal.articles}
    assert by_category[frozenset({5})] == "Thông báo"
    assert by_category[frozenset({4})] == "Kinh tế - xã hội"
    assert frozenset({1}) in by_category


@pytest.mark.parametrize(
    "again",
    [
        an_item("Tin mới", "https://tanlap.example/2?utm_source=zalo", guid="x", date=TODAY),
        an_item("Tin mới", "https://tanlap.example/2", guid="2", date=TODAY) * 2,
        an_item("Tin mới, đã sửa", "https://tanlap.example/2", guid="2", date=TODAY),
        an_item("Tin mới", "https://tanlap.example/moved", guid="2", date=TODAY),
        an_item("TIN MỚI", "https://tanlap.example/copy", date=TODAY),
        an_item("Tin mới", "http://www.tanlap.example/2#top", guid="y"),
    ],
    ids=["query", "twice", "title edited", "moved", "copied", "http and www"],
)
async def test_the_same_article_is_pushed_once(desk: Desk, feed: Web, again: str) -> None:
    new = an_item("Tin mới", "https://tanlap.example/2", guid="2", date=TODAY)
    feed.answers["/rss"] = answer("200 OK", a_feed(new, OLD))
    await desk.poll()
    feed.answers["/rss"] = answer("200 OK", a_feed(again, OLD))
    await desk.poll()
    (news,) = await desk.news()
    assert news.title.lower().startswith("tin mới")
    assert (await compose_new(desk.database, desk.clock.now())).bulletins == 1
    assert (await compose_new(desk.database, desk.clock.now())).bulletins == 0


async def test_what_slides_into_a_list_from_long_ago_is_no_news(desk: Desk, feed: Web) -> None:
    old = an_item("Từ năm ngoái", "https://tanlap.example/0", date="Wed, 12 Nov 2025 01:00:00 GMT")
    feed.answers["/rss"] = answer("200 OK", a_feed(OLD, old))
    await desk.poll()
    assert await desk.news() == []
    assert len(await desk.all_articles()) == 2


async def test_an_unchanged_feed_is_asked_for_conditionally(desk: Desk, web: Web) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed(OLD), etag='"7"', last_modified="Thu, 12 Nov")
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    web.answers["/rss"] = answer("304 Not Modified")
    await desk.poll()
    source = await desk.source()
    assert (source.health, source.etag) == (Health.OK, '"7"')
    assert 'if-none-match: "7"' in web.requests[-1].lower()
    assert "if-modified-since: thu, 12 nov" in web.requests[-1].lower()


HOSTILE = {
    "h01_billion_laughs.xml": Health.UNSAFE,
    "h02_quadratic_blowup.xml": Health.UNSAFE,
    "h03_xxe.xml": Health.UNSAFE,
    "h06_html_instead_of_feed_200.html": Health.NOT_A_FEED,
    "h07_empty_200.xml": Health.EMPTY,
    "h09_truncated_feed.xml": Health.BROKEN,
}


@pytest.mark.parametrize(("name", "health"), HOSTILE.items(), ids=HOSTILE)
async def test_a_bad_source_says_what_is_wrong_and_the_others_go_on(
    desk: Desk, feed: Web, name: str, health: Health
) -> None:
    feed.answers["/bad"] = answer("200 OK", (PAGES / "hostile" / name).read_bytes())
    await a_source(desk.database, f"{feed.url}/bad", SourceKind.FEED)
    new = an_item("Tin mới", "https://tanlap.example/2", date=TODAY)
    feed.answers["/rss"] = answer("200 OK", a_feed(new, OLD))
    await desk.poll()
    bad = await desk.source(1)
    assert bad.health is health
    assert bad.health_reason
    assert bad.health_reason.endswith(".")
    assert [article.title for article in await desk.news()] == ["Tin mới"]


@pytest.mark.parametrize(
    ("fault", "health"),
    [
        (PortalFault.SERVER_ERROR, Health.UNREACHABLE),
        (PortalFault.EMPTY, Health.EMPTY),
        (PortalFault.LAYOUT_CHANGED, Health.LAYOUT_CHANGED),
        (PortalFault.HUGE, Health.TOO_LARGE),
    ],
)
async def test_a_portal_that_falls_ill_is_told_from_one_without_news(
    desk: Desk, server: RehearsalServer, fault: PortalFault, health: Health
) -> None:
    await a_source(desk.database, server.portal_url)
    await desk.poll()
    well_at = desk.clock.now()
    server.portal.break_down(fault)
    counts = await desk.poll()
    ill = await desk.source()
    assert (ill.health, ill.failures, counts.failed) == (health, 1, 1)
    assert ill.last_ok_at == well_at
    assert ill.next_visit_at >= desk.clock.now() + 0.85 * 2 * INTERVAL
    server.portal.repair()
    server.portal.publish()
    await desk.poll(3 * INTERVAL)
    well = await desk.source()
    assert (well.health, well.health_reason, well.failures) == (Health.OK, "", 0)
    assert len(await desk.news()) == 1


async def test_a_portal_nobody_answers_at_is_unreachable(desk: Desk) -> None:
    await a_source(desk.database, "http://127.0.0.1:9/tin-tuc")
    await desk.poll()
    assert (await desk.source()).health is Health.UNREACHABLE


async def test_a_source_that_was_ill_at_first_still_begins_with_a_baseline(
    desk: Desk, server: RehearsalServer
) -> None:
    await a_source(desk.database, server.portal_url)
    server.portal.break_down(PortalFault.SERVER_ERROR, times=1)
    await desk.poll()
    await desk.poll(3 * INTERVAL)
    assert len(await desk.all_articles()) == 5
    assert await desk.news() == []


@pytest.fixture
async def ill_page(desk: Desk, web: Web) -> str:
    """A new article whose own page answers with an error. Its path."""
    old = LISTED.format(slug="cu", title="Tin cũ của xã Tân Lập", number=1)
    web.answers["/list"] = answer("200 OK", a_list(old))
    web.answers["/-/asset_publisher/X/content/cu"] = answer("404 Not Found")
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    new = LISTED.format(slug="moi", title="Xã Tân Lập họp dân", number=2)
    web.answers["/list"] = answer("200 OK", a_list(new, old))
    path = "/-/asset_publisher/X/content/moi"
    web.answers[path] = answer("503 Service Unavailable")
    await desk.poll()
    return path


async def test_a_page_that_cannot_be_read_now_is_read_later(
    desk: Desk, web: Web, ill_page: str
) -> None:
    assert await desk.news() == []
    text = "Sáng 12/11/2026, xã Tân Lập họp dân bàn làm đường nông thôn dài 4 km ở ấp Cái Sao."
    body = f"""<div class="asset-full-content"><span class="asset-title">Xã Tân Lập họp dân</span>
        <div class="journal-content-article"><p>{text}</p></div></div>"""
    web.answers[ill_page] = answer("200 OK", body.encode(), content_type="text/html")
    await desk.poll(timedelta(minutes=5))
    (news,) = await desk.news()
    assert news.summary == text


@pytest.mark.usefixtures("ill_page")
async def test_a_page_that_is_never_readable_leaves_the_lists_own_words(desk: Desk) -> None:
    for _ in range(PAGE_TRIES):
        await desk.poll(timedelta(hours=1))
    (news,) = await desk.news()
    assert news.title == "Xã Tân Lập họp dân"
    assert news.summary == "Xã Tân Lập họp dân vào sáng nay tại hội trường."


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Hệ thống đang bảo trì", "Hệ thống đang bảo trì, mong quý vị quay lại sau ít phút nữa."),
        ("Đăng nhập", "Vui lòng nhập tên đăng nhập và mật khẩu để tiếp tục sử dụng hệ thống này."),
        ("Cổng thông tin xã", "Sáng nay, Hội Nông dân xã ra quân làm đường dài hơn 4 km ở ấp 3."),
    ],
    ids=["maintenance", "login", "home page"],
)
async def test_another_page_in_the_articles_place_is_told_to_nobody(
    desk: Desk, web: Web, ill_page: str, title: str, text: str
) -> None:
    body = f"<html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body></html>"
    web.answers[ill_page] = answer("200 OK", body.encode(), content_type="text/html")
    for _ in range(PAGE_TRIES):
        await desk.poll(timedelta(hours=1))
    (news,) = await desk.news()
    assert news.title == "Xã Tân Lập họp dân"
    assert news.summary == "Xã Tân Lập họp dân vào sáng nay tại hội trường."


async def test_a_page_that_turns_out_to_be_old_is_no_news(desk: Desk, web: Web) -> None:
    listed = """<div class="asset-abstract"><a class="asset-title"
        href="/-/asset_publisher/X/content/{0}">Bài viết số {0} của xã</a></div>"""
    web.answers["/list"] = answer("200 OK", a_list(listed.format(1)))
    web.answers["/-/asset_publisher/X/content/1"] = answer("404 Not Found")
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    web.answers["/list"] = answer("200 OK", a_list(listed.format(1), listed.format(2)))
    page = """<div class="asset-full-content"><span class="asset-title">Bài viết số 2 của xã</span>
        <span class="date-info">Đã xuất bản 01/05/2019</span><div class="journal-content-article">
        <p>Xã triển khai phòng chống dịch bệnh trên địa bàn, vận động nhân dân thực hiện.</p>
        </div></div>"""
    web.answers["/-/asset_publisher/X/content/2"] = answer("200 OK", page.encode())
    await desk.poll()
    assert len(await desk.all_articles()) == 1
    assert await desk.news() == []


async def test_a_source_that_is_empty_at_first_tells_its_first_article(
    desk: Desk, web: Web
) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed())
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    await desk.poll()
    first = an_item("Tin đầu tiên", "https://tanlap.example/1", date=TODAY)
    web.answers["/rss"] = answer("200 OK", a_feed(first))
    await desk.poll()
    assert [article.title for article in await desk.news()] == ["Tin đầu tiên"]


async def test_what_follows_one_empty_list_is_old(desk: Desk, web: Web) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed())
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    web.answers["/rss"] = answer("200 OK", a_feed(OLD))
    await desk.poll()
    assert len(await desk.all_articles()) == 1
    assert await desk.news() == []


async def test_an_article_under_several_addresses_is_one(desk: Desk, feed: Web) -> None:
    listed = "".join(
        an_item("Tin mới", f"https://tanlap.example/muc-{n}/tin", guid=f"https://tanlap.example/{n}",
                date=TODAY)
        for n in range(5)
    )  # fmt: skip
    feed.answers["/rss"] = answer("200 OK", a_feed(listed, OLD))
    await desk.poll()
    assert [article.title for article in await desk.news()] == ["Tin mới"]


async def test_a_slow_sources_pages_do_not_keep_the_others_from_being_visited(
    desk: Desk, web: Web, ill_page: str
) -> None:
    assert ill_page
    web.answers["/rss"] = answer("200 OK", a_feed(OLD))
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    counts = await poll_sources(*desk.tools)
    assert (counts.visited, counts.new) == (1, 1)  # no page was waited for


async def test_an_article_withdrawn_before_it_was_read_is_told_to_nobody(
    desk: Desk, web: Web, ill_page: str
) -> None:
    web.answers[ill_page] = answer("404 Not Found")
    for _ in range(6):
        await desk.poll(timedelta(hours=7))
    assert await desk.news() == []
    async with desk.database.transaction() as tx:
        assert await tx.articles.pages_due(desk.clock.now() + timedelta(days=9), 9) == []


async def test_a_page_that_is_not_there_for_some_hours_is_no_withdrawn_article(
    desk: Desk, web: Web, ill_page: str
) -> None:
    web.answers[ill_page] = answer("404 Not Found")
    for _ in range(PAGE_TRIES + 1):
        await desk.poll(timedelta(hours=3))
    assert await desk.news() == []
    text = "Sáng 12/11/2026, xã Tân Lập họp dân bàn làm đường nông thôn dài 4 km ở ấp Cái Sao."
    web.answers[ill_page] = answer("200 OK", an_article_page("Xã Tân Lập họp dân", text))
    await desk.poll(timedelta(hours=5))
    assert [news.summary for news in await desk.news()] == [text]


async def test_a_body_that_unpacks_without_end_is_too_large(desk: Desk, web: Web) -> None:
    bomb = gzip.compress(b"a" * 50_000_000)
    web.answers["/rss"] = answer("200 OK", bomb, content_encoding="gzip")
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    assert (await desk.source()).health is Health.TOO_LARGE

"""How a source is: what a visit that failed leaves behind, floods, silence, moves, politeness."""

from datetime import timedelta
from pathlib import Path

import pytest

from jobs.compose import compose_new
from jobs.fan_out import fan_out_ready
from jobs.source_health import FLOOD, ILL, SILENT, Trouble, troubles
from storage.records import Health, SourceKind
from storage.repositories.sources import LARGEST_PAGE
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
from tests.samples import a_source
from tests.web import Web, answer

PAGES = Path(__file__).parents[2] / "pages"
HOUR = timedelta(hours=1)
NEW = an_item("Tin mới", "https://tanlap.example/2", guid="2", date=TODAY)


async def told(desk: Desk) -> list[Trouble]:
    async with desk.database.transaction() as tx:
        return troubles(await tx.sources.all(), await tx.sources.floods(), desk.clock.now())


async def test_a_list_that_had_articles_and_has_none_is_not_without_news(
    desk: Desk, feed: Web
) -> None:
    feed.answers["/rss"] = answer("200 OK", a_feed())
    await desk.poll()
    source = await desk.source()
    assert source.health is Health.LAYOUT_CHANGED
    assert "nay trống" in source.health_reason


async def test_a_list_that_never_had_articles_may_stay_empty(desk: Desk, web: Web) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed())
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    for _ in range(3):
        await desk.poll()
        assert (await desk.source()).health is Health.OK


async def test_the_page_that_could_not_be_read_is_kept_until_the_source_is_well(
    desk: Desk, feed: Web
) -> None:
    page = (PAGES / "hostile" / "h06_html_instead_of_feed_200.html").read_bytes()
    page += b" " * LARGEST_PAGE
    feed.answers["/rss"] = answer("200 OK", page, content_type="text/html")
    await desk.poll()
    async with desk.database.transaction() as tx:
        kept = await tx.sources.kept_page(1)
    assert kept is not None
    assert (kept.url, kept.content_type) == (f"{feed.url}/rss", "text/html")
    assert kept.body == page[:LARGEST_PAGE]
    assert kept.reason == (await desk.source()).health_reason
    feed.answers["/rss"] = answer("200 OK", a_feed(OLD))
    await desk.poll(HOUR)
    async with desk.database.transaction() as tx:
        assert await tx.sources.kept_page(1) is None


async def test_what_a_server_says_in_refusing_is_kept(desk: Desk, feed: Web) -> None:
    feed.answers["/rss"] = answer("403 Forbidden", b"<html>Cam vao")
    await desk.poll()
    async with desk.database.transaction() as tx:
        kept = await tx.sources.kept_page(1)
    assert kept is not None
    assert kept.body == b"<html>Cam vao"
    assert (await desk.source()).health is Health.BLOCKED


async def test_a_source_is_told_of_at_its_third_failure_and_never_given_up(
    desk: Desk, feed: Web
) -> None:
    feed.answers["/rss"] = answer("503 Unavailable")
    for failures in range(1, 12):
        await desk.poll(7 * HOUR)
        assert (await desk.source()).failures == failures
        assert [each.kind for each in await told(desk)] == ([ILL] if failures >= 3 else [])
    (trouble,) = await told(desk)
    assert trouble.subject == "1"
    assert "Cổng thông tin xã Tân Lập" in trouble.text
    assert "503" in trouble.text
    feed.answers["/rss"] = answer("200 OK", a_feed(OLD))
    await desk.poll(7 * HOUR)
    assert await told(desk) == []
    source = await desk.source()
    assert (source.health, source.failures, source.ill_since) == (Health.OK, 0, None)


async def test_what_a_server_asks_for_is_waited_for(desk: Desk, feed: Web) -> None:
    feed.answers["/rss"] = answer("429 Too Many Requests", retry_after="7200")
    await desk.poll()
    asked = len(feed.requests)
    await desk.poll(HOUR)
    assert len(feed.requests) == asked
    await desk.poll(2 * HOUR)
    assert len(feed.requests) == asked + 1


async def test_a_feeds_own_ttl_is_kept_also_when_it_says_nothing_new(desk: Desk, web: Web) -> None:
    feed = a_feed(OLD).replace(b"<title>", b"<ttl>120</ttl><title>", 1)
    web.answers["/rss"] = answer("200 OK", feed, etag='"1"')
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    for status in ("200 OK", "304 Not Modified"):
        await desk.poll(3 * HOUR)
        assert (await desk.source()).next_visit_at >= desk.clock.now() + 2 * HOUR, status
        web.answers["/rss"] = answer("304 Not Modified")


async def test_validators_are_forgotten_after_a_week(desk: Desk, web: Web) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed(OLD), etag='"1"')
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    web.answers["/rss"] = answer("304 Not Modified")
    await desk.poll(timedelta(days=6))
    assert "if-none-match" in web.requests[-1].lower()
    web.answers["/rss"] = answer("200 OK", a_feed(OLD), etag='"1"')
    await desk.poll(timedelta(days=2))
    assert "if-none-match" not in web.requests[-1].lower()


async def test_a_source_that_is_silent_for_longer_than_usual_is_told_of(
    desk: Desk, web: Web
) -> None:
    daily = [an_item(f"Tin {n}", f"https://tanlap.example/{n}",
                     date=f"Thu, {12 - n} Nov 2026 01:00:00 GMT") for n in range(8)]  # fmt: skip
    web.answers["/rss"] = answer("200 OK", a_feed(*daily))
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    await desk.poll(timedelta(days=5))
    assert await told(desk) == []
    await desk.poll(timedelta(days=2))
    (trouble,) = await told(desk)
    assert trouble.kind == SILENT
    assert "7 ngày" in trouble.text
    web.answers["/rss"] = answer(
        "200 OK", a_feed(an_item("Tin mới", "https://tanlap.example/x"), *daily)
    )
    await desk.poll()
    assert await told(desk) == []


def flood(number: int) -> bytes:
    return a_feed(*(an_item(f"Tin dồn {n}", f"https://tanlap.example/f{n}", date=TODAY)
                    for n in range(number)), OLD)  # fmt: skip


async def test_a_flood_is_held_until_an_admin_lets_it_go(desk: Desk, feed: Web) -> None:
    feed.answers["/rss"] = answer("200 OK", flood(21))
    counts = await desk.poll()
    assert (counts.new, counts.held) == (21, 21)
    assert await desk.news() == []
    (trouble,) = await told(desk)
    assert (trouble.kind, "21" in trouble.text) == (FLOOD, True)
    feed.answers["/rss"] = answer("200 OK", flood(22))
    await desk.poll()
    assert [each.title for each in await desk.news()] == ["Tin dồn 21"]
    before = desk.clock.now()
    await desk.poll(timedelta(days=4))
    async with desk.database.transaction() as tx:
        assert await tx.sources.release(1, desk.clock.now()) == 21
    assert await told(desk) == []
    await desk.news()
    async with desk.database.transaction() as tx:
        assert len(await tx.articles.news_between(before, desk.clock.now())) == 21
    await compose_new(desk.database, desk.clock.now())
    assert (await fan_out_ready(desk.database, desk.clock.now())).bulletins == 21


async def test_a_flood_that_is_dropped_is_never_sent(desk: Desk, feed: Web) -> None:
    feed.answers["/rss"] = answer("200 OK", flood(30))
    await desk.poll()
    async with desk.database.transaction() as tx:
        (held,) = await tx.sources.floods()
        assert (held.articles, len(held.titles)) == (30, 5)
        assert await tx.sources.drop_held(1) == 30
        assert await tx.sources.drop_held(1) == 0
    await desk.poll()
    assert (await told(desk), await desk.news()) == ([], [])


async def test_twenty_are_no_flood(desk: Desk, feed: Web) -> None:
    feed.answers["/rss"] = answer("200 OK", flood(20))
    assert (await desk.poll()).held == 0
    assert len(await desk.news()) == 20


async def test_an_address_that_leads_elsewhere_for_good_is_followed_after_three_visits(
    desk: Desk, feed: Web
) -> None:
    feed.answers["/rss"] = answer("301 Moved Permanently", location="/tin/rss")
    feed.answers["/tin/rss"] = answer("200 OK", a_feed(OLD))
    for _ in range(2):
        await desk.poll()
        assert (await desk.source()).url == f"{feed.url}/rss"
    await desk.poll()
    source = await desk.source()
    assert (source.url, source.health) == (f"{feed.url}/tin/rss", Health.OK)
    feed.answers["/tin/rss"] = answer("200 OK", a_feed(NEW, OLD))
    await desk.poll()
    assert [each.title for each in await desk.news()] == ["Tin mới"]


async def test_an_address_that_leads_to_the_start_page_has_moved(desk: Desk, web: Web) -> None:
    web.answers["/list"] = answer(
        "200 OK", a_list(LISTED.format(slug="a", title="A B C", number=1))
    )
    web.answers["/-/asset_publisher/X/content/a"] = answer("404 Not Found")
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    web.answers["/list"] = answer("302 Found", location="/")
    web.answers["/"] = answer("200 OK", a_list(LISTED.format(slug="b", title="Đ E G", number=2)))
    await desk.poll()
    assert (await desk.source()).health is Health.MOVED
    assert await desk.news() == []


def many(first: int, last: int, more: str = "") -> bytes:
    listed = (
        LISTED.format(slug=f"s{n}", title=f"Bài viết số {n} của xã", number=n)
        for n in range(first, last, -1)
    )
    return a_list(*listed, more)


NEXT = (
    '<ul class="taglib-page-iterator pagination"><li><a class="next" href="{}">Sau</a></li></ul>'
)


async def test_a_few_pages_a_run_and_source_the_newest_first(desk: Desk, web: Web) -> None:
    for n in range(30):
        path = f"/-/asset_publisher/X/content/s{n}"
        text = f"Sáng nay, xã Tân Lập họp dân lần thứ {n} bàn làm đường nông thôn dài 4 km ở ấp 3."
        web.answers[path] = answer("200 OK", an_article_page(f"Bài viết số {n} của xã", text))
    for place in ("a", "b"):
        web.answers[f"/{place}"] = answer("200 OK", many(14, 0) if place == "a" else many(29, 15))
        await a_source(desk.database, f"{web.url}/{place}")
    await desk.poll()
    assert desk.read.read == 20
    asked = [path.rpartition("/s")[2] for path in web.paths() if "/content/" in path]
    assert sorted(map(int, asked)) == [*range(5, 15), *range(20, 30)]


async def test_a_server_that_refuses_its_pages_is_not_asked_for_each_of_them(
    desk: Desk, web: Web
) -> None:
    for n in range(30):
        web.answers[f"/-/asset_publisher/X/content/s{n}"] = answer(
            "429 Too Many Requests", retry_after="3600"
        )
    web.answers["/list"] = answer("200 OK", many(9, 0))
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    await desk.poll(INTERVAL)
    assert sum("/content/" in path for path in web.paths()) == 1
    await desk.poll(2 * HOUR)
    assert sum("/content/" in path for path in web.paths()) == 2


@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize("hours", [0, 3, 12])
async def test_an_unchanged_page_is_neither_read_nor_stored_again(desk: Desk, hours: int) -> None:
    before = await desk.source()
    counts = await desk.poll(hours * HOUR + 2 * INTERVAL)
    after = await desk.source()
    assert (counts.visited, counts.new) == (1, 0)
    assert (after.listed_at, after.list_hash) == (before.listed_at, before.list_hash)
    assert (after.visits, after.last_ok_at) == (2, desk.clock.now())

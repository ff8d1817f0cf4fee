"""What does not stand on one page: long lists after a pause, sitemaps in parts, long articles."""

import pytest

from jobs.source_errors import PagesMissing
from storage.records import SourceKind
from tests.jobs.polling.desk import LISTED, OLD, Desk, a_feed, a_list, an_item
from tests.samples import a_source
from tests.web import Web, answer

DOWN = answer("503 Service Unavailable")


def items(*numbers: int) -> str:
    return "".join(
        an_item(f"Tin thứ {number}", f"https://tanlap.example/{number}") for number in numbers
    )


def in_pages(web: Web, *pages: str) -> None:
    for number, page in enumerate(pages, start=1):
        further = f'<atom:link rel="next" href="/rss?page={number + 1}"/>'
        feed = a_feed(further if number < len(pages) else "", page)
        named = feed.replace(b"<rss ", b'<rss xmlns:atom="http://www.w3.org/2005/Atom" ')
        web.answers["/rss" if number == 1 else f"/rss?page={number}"] = answer("200 OK", named)


async def told(desk: Desk) -> set[str]:
    return {each.title.removeprefix("Tin thứ ") for each in await desk.news()}


async def test_a_pinned_article_does_not_hide_what_stands_on_the_second_page(
    desk: Desk, feed: Web
) -> None:
    in_pages(feed, OLD + items(14, 13, 12), OLD + items(11, 10))
    await desk.poll()
    assert await told(desk) == {"14", "13", "12", "11", "10"}


async def test_what_comes_after_known_articles_is_old(desk: Desk, web: Web) -> None:
    pinned = items(1)
    in_pages(web, pinned + items(5, 4), items(3, 2))
    await a_source(desk.database, f"{web.url}/rss", SourceKind.FEED)
    await desk.poll()
    in_pages(web, pinned + items(7, 6), items(5, 4, 3), items(2))
    await desk.poll()
    assert await told(desk) == {"7", "6"}
    assert "/rss?page=3" not in web.paths()


async def test_a_further_page_that_fails_is_read_at_the_next_visit(desk: Desk, feed: Web) -> None:
    in_pages(feed, items(14, 13), items(12) + OLD)
    second, feed.answers["/rss?page=2"] = feed.answers["/rss?page=2"], DOWN
    await desk.poll()
    assert (await desk.source()).health_reason == PagesMissing.reason
    feed.answers["/rss?page=2"] = second
    await desk.poll()
    assert await told(desk) == {"14", "13", "12"}


async def test_a_further_page_that_fails_again_is_done_without(desk: Desk, feed: Web) -> None:
    in_pages(feed, items(14, 13), items(12))
    feed.answers["/rss?page=2"] = DOWN
    await desk.poll()
    await desk.poll()
    assert await told(desk) == {"14", "13"}
    assert (await desk.source()).failures == 0


def a_sitemap(root: str, entry: str, *addresses: str) -> bytes:
    places = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    return answer("200 OK", f"<{root}>{places}</{root}>".encode())


async def test_a_part_that_failed_at_first_brings_no_news_later(desk: Desk, web: Web) -> None:
    parts = [f"{web.url}/{name}.xml" for name in ("one", "two", "pages", "gone")]
    web.answers["/sitemap.xml"] = a_sitemap("sitemapindex", "sitemap", *parts)
    web.answers["/one.xml"] = a_sitemap("urlset", "url", f"{web.url}/xa-ra-quan-lam-duong-moi")
    web.answers["/pages.xml"] = a_sitemap("urlset", "url", f"{web.url}/gioi-thieu")
    web.answers["/two.xml"], web.answers["/gone.xml"] = DOWN, answer("404 Not Found")
    await a_source(desk.database, f"{web.url}/sitemap.xml", SourceKind.SITEMAP)
    await desk.poll()
    assert (await desk.source()).baseline_at is None
    web.answers["/two.xml"] = a_sitemap("urlset", "url", f"{web.url}/xa-hop-dan-ban-lam-cau")
    for path in ("/xa-ra-quan-lam-duong-moi", "/xa-hop-dan-ban-lam-cau"):
        web.answers[path] = answer("404 Not Found")
    await desk.poll()
    assert ((await desk.source()).baseline_at, await desk.news()) == (desk.clock.now(), [])


FIRST = "Sáng 12/11/2026, xã Tân Lập họp dân bàn làm đường nông thôn dài 4 km ở ấp Cái Sao."
SECOND = "Xã sẽ tiếp tục làm hai tuyến đường còn lại trong quý III năm sau, dài gần 3 km."


def a_page(text: str) -> bytes:
    pager = '<div class="taglib-page-iterator"><a href="?page=2">Tiếp theo</a></div>'
    body = f"""<div class="asset-full-content"><span class="asset-title">Xã Tân Lập họp dân</span>
        <div class="journal-content-article"><p>{text}</p></div>{pager}</div>"""
    return answer("200 OK", body.encode(), content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("further", "paragraphs"),
    [(a_page(SECOND), (FIRST, SECOND)), (DOWN, (FIRST,))],
    ids=["read", "failed"],
)
async def test_a_long_article_is_stored_with_its_further_page(
    desk: Desk, web: Web, further: bytes, paragraphs: tuple[str, ...]
) -> None:
    web.answers["/list"] = answer(
        "200 OK", a_list(LISTED.format(slug="hop", title="Xã Tân Lập họp dân", number=1))
    )
    path = "/-/asset_publisher/X/content/hop"
    web.answers[path], web.answers[f"{path}?page=2"] = a_page(FIRST), further
    await a_source(desk.database, f"{web.url}/list")
    await desk.poll()
    async with desk.database.transaction() as tx:
        version = await tx.articles.newest_version(1)
    assert version is not None
    assert version.paragraphs == paragraphs

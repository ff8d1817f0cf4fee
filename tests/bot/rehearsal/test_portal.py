"""The sample portal: its markup, its news, its failures."""

import asyncio

import feedparser
import httpx
import pytest
from lxml import html

from bot.rehearsal.portal.articles import read_drafts
from bot.rehearsal.portal.portal import PortalFault
from bot.rehearsal.server import RehearsalServer

OPENING, STOCK = read_drafts("opening"), read_drafts("stock")

IMPATIENT = httpx.Timeout(60, read=0.2)


async def page(http: httpx.AsyncClient, url: str) -> html.HtmlElement:
    response = await http.get(url)
    assert response.status_code == 200
    return html.document_fromstring(response.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


async def test_the_list_is_marked_up_as_liferay_does(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    listed = (await page(http, server.portal_url)).cssselect(".asset-abstract")
    assert len(listed) == len(OPENING)
    for entry, article in zip(listed, server.portal.articles, strict=True):
        [title] = entry.cssselect("a.asset-title")
        assert words(title) == article.title
        assert "redirect=%2Fportal%2Ftin-tuc" in title.get("href", "")
        assert entry.cssselect(".asset-anchor")[0].get("id") == str(article.id)
        assert words(entry.cssselect(".date-info")[0]) == f"Đã xuất bản {article.local_day}"
        assert words(entry.cssselect(".asset-category")[0]) == article.category
        assert words(entry.cssselect(".asset-summary")[0]).startswith(article.lead[:60])


async def test_an_article_s_page_has_the_artefacts_of_real_ones(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    article = server.portal.articles[1]
    shown = await page(http, server.portal_url)
    link = shown.cssselect("a.asset-title")[1].get("href") or ""
    shown = await page(http, link)
    assert words(shown.cssselect(".component-title")[0]) == f"‹ null {article.title}"
    assert words(shown.cssselect(".portlet-title-text")[0]) == "Xuất bản thông tin"
    assert words(shown.cssselect(".tieu-de-khoi")[0]) == "Chi tiết bài viết Tin tức"
    body = words(shown.cssselect(".noidung")[0])
    for paragraph in article.paragraphs:
        assert paragraph in body
    assert body.endswith(article.credit)
    [canonical] = shown.cssselect("link[rel=canonical]")
    assert (canonical.get("href") or "").endswith(f"/content/{article.slug}")
    assert len(shown.cssselect(".asset-links-list-item")) == 3


async def test_the_feed_says_the_same_and_knows_its_version(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    server.portal.publish("Tin <b>1 & 2</b>", "Đoạn <i>một</i> & hai.")
    response = await http.get(server.feed_url)
    feed = feedparser.parse(response.content)
    articles = server.portal.articles
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [article.title for article in articles]
    assert feed.entries[0].summary == "<p>Đoạn &lt;i&gt;một&lt;/i&gt; &amp; hai.</p>"
    assert feed.entries[0].id.endswith(f"/id/{articles[0].id}")
    again = await http.get(server.feed_url, headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304
    server.portal.publish()
    fresh = await http.get(server.feed_url, headers={"if-none-match": response.headers["etag"]})
    assert fresh.status_code == 200


async def test_the_list_names_its_feed(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    [link] = (await page(http, server.portal_url)).cssselect("link[rel=alternate]")
    assert link.get("href") == server.feed_url


async def test_publishing_never_runs_dry(server: RehearsalServer) -> None:
    published = [server.portal.publish() for _ in range(2 * len(STOCK) + 1)]
    assert len({article.title for article in published}) == len(published)
    assert len({article.id for article in published}) == len(published)
    assert len({article.slug for article in published}) == len(published)
    assert published[-1].title.endswith("(kỳ 3)")
    assert server.portal.articles[0] is published[-1]


async def test_news_are_whole(server: RehearsalServer) -> None:
    for _ in STOCK:
        server.portal.publish()
    for article in server.portal.articles:
        assert 3 <= len(article.paragraphs) <= 5
        assert "$" not in article.title + "".join(article.paragraphs)


async def test_an_own_article_is_published_as_written(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    article = server.portal.publish("Thông báo <b>họp</b> & ký", "Đoạn $một.\n\nĐoạn hai.")
    assert article.paragraphs == ("Đoạn $một.", "Đoạn hai.")
    shown = await page(http, f"{server.portal_url}/-/asset_publisher/x/content/{article.slug}")
    assert words(shown.cssselect("h3.tieude")[0]) == "Thông báo <b>họp</b> & ký"


async def test_an_edited_article_keeps_its_address(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    before = server.portal.publish()
    after = server.portal.edit(before.id, title="Đính chính", body="Số đúng là 12.")
    assert (after.slug, after.id) == (before.slug, before.id)
    shown = await page(http, f"{server.portal_url}/-/asset_publisher/x/content/{before.slug}")
    assert "Số đúng là 12." in words(shown.cssselect(".noidung")[0])


async def test_a_withdrawn_article_is_gone(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    article = server.portal.publish()
    server.portal.withdraw(article.id)
    address = f"{server.portal_url}/-/asset_publisher/x/content/{article.slug}"
    assert (await http.get(address)).status_code == 404
    assert article.title not in (await http.get(server.portal_url)).text


async def test_older_articles_are_on_the_next_page(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    for _ in range(8):
        server.portal.publish()
    first = await page(http, server.portal_url)
    second = await page(http, f"{server.portal_url}?cur=2")
    assert len(first.cssselect(".asset-abstract")) == 10
    assert len(second.cssselect(".asset-abstract")) == 3
    assert words(second.cssselect(".pagination-results")[0]) == "Hiển thị 11 - 13 of 13 kết quả."


async def test_a_list_that_fails_with_500(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    server.portal.break_down(PortalFault.SERVER_ERROR, times=1)
    assert (await http.get(server.portal_url)).status_code == 500
    assert (await http.get(server.portal_url)).status_code == 200


async def test_an_empty_answer(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.portal.break_down(PortalFault.EMPTY)
    response = await http.get(server.portal_url)
    assert (response.status_code, response.content) == (200, b"")
    server.portal.repair()
    assert (await http.get(server.portal_url)).content


async def test_another_layout_holds_no_list(
    http: httpx.AsyncClient, server: RehearsalServer
) -> None:
    server.portal.break_down(PortalFault.LAYOUT_CHANGED)
    shown = await page(http, server.portal_url)
    assert not shown.cssselect(".asset-abstract, .asset-title, .asset-anchor")
    assert server.portal.articles[0].title in words(shown)


async def test_a_page_of_50_mb(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.portal.break_down(PortalFault.HUGE)
    async with http.stream("GET", server.portal_url) as response:
        size = sum([len(chunk) async for chunk in response.aiter_raw()])
    assert size >= 50_000_000


async def test_a_moved_list_redirects(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.portal.break_down(PortalFault.REDIRECT)
    response = await http.get(server.portal_url, follow_redirects=True)
    assert [step.status_code for step in response.history] == [302]
    assert response.url.path == "/portal/web/guest/tin-tuc"
    assert "asset-abstract" in response.text


async def test_a_slow_page(http: httpx.AsyncClient, server: RehearsalServer) -> None:
    server.portal.break_down(PortalFault.SLOW, seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        await http.get(server.portal_url, timeout=IMPATIENT)
    server.portal.break_down(PortalFault.SLOW, seconds=0.01)
    async with asyncio.timeout(30):
        assert (await http.get(server.portal_url)).status_code == 200

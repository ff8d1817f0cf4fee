"""An article is one article: whatever its address, its portal and our own memory do."""

from datetime import timedelta

import pytest

from jobs.compose import compose_new
from jobs.identity import keys_of
from storage.records import NewArticle, SourceKind
from tests.jobs.polling.desk import INTERVAL, OLD, TODAY, Desk, a_feed, an_item
from tests.samples import a_source
from tests.web import Web, answer

TITLES = [f"Tin số {word}" for word in ("một", "hai", "ba", "bốn", "năm", "sáu")]
NEW = "Ra quân làm đường ở ấp Cái Sao"


def shows(web: Web, *items: str) -> None:
    web.answers["/rss"] = answer("200 OK", a_feed(*items))


async def titles(desk: Desk) -> list[str]:
    return [article.title for article in await desk.news()]


async def test_addresses_that_change_at_each_visit_push_nothing_again(
    desk: Desk, feed: Web
) -> None:
    for visit in range(6):
        items = [an_item(title, f"https://tanlap.example/tin?p={n}&s={visit}")
                 for n, title in enumerate(TITLES)]  # fmt: skip
        shows(feed, *items, an_item(NEW, f"https://tanlap.example/tin?p=9&s={visit}"), OLD)
        await desk.poll()
        await compose_new(desk.database, desk.clock.now())
    assert sorted(await titles(desk)) == sorted([*TITLES, NEW])


async def test_guids_that_change_at_each_visit_push_nothing_again(desk: Desk, feed: Web) -> None:
    for visit in range(4):
        item = an_item(NEW, f"https://tanlap.example/x{visit}", guid=f"x{visit}", date=TODAY)
        shows(feed, item, OLD)
        await desk.poll()
    assert await titles(desk) == [NEW]


@pytest.mark.parametrize("date", [TODAY, ""], ids=["dated", "without a date"])
@pytest.mark.parametrize("guid", ["b{}", ""], ids=["new guids", "no guids"])
async def test_a_portal_that_moves_sends_nothing_again(
    desk: Desk, feed: Web, date: str, guid: str
) -> None:
    def listed(place: str, mark: str) -> list[str]:
        return [
            an_item(title, f"{place}/{n}.html", guid=guid and mark + guid.format(n), date=date)
            for n, title in enumerate(TITLES)
        ]

    shows(feed, *listed("https://tanlap.example/tin", "a"))
    await desk.poll()
    before = await titles(desk)
    shows(feed, *listed("https://xatanlap.moi.example/bai-viet", "c"))
    await desk.poll()
    assert await titles(desk) == before
    again = an_item(NEW, "https://xatanlap.moi.example/bai-viet/9.html", guid="c9", date=date)
    shows(feed, again, *listed("https://xatanlap.moi.example/bai-viet", "c"))
    await desk.poll()
    assert sorted(await titles(desk)) == sorted([*before, NEW])


async def test_the_same_title_each_week_is_news_each_week(desk: Desk, feed: Web) -> None:
    weekly = [an_item("Lịch công tác tuần", f"https://tanlap.example/lich/{n}", guid=f"{n}")
              for n in range(5, 9)]  # fmt: skip
    for newest in range(1, len(weekly) + 1):
        shows(feed, *reversed(weekly[:newest]), OLD)
        await desk.poll()
    assert await titles(desk) == ["Lịch công tác tuần"] * 4


async def test_what_was_purged_is_not_sent_again(desk: Desk, feed: Web) -> None:
    shows(feed, an_item(NEW, "https://tanlap.example/2", guid="2"), OLD)
    await desk.poll()
    assert await titles(desk) == [NEW]
    shows(feed, OLD)
    await desk.poll()
    async with desk.database.transaction() as tx:
        later = desk.clock.now() + timedelta(days=1)
        assert await tx.articles.forget(before=later) == 2
    shows(feed, an_item(NEW, "https://tanlap.example/2", guid="2"), OLD)
    await desk.poll()
    shows(feed, an_item(NEW, "https://tanlap.example/elsewhere", guid="2"), OLD)
    counts = await desk.poll()
    assert counts.new == 0
    assert await titles(desk) == []


async def test_what_a_bulletin_holds_or_a_list_shows_is_not_purged(desk: Desk, feed: Web) -> None:
    shows(feed, an_item(NEW, "https://tanlap.example/2", guid="2", date=TODAY), OLD)
    await desk.poll()
    await desk.news()
    await compose_new(desk.database, desk.clock.now())
    async with desk.database.transaction() as tx:
        assert await tx.articles.forget(before=desk.clock.now()) == 0
        assert await tx.articles.forget(before=desk.clock.now() + timedelta(days=9)) == 1


async def test_a_source_that_is_added_again_under_a_new_address_sends_nothing(
    desk: Desk, feed: Web
) -> None:
    feed.answers["/moi"] = answer(
        "200 OK", a_feed(*(an_item(title, f"https://moi.example/{n}", date=TODAY)
                           for n, title in enumerate(TITLES)))
    )  # fmt: skip
    async with desk.database.transaction() as tx:
        await tx.sources.remove(1, desk.clock.now())
    await a_source(desk.database, f"{feed.url}/moi", SourceKind.FEED)
    await desk.poll()
    assert await titles(desk) == []


async def test_an_address_that_always_changes_does_not_fill_the_memory(
    desk: Desk, feed: Web
) -> None:
    for visit in range(40):
        shows(feed, an_item(NEW, f"https://tanlap.example/tin?s={visit}"))
        await desk.poll()
    last = NewArticle(title=NEW, url="https://tanlap.example/tin?s=3")
    async with desk.database.transaction() as tx:
        (keys,) = (await tx.articles.with_any_key(keys_of(last, source_id=1))).values()
    assert len(keys) == 30
    assert await titles(desk) == [NEW]


LEAD = (
    "Sáng 12/11/2026, Đảng ủy xã Tân Lập tổ chức lễ ra quân làm 4,2 km đường giao thông nông thôn"
    " tại ấp Cái Sao, với sự tham gia của hơn 150 cán bộ, hội viên các đoàn thể và người dân."
)


async def test_the_same_news_of_two_portals_is_told_once_and_says_so(
    desk: Desk, feed: Web
) -> None:
    feed.answers["/huyen"] = answer("200 OK", a_feed(OLD.replace("/1", "/0").replace("cũ", "xưa")))
    other = await a_source(desk.database, f"{feed.url}/huyen", SourceKind.FEED)
    await desk.poll()
    async with desk.database.transaction() as tx:
        await tx.sources.rename(other, "Trang tin tỉnh")
    shows(feed, an_item(NEW, "https://tanlap.example/2", date=TODAY, text=LEAD), OLD)
    await desk.poll()
    copy = an_item(f"{NEW}", "https://tinh.example/9", date=TODAY, text=f"(CTT) – {LEAD}")
    near = an_item(NEW.replace("Cái Sao", "Cái Nứa"), "https://tinh.example/8", date=TODAY,
                   text=LEAD.replace("Cái Sao", "Cái Nứa"))  # fmt: skip
    feed.answers["/huyen"] = answer("200 OK", a_feed(copy, near))
    await desk.poll(2 * INTERVAL)
    told = {article.title: article.also_at for article in await desk.news()}
    assert told == {NEW: ("Trang tin tỉnh",), NEW.replace("Cái Sao", "Cái Nứa"): ()}
    assert [article.title for article in await desk.all_articles()].count(NEW) == 1


async def test_after_three_days_the_same_words_are_news_again(desk: Desk, feed: Web) -> None:
    feed.answers["/huyen"] = answer("200 OK", a_feed())
    await a_source(desk.database, f"{feed.url}/huyen", SourceKind.FEED)
    await desk.poll()
    shows(feed, an_item(NEW, "https://tanlap.example/2", text=LEAD), OLD)
    await desk.poll()
    feed.answers["/huyen"] = answer(
        "200 OK", a_feed(an_item(NEW, "https://tinh.example/9", text=LEAD))
    )
    await desk.poll(timedelta(hours=73))
    assert [article.also_at for article in await desk.news()] == [(), ()]

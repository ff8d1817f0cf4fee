"""The same news of two sources: told once, to the readers of both."""

from datetime import timedelta

import pytest

from jobs.compose import compose_new
from jobs.elsewhere import release_flood
from storage.records import NewSource, SourceKind
from tests.jobs.polling.desk import OLD, TODAY, Desk, a_feed, an_item
from tests.samples import NOW
from tests.web import Web, answer

NEW = "Ra quân làm đường ở ấp Cái Sao"
LEAD = (
    "Sáng 12/11/2026, Đảng ủy xã Tân Lập tổ chức lễ ra quân làm 4,2 km đường giao thông nông thôn"
    " tại ấp Cái Sao, với sự tham gia của hơn 150 cán bộ, hội viên các đoàn thể và người dân."
)
OURS = an_item(NEW, "https://tanlap.example/2", date=TODAY, text=LEAD)
COPY = an_item(NEW, "https://tinh.example/9", date=TODAY, text=f"(CTT) – {LEAD}")


@pytest.fixture
async def province(desk: Desk, feed: Web) -> int:
    """Another source, visited once, all of whose news is of the second topic."""
    feed.answers["/tinh"] = answer("200 OK", a_feed(OLD.replace("/1", "/0").replace("cũ", "xưa")))
    new = NewSource(
        name="Trang tin tỉnh", url=f"{feed.url}/tinh", kind=SourceKind.FEED, topics={"": 2}
    )
    async with desk.database.transaction() as tx:
        source_id = (await tx.sources.add(new, NOW)).id
    await desk.poll()
    return source_id


async def shows(desk: Desk, web: Web, path: str, *items: str) -> None:
    web.answers[path] = answer("200 OK", a_feed(*items))
    await desk.poll()


async def topics(desk: Desk) -> list[set[int]]:
    return [set(article.topic_ids) for article in await desk.news()]


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("item", [COPY, OURS], ids=["a copy", "the same article"])
async def test_what_another_source_tells_too_is_told_to_the_readers_of_both(
    desk: Desk, feed: Web, item: str
) -> None:
    await shows(desk, feed, "/rss", OURS, OLD)
    assert await topics(desk) == [{1}]
    await shows(desk, feed, "/tinh", item)
    assert await topics(desk) == [{1, 2}]


@pytest.mark.usefixtures("province")
async def test_what_was_told_to_other_readers_is_told_to_these(desk: Desk, feed: Web) -> None:
    await shows(desk, feed, "/rss", OURS, OLD)
    await desk.news()
    await compose_new(desk.database, desk.clock.now())
    assert await topics(desk) == []
    await shows(desk, feed, "/tinh", COPY)
    assert await topics(desk) == [{2}]


async def test_what_others_told_while_a_flood_was_held_is_not_told_again(
    desk: Desk, feed: Web, province: int
) -> None:
    many = (
        an_item(f"Tin dồn {n}", f"https://tinh.example/f{n}", date=TODAY) for n in range(30, 50)
    )
    await shows(desk, feed, "/tinh", COPY, *many)
    assert await topics(desk) == []
    await shows(desk, feed, "/rss", OURS, OLD)
    desk.clock.at += timedelta(days=4)
    async with desk.database.transaction() as tx:
        assert await release_flood(tx, province, desk.clock.now()) == 20
    told = [article.title for article in await desk.all_articles()]
    assert told.count(NEW) == 1
    assert len(told) == 20 + 1 + 2

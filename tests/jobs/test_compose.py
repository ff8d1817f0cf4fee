"""From summaries to bulletins: one for each article, and digests that readers share."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.bulletin_text import digest_content
from jobs.compose import compose_new
from jobs.fan_out import fan_out_ready
from jobs.late_news import find_late
from jobs.new_bulletin import LIFETIME, MOST_IN_A_DIGEST, add_digests, content_key, new_code
from storage.database import Database
from storage.records import (
    ArticleContent,
    BulletinKind,
    Delivery,
    NewArticle,
    PageState,
    SummarisedArticle,
)
from tests.samples import NOW, a_bot, a_source, a_subscriber, an_article, at

HOUR = timedelta(hours=1)
SEVEN = datetime(2026, 11, 13, 0, 0, tzinfo=UTC)  # 07:00 in Viet Nam on the 13th


@pytest.fixture
async def source(database: Database) -> int:
    return await a_source(database)


async def an_article_at(
    database: Database, source: int, title: str, at_time: datetime, topic: int = 1
) -> None:
    """Seen, read and summarised at this time."""
    async with database.transaction() as tx:
        new = NewArticle(title=title, url=f"https://tanlap.example/{title}")
        article = await tx.articles.add(
            new, source_id=source, topic_ids=[topic], is_baseline=False, now=at_time
        )
        content = ArticleContent(title=title, lead="", paragraphs=(), credit="", image_url="")
        await tx.articles.record_text(
            article, content, content_hash=title, state=PageState.READ, now=at_time
        )
        version = (await tx.articles.without_summary(99))[-1].id
        await tx.articles.add_summary(
            version, text=f"{title}.", how="lead", line=f"{title}.", now=at_time
        )


async def a_reader(
    database: Database, number: int, *, hour: int | None = 7, topics: tuple[int, ...] = (1, 2)
) -> int:
    subscriber = await a_subscriber(database, at(await a_bot(database), str(number)))
    async with database.transaction() as tx:
        for topic in await tx.topics.all():
            if topic.id not in topics:
                await tx.subscribers.unfollow(subscriber, topic.id)
        await tx.subscribers.read_digests(subscriber, hour, NOW)
    return subscriber


async def digests(database: Database) -> list[tuple[list[str], list[int]]]:
    """Titles and readers of every digest."""
    async with database.transaction() as tx:
        found = []
        for bulletin in await tx.bulletins.newest(99):
            if bulletin.kind is not BulletinKind.DIGEST:
                continue
            titles = [article.title for article in await tx.articles.of_bulletin(bulletin.id)]
            deliveries: list[Delivery] = await tx.outbox.of_bulletin(bulletin.id)
            found.append((titles, [each.subscriber_id for each in deliveries]))
    return found[::-1]


async def run(database: Database, now: datetime) -> None:
    await compose_new(database, now)
    await fan_out_ready(database, now)


async def test_an_article_becomes_one_bulletin_however_often_composed(
    database: Database, source: int
) -> None:
    await an_article_at(database, source, "A", NOW)
    assert (await compose_new(database, NOW)).bulletins == 1
    assert (await compose_new(database, NOW)).bulletins == 0


async def test_an_article_that_waited_too_long_is_given_to_nobody_but_not_forgotten(
    database: Database, source: int
) -> None:
    await an_article_at(database, source, "A", NOW)
    later = NOW + LIFETIME
    await compose_new(database, later)
    assert (await fan_out_ready(database, later)).bulletins == 0
    async with database.transaction() as tx:
        assert [each.title for each in await find_late(tx, later)] == ["A"]


async def test_readers_due_the_same_list_share_one_digest(database: Database, source: int) -> None:
    both = await a_reader(database, 1), await a_reader(database, 2)
    other = await a_reader(database, 3, topics=(2,))
    await an_article_at(database, source, "A", NOW + HOUR, topic=1)
    await an_article_at(database, source, "B", NOW + 2 * HOUR, topic=2)
    await run(database, SEVEN)
    assert await digests(database) == [(["A", "B"], list(both)), (["B"], [other])]


async def test_a_digest_is_composed_once_a_day_and_holds_what_is_new(
    database: Database, source: int
) -> None:
    reader = await a_reader(database, 1)
    await an_article_at(database, source, "A", NOW + HOUR)
    await run(database, SEVEN - timedelta(minutes=1))
    assert await digests(database) == []
    await run(database, SEVEN)
    await an_article_at(database, source, "B", SEVEN + timedelta(minutes=1))
    await run(database, SEVEN + timedelta(minutes=2))
    await run(database, SEVEN + 5 * HOUR)
    await run(database, SEVEN + timedelta(days=1))
    assert await digests(database) == [(["A"], [reader]), (["B"], [reader])]


async def test_a_program_that_was_down_at_the_hour_composes_late(
    database: Database, source: int
) -> None:
    reader = await a_reader(database, 1)
    await an_article_at(database, source, "A", NOW + HOUR)
    await run(database, SEVEN + 3 * HOUR)
    assert await digests(database) == [(["A"], [reader])]


async def test_who_has_nothing_new_gets_no_digest(database: Database) -> None:
    await a_reader(database, 1)
    await run(database, SEVEN)
    assert await digests(database) == []


async def test_what_came_before_the_choice_was_sent_at_once_and_is_not_repeated(
    database: Database, source: int
) -> None:
    await an_article_at(database, source, "before", NOW - HOUR)
    await a_reader(database, 1)
    await run(database, SEVEN)
    assert await digests(database) == []


async def test_who_reads_digests_gets_no_article_by_itself(
    database: Database, source: int
) -> None:
    at_once = await a_reader(database, 1, hour=None)
    await a_reader(database, 2, hour=7)
    await an_article_at(database, source, "A", NOW + HOUR)
    await run(database, NOW + HOUR)
    async with database.transaction() as tx:
        assert [each.subscriber_id for each in await tx.outbox.of_bulletin(1)] == [at_once]


def test_the_same_list_has_the_same_key_and_another_another() -> None:
    key = content_key(BulletinKind.DIGEST, "2026-11-13T07", [1, 2])
    assert key == content_key(BulletinKind.DIGEST, "2026-11-13T07", [1, 2])
    others = [
        content_key(BulletinKind.DIGEST, "2026-11-13T07", [2, 1]),
        content_key(BulletinKind.DIGEST, "2026-11-14T07", [1, 2]),
        content_key(BulletinKind.ARTICLE, "2026-11-13T07", [1, 2]),
    ]
    assert key not in others


def test_a_code_can_be_read_out() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    for code in codes:
        assert len(code) == 7
        assert not set(code) & set("01IO")


async def test_a_digest_says_a_headline_and_at_most_a_line_each(
    database: Database, source: int
) -> None:
    await an_article_at(database, source, "Ngắn gọn", NOW)
    async with database.transaction() as tx:
        (article,) = await tx.articles.latest(9)
    bare = SummarisedArticle(
        **{name: getattr(article, name) for name in SummarisedArticle.__slots__}
        | {"title": "Không có dòng nào", "line": ""}
    )
    content = digest_content([article, bare], composed_at=SEVEN, code="K7M-3RD")
    assert content.text.text == (
        "🗓 Bản tin ngày 13/11/2026 (2 tin)\n\n"
        "1. Ngắn gọn\nNgắn gọn.\n\n"
        "2. Không có dòng nào\n\n"
        "Mã K7M-3RD"
    )
    assert [[button.label for button in row] for row in content.buttons] == [["1", "2"]]


async def test_who_is_owed_the_beginning_of_a_longer_list_gets_it_too(
    database: Database, source: int
) -> None:
    readers = [await a_reader(database, number, hour=None) for number in (1, 2)]
    async with database.transaction() as tx:
        news = [
            await an_article(tx, source, title=f"Tin {n}") for n in range(MOST_IN_A_DIGEST + 1)
        ]
        owed = {readers[0]: news, readers[1]: news[:MOST_IN_A_DIGEST]}
        assert await add_digests(tx, "held-1", owed, NOW) == 2
        assert await add_digests(tx, "held-1", owed, NOW) == 0
    await fan_out_ready(database, NOW)
    async with database.transaction() as tx:
        rest, first = await tx.bulletins.newest(2)
        told = [await tx.outbox.of_bulletin(each.id) for each in (first, rest)]
    assert [[each.subscriber_id for each in some] for some in told] == [readers, readers[:1]]

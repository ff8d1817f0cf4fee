"""/moinhat: the newest articles, for everybody."""

from storage.database import Database
from tests.bot.commands.phone import Town, buttons_of
from tests.bot.commands.stored import stored
from tests.samples import a_source, an_article


async def _articles(database: Database, number: int) -> None:
    source_id = await a_source(database)
    async with database.transaction() as tx:
        for n in range(1, number + 1):
            await an_article(tx, source_id, title=f"Tin số {n}")


async def test_a_stranger_reads_the_newest_five(town: Town, database: Database) -> None:
    await _articles(database, 7)
    phone = town.person()
    answer = await phone.say("tin mới")
    assert [n for n in range(1, 8) if f"Tin số {n}" in answer] == [3, 4, 5, 6, 7]
    assert answer.index("Tin số 7") < answer.index("Tin số 3")
    assert phone.seen is not None
    assert all(button.url for button in buttons_of(phone.seen))
    assert await stored(database, phone) is None


async def test_without_any_article_it_is_said(town: Town) -> None:
    assert (await town.person().say("/moinhat")).startswith("Chưa có tin nào.")


async def test_a_subscriber_reads_his_topics_and_may_ask_for_all(
    town: Town, database: Database
) -> None:
    await _articles(database, 1)  # of the first topic
    phone = await town.subscriber()
    assert "Tin số 1" in await phone.say("/moinhat")
    await phone.say("/chuyenmuc")
    await phone.press("✓ Tin tức - sự kiện")
    assert await phone.say("/moinhat") == "Các chuyên mục đã chọn chưa có tin nào."
    assert "Tin số 1" in await phone.press("Xem tin của mọi chuyên mục")


async def test_who_ticked_nothing_reads_all(town: Town, database: Database) -> None:
    await _articles(database, 1)
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    for label in phone.labels:
        if label.startswith("✓"):
            await phone.press(label)
    assert "Tin số 1" in await phone.say("/moinhat")


async def test_a_group_may_ask_too(town: Town, database: Database) -> None:
    await _articles(database, 1)
    assert "Tin số 1" in await town.group_member().say("/moinhat")

"""/tinquahan: news that came too late is sent as one digest, or not at all; an admin decides."""

from datetime import timedelta

import pytest

from jobs.compose import compose_new
from jobs.fan_out import fan_out_ready
from jobs.new_bulletin import LIFETIME
from storage.database import Database
from storage.records import Bulletin, BulletinKind, Role
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import actions, give_role
from tests.samples import a_source, a_subscriber, an_article, at, end_all

SEND, DROP, SHOW = "Gửi một bản tổng hợp", "Không gửi nữa", "Xem danh sách"
LATER = LIFETIME + timedelta(hours=2)


@pytest.fixture
async def admin(town: Town, database: Database) -> Phone:
    phone = town.person()
    await give_role(database, phone, Role.ADMIN)
    return phone


async def a_reader(town: Town, database: Database, name: str) -> int:
    return await a_subscriber(database, at(town.bot_id, name))


async def news(database: Database, town: Town, *titles: str) -> None:
    source_id = await a_source(database, f"https://{len(titles)}.example/")
    async with database.transaction() as tx:
        for title in titles:
            await an_article(tx, source_id, title=title)
    await compose_new(database, town.clock.now())


async def settled(town: Town, database: Database) -> None:
    """So long after, what waited has expired."""
    town.clock.pass_time(LATER)
    async with database.transaction() as tx:
        await tx.deliveries.settle(town.clock.now())


async def digests(town: Town, database: Database) -> dict[Bulletin, list[int]]:
    """What would be sent now, and to whom."""
    await fan_out_ready(database, town.clock.now())
    async with database.transaction() as tx:
        return {
            each: [to.subscriber_id for to in await tx.outbox.of_bulletin(each.id)]
            for each in await tx.bulletins.newest(100)
            if each.kind is BulletinKind.DIGEST
        }


async def test_where_nothing_is_late_there_is_nothing_to_decide(admin: Phone) -> None:
    assert await admin.say("/tinquahan") == "Không có tin nào quá hạn cần gửi."
    assert admin.labels == []


async def test_who_missed_news_gets_one_digest_of_just_that(
    town: Town, database: Database, admin: Phone
) -> None:
    reached = await a_reader(town, database, "1")
    await news(database, town, "Tin một")
    await fan_out_ready(database, town.clock.now())
    await end_all(database, town.bot_id, now=town.clock.now())  # then Telegram falls silent
    missed = await a_reader(town, database, "2")
    await news(database, town, "Tin hai", "Tin ba")
    await fan_out_ready(database, town.clock.now())
    await settled(town, database)
    shown = await admin.say("/tinquahan")
    assert "2\u00a0tin quá hạn" in shown
    assert "- Tin hai\n- Tin ba" in shown
    assert admin.labels == [SEND, DROP]
    assert "tới 2\u00a0nơi nhận tin" in await admin.press(SEND)
    ((digest, receivers),) = (await digests(town, database)).items()
    assert sorted(receivers) == sorted([reached, missed])
    async with database.transaction() as tx:
        titles = [each.title for each in await tx.articles.of_bulletin(digest.id)]
    assert titles == ["Tin hai", "Tin ba"]
    assert (await actions(database))[-1] == "late_news_send"


async def test_what_a_standstill_kept_from_being_given_out_is_late_too(
    town: Town, database: Database, admin: Phone
) -> None:
    reader = await a_reader(town, database, "1")
    town.clock.pass_time(LATER)  # the program stood still; news was read long before
    await news(database, town, "Tin cũ")
    assert await digests(town, database) == {}
    assert "- Tin cũ" in await admin.say("tin quá hạn")
    await admin.press(SEND)
    assert list((await digests(town, database)).values()) == [[reader]]


@BUTTONS_ONLY
@pytest.mark.parametrize("choice", [SEND, DROP])
async def test_it_is_decided_once(
    town: Town, database: Database, admin: Phone, choice: str
) -> None:
    await a_reader(town, database, "1")
    await news(database, town, "Tin hai")
    await settled(town, database)
    await admin.say("/tinquahan")
    question = admin.seen
    await admin.press(choice)
    for again in (SEND, DROP):
        assert "Không có tin nào" in await admin.press(again, on=question)
    assert len(await digests(town, database)) == (1 if choice == SEND else 0)


async def test_members_decide_nothing(town: Town, database: Database) -> None:
    await a_reader(town, database, "1")
    await news(database, town, "Tin hai")
    await settled(town, database)
    await town.person().press_data("tinquahan:send")
    assert await digests(town, database) == {}

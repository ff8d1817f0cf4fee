"""News that a bot has too few messages left for: nobody loses any, and nobody gets it twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.rehearsal.zalo.cast import MEMBER
from jobs.held_news import compose_held
from jobs.late_news import find_late
from jobs.thrift import reserve_of
from storage.records import DeliveryState, Reason
from tests.jobs.zalo_office import MONTHLY, ZaloOffice, at_zalo

NEAR_THE_END = MONTHLY * 95 // 100
FIVE_IN_THE_AFTERNOON = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)  # 17:00 in Viet Nam
THE_NEXT_DAY = FIVE_IN_THE_AFTERNOON + timedelta(days=1)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)  # 07:00 in Viet Nam


@pytest.fixture
async def member(zalo: ZaloOffice) -> int:
    return await zalo.joins(MEMBER)


def digest(zalo: ZaloOffice) -> list[str]:
    """The headlines of the last message."""
    text = zalo.server.zalo.texts(MEMBER.id)[-1]
    assert text.startswith("🗓 Bản tin ngày")
    return [line.partition(". ")[2] for line in text.splitlines() if line[:1].isdigit()]


@pytest.mark.usefixtures("member")
async def test_near_the_end_of_the_month_a_days_news_is_one_message(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    for title in ("Tin một", "Tin hai", "Tin ba"):
        await zalo.news(title)
    await zalo.flow()
    assert zalo.heads() == []
    assert {each.state for each in await zalo.deliveries()} == {DeliveryState.HELD}
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert digest(zalo) == ["Tin một", "Tin hai", "Tin ba"]
    await zalo.flow()
    assert len(zalo.heads()) == 1
    assert (await zalo.usage()).used == NEAR_THE_END + 1
    told = [each for each in await zalo.deliveries() if each.reason is Reason.IN_DIGEST]
    assert len(told) == 3


@pytest.mark.usefixtures("member")
async def test_what_comes_after_the_hour_waits_for_the_next_day(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON - timedelta(minutes=1))
    await zalo.news("Tin một")
    zalo.goes_to(FIVE_IN_THE_AFTERNOON + timedelta(minutes=1))
    await zalo.news("Tin hai")
    await zalo.flow()
    assert digest(zalo) == ["Tin một"]
    zalo.goes_to(THE_NEXT_DAY + timedelta(hours=2))
    await zalo.flow()
    assert digest(zalo) == ["Tin hai"]


@pytest.mark.usefixtures("member")
async def test_what_already_waited_when_the_share_was_reached_is_held_back_too(
    zalo: ZaloOffice,
) -> None:
    zalo.goes_to(datetime(2026, 11, 12, 15, 0, tzinfo=UTC))  # quiet: 22:00 in Viet Nam
    await zalo.news("Tin đêm")
    await zalo.used_before(NEAR_THE_END)
    zalo.goes_to(datetime(2026, 11, 13, 0, 0, tzinfo=UTC))
    await zalo.flow()
    assert zalo.heads() == []
    zalo.goes_to(THE_NEXT_DAY)
    await zalo.flow()
    assert digest(zalo) == ["Tin đêm"]


@pytest.mark.usefixtures("member")
async def test_on_the_reserve_no_digest_leaves_before_the_month_turns(zalo: ZaloOffice) -> None:
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY))
    await zalo.news("Tin một")
    zalo.goes_to(THE_NEXT_DAY)
    await zalo.news("Tin hai")
    assert zalo.heads() == []
    zalo.goes_to(FIRST_OF_DECEMBER)
    await zalo.flow()
    await zalo.flow()
    assert digest(zalo) == ["Tin một", "Tin hai"]
    assert len(zalo.heads()) == 1


@pytest.mark.usefixtures("member")
async def test_news_comes_by_itself_again_when_the_month_has_turned(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin cũ")
    zalo.goes_to(FIRST_OF_DECEMBER)
    await zalo.news("Tin mới")
    await zalo.flow()
    assert digest(zalo) == ["Tin cũ"]
    assert zalo.heads() == ["📰 Tin mới", "🗓 Bản tin ngày 01/12/2026 (1 tin)"]


async def test_a_digest_that_no_message_was_left_for_is_told_with_the_next(
    zalo: ZaloOffice,
) -> None:
    people = await zalo.several(3)
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY) - 2)
    await zalo.news("Tin một")
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert sorted(len(zalo.heads(each)) for each in people) == [0, 1, 1]
    await zalo.news("Tin hai")
    zalo.goes_to(FIRST_OF_DECEMBER)
    await zalo.flow()
    for each in people:
        text = "\n".join(zalo.server.zalo.texts(each.id))
        assert (text.count(". Tin một\n"), text.count(". Tin hai\n")) == (1, 1)


async def test_who_reads_another_bot_is_told_at_once(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await zalo.used_before(NEAR_THE_END)
    async with zalo.database.transaction() as tx:
        other = (await tx.bots.register(at_zalo(1, "").platform, "9", "Bản tin 2")).id
    assert other != zalo.bot_id
    zalo.lines[other] = zalo.line
    person = (await zalo.several(1))[0]
    async with zalo.database.transaction() as tx:
        await tx.subscribers.mark_gone(at_zalo(zalo.bot_id, person.id), zalo.now)
    await zalo.joins(person, bot_id=other)
    await zalo.news("Tin một")
    assert zalo.heads() == []
    assert len(zalo.heads(person)) == 1


async def test_who_leaves_meanwhile_is_owed_nothing(zalo: ZaloOffice, member: int) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(member, zalo.now)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert zalo.heads() == []
    (held,) = await zalo.deliveries()
    assert (held.state, held.reason) == (DeliveryState.CANCELLED, Reason.LEFT)


async def test_who_leaves_and_comes_back_is_told_nothing_from_before(
    zalo: ZaloOffice, member: int
) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(member, zalo.now)
        await tx.deliveries.cancel_for(member, zalo.now)
    async with zalo.database.transaction() as tx:
        await tx.subscribers.activate(member, consent_version=1, now=zalo.now)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert zalo.heads() == []


@pytest.mark.usefixtures("member")
async def test_what_the_office_stopped_meanwhile_is_not_told(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    await zalo.news("Tin hai")
    async with zalo.database.transaction() as tx:
        first = (await tx.bulletins.newest(2))[-1]
        await tx.bulletins.cancel(first.id, zalo.now)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert digest(zalo) == ["Tin hai"]


@pytest.mark.usefixtures("member")
async def test_what_may_have_arrived_is_not_held_back(zalo: ZaloOffice) -> None:
    zalo.mumbles()
    await zalo.news("Tin một")
    await zalo.used_before(NEAR_THE_END)
    zalo.clock.advance(timedelta(seconds=10))
    await zalo.flow()
    assert zalo.heads() == ["📰 Tin một", "📰 Tin một"]  # once more, as always


@pytest.mark.usefixtures("member")
async def test_composed_by_two_at_once_it_is_told_once(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    digests = []
    for _ in range(2):
        async with zalo.database.transaction() as tx:
            digests.append(await compose_held(tx, zalo.now))
    assert digests == [1, 0]


@pytest.mark.usefixtures("member")
async def test_after_a_backup_was_put_back_the_admins_are_asked_first(zalo: ZaloOffice) -> None:
    """Its digest may have been sent since the backup was made."""
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    async with zalo.database.transaction() as tx:
        assert await tx.deliveries.put_aside(zalo.now) == 1
        assert [each.title for each in await find_late(tx, zalo.now)] == ["Tin một"]
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert zalo.heads() == []


@pytest.mark.usefixtures("member")
async def test_what_the_portal_withdrew_meanwhile_is_not_told(zalo: ZaloOffice) -> None:
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    await zalo.news("Tin hai")
    async with zalo.database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE article SET missing_since = first_seen_at WHERE title = 'Tin một'")
        )
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert digest(zalo) == ["Tin hai"]
    withdrawn, told, _ = await zalo.deliveries()
    assert (withdrawn.reason, told.reason) == (Reason.WITHDRAWN, Reason.IN_DIGEST)


async def test_who_is_gone_meanwhile_is_not_said_to_have_been_told(
    zalo: ZaloOffice, member: int
) -> None:
    """Else he would be thought to have read it, when he turns out to be somebody."""
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    async with zalo.database.transaction() as tx:
        await tx.subscribers.mark_gone(at_zalo(zalo.bot_id, MEMBER.id), zalo.now)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    (held,) = await zalo.deliveries()
    assert held.subscriber_id == member
    assert (held.state, held.reason) == (DeliveryState.FAILED, Reason.CHAT_GONE)


async def test_a_month_of_news_is_all_told(zalo: ZaloOffice, member: int) -> None:
    """More than a digest holds becomes two."""
    await zalo.used_before(MONTHLY)
    titles = [f"Tin thứ {n}" for n in range(65)]
    for title in titles:
        await zalo.news(title)
    zalo.goes_to(FIRST_OF_DECEMBER)
    for _ in range(20):
        await zalo.flow()
        zalo.clock.advance(timedelta(seconds=5))
    told = "\n".join(zalo.server.zalo.texts(MEMBER.id))
    assert member
    assert [title for title in titles if f". {title}\n" not in told] == []

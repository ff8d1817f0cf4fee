"""On Zalo a group may get it for its organisation's members: nobody loses anything by that."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.records import Standing
from jobs.late_news import compose_late
from jobs.new_bulletin import LIFETIME
from jobs.takeover import TakeoverCounts, take_over
from jobs.thrift import reserve_of
from storage.database import Database
from storage.records import ChatKind
from tests.jobs.zalo_office import MONTHLY, ZaloOffice, at_zalo
from tests.samples import a_bot, a_subscriber, at

WOMEN = 3
GROUP = "zgr-1"
NEAR_THE_END = MONTHLY * 95 // 100
NIGHT = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)  # 22:00 in Viet Nam
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 13, 0, 0, tzinfo=UTC)
FIVE_IN_THE_AFTERNOON = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)  # 17:00 in Viet Nam


@dataclass(kw_only=True)
class Union:
    """A group that stands for its organisation, and a member of both."""

    zalo: ZaloOffice
    group: int
    member: int

    async def reads_digests(self, subscriber: int) -> None:
        async with self.zalo.database.transaction() as tx:
            await tx.subscribers.read_digests(subscriber, 17, self.zalo.now)
        self.zalo.clock.advance(timedelta(seconds=1))

    async def take_over(self) -> TakeoverCounts:
        bots = {self.zalo.bot_id}
        return await take_over(self.zalo.database, bots, self.zalo.now, after=timedelta(hours=1))

    def group_refuses(self) -> None:
        fault = Fault(chat=GROUP, method="sendMessage", times=1, code=400)
        self.zalo.server.zalo.faults.add(fault)

    def in_group(self) -> list[str]:
        """The first line of each post."""
        return [text.splitlines()[0] for text in self.zalo.server.zalo.texts(GROUP)]


@pytest.fixture
async def union(zalo: ZaloOffice) -> Union:
    member = await zalo.joins(MEMBER)
    zalo.server.zalo.add_group(GROUP, "Chi hội", [MEMBER], standing=Standing.MEMBER)
    where = at_zalo(zalo.bot_id, GROUP)
    group = await a_subscriber(zalo.database, where, kind=ChatKind.GROUP)
    for each in (group, member):
        await joins_women(zalo.database, each)
    async with zalo.database.transaction() as tx:
        assert await tx.subscribers.stand_for_members(group, is_so=True)
    return Union(zalo=zalo, group=group, member=member)


async def joins_women(database: Database, subscriber: int) -> None:
    async with database.transaction() as tx:
        await tx.subscribers.set_organisation(subscriber, WOMEN)


async def test_a_group_that_reads_digests_takes_only_notices_for_its_members(
    union: Union,
) -> None:
    zalo = union.zalo
    await union.reads_digests(union.group)
    await zalo.news("Tin một")
    assert zalo.heads() == ["📰 Tin một"]
    await zalo.notice()
    assert len(zalo.heads()) == 1
    assert len(union.in_group()) == 1
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert union.in_group()[1:] == ["🗓 Bản tin ngày 12/11/2026 (1 tin)"]
    assert len(zalo.heads()) == 1


async def test_a_member_who_reads_digests_has_his_own(union: Union) -> None:
    """Whether the group got all of it by itself or came only afterwards."""
    zalo = union.zalo
    await union.reads_digests(union.member)
    await zalo.news("Tin một")
    assert (union.in_group(), zalo.heads()) == (["📰 Tin một"], [])
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert zalo.heads() == ["🗓 Bản tin ngày 12/11/2026 (1 tin)"]


async def test_a_group_that_comes_in_the_afternoon_takes_nothing_from_the_days_digests(
    union: Union,
) -> None:
    zalo = union.zalo
    await union.reads_digests(union.member)
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(union.group, zalo.now)
    await zalo.news("Tin một")
    zalo.goes_to(FIVE_IN_THE_AFTERNOON - timedelta(hours=1))
    async with zalo.database.transaction() as tx:
        await tx.subscribers.activate(union.group, consent_version=1, now=zalo.now)
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    await zalo.flow()
    assert (union.in_group(), zalo.heads()) == ([], ["🗓 Bản tin ngày 12/11/2026 (1 tin)"])


async def test_what_still_waits_for_a_group_that_leaves_its_members_get(union: Union) -> None:
    zalo = union.zalo
    zalo.goes_to(NIGHT)
    await zalo.news("Tin đêm")
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(union.group, zalo.now)
        await tx.deliveries.cancel_for(union.group, zalo.now)
    assert (await union.take_over()).for_groups == 1
    assert (await union.take_over()).for_groups == 0
    zalo.goes_to(MORNING)
    await zalo.flow()
    assert (union.in_group(), zalo.heads()) == ([], ["📰 Tin đêm"])


async def test_news_held_back_for_a_group_that_is_gone_its_members_are_told_in_a_digest(
    union: Union,
) -> None:
    zalo = union.zalo
    on_telegram = await a_subscriber(zalo.database, at(await a_bot(zalo.database), "7"))
    await joins_women(zalo.database, on_telegram)
    await zalo.used_before(NEAR_THE_END)
    await zalo.news("Tin một")
    await zalo.news("Tin hai")
    zalo.goes_to(FIVE_IN_THE_AFTERNOON)
    union.group_refuses()
    await zalo.flow()
    assert (union.in_group(), zalo.heads()) == ([], [])
    assert (await union.take_over()).for_groups == 2
    assert (await union.take_over()).for_groups == 0
    await zalo.flow()
    assert zalo.heads() == ["🗓 Bản tin ngày 12/11/2026 (2 tin)"]
    his = [each for each in await zalo.deliveries() if each.subscriber_id == on_telegram]
    assert len(his) == 2  # each by itself, as before


async def test_a_group_that_leaves_at_the_end_of_a_month_loses_its_members_none_of_the_held_news(
    union: Union,
) -> None:
    zalo = union.zalo
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY))
    await zalo.news("Tin một")
    zalo.clock.advance(2 * LIFETIME)  # too old to be sent by itself
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(union.group, zalo.now)
        await tx.deliveries.cancel_for(union.group, zalo.now)
    assert (await union.take_over()).for_groups == 1
    zalo.goes_to(FIRST_OF_DECEMBER)
    await zalo.flow()
    assert (union.in_group(), zalo.heads()) == ([], ["🗓 Bản tin ngày 01/12/2026 (1 tin)"])


async def test_late_news_that_a_group_refuses_its_members_are_told(union: Union) -> None:
    zalo = union.zalo
    zalo.goes_to(NIGHT)
    await zalo.news("Tin đêm")
    zalo.goes_to(MORNING + LIFETIME)
    await zalo.flow()
    async with zalo.database.transaction() as tx:
        assert await compose_late(tx, zalo.now) == 1
    union.group_refuses()
    await zalo.flow()
    await union.take_over()
    await zalo.flow()
    assert (union.in_group(), zalo.heads()) == ([], ["🗓 Bản tin ngày 16/11/2026 (1 tin)"])

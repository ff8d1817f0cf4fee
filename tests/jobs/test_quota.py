"""A bot's monthly messages: what is counted, and what happens as they run out."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.faults import Fault
from jobs.messenger import Address, Content, MaybeSent, QuotaGone, Refused
from jobs.quota import Quota
from jobs.rich_text import plain
from jobs.thrift import Thrift, month_of, reserve_of, thrift
from storage.records import Bot, DeliveryState, Limits, Platform, Urgency, Usage
from tests.jobs.zalo_office import MONTHLY, ZaloOffice
from tests.samples import NOW

HELLO = Content(text=plain("Xin chào."))
TO_MEMBER = Address(platform=Platform.ZALO, chat=MEMBER.id)


def used(sent: int, received: int = 0, *, limit: int = 3000, gone: bool = False) -> Usage:
    return Usage(
        bot=Bot(id=1, platform=Platform.ZALO, account="8", name="Bản tin", down_since=None),
        limits=Limits(messages=limit, people=50, groups=3),
        month="2026-11",
        sent=sent,
        received=received,
        gone_at=NOW if gone else None,
    )


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param(used(0), Thrift.NONE, id="nothing used"),
        pytest.param(used(2849), Thrift.NONE, id="just under 95 %"),
        pytest.param(used(2850), Thrift.NEWS_IN_DIGESTS, id="95 %"),
        pytest.param(used(1425, 1425), Thrift.NEWS_IN_DIGESTS, id="both directions count"),
        pytest.param(used(2939), Thrift.NEWS_IN_DIGESTS, id="one above the reserve"),
        pytest.param(used(2940), Thrift.RESERVED, id="the reserve is left"),
        pytest.param(used(3100), Thrift.RESERVED, id="more than we thought there was"),
        pytest.param(used(5, gone=True), Thrift.GONE, id="the platform says so"),
        pytest.param(used(0, limit=0), Thrift.RESERVED, id="a bot that may send nothing"),
    ],
)
def test_how_a_bot_deals_with_what_is_left(usage: Usage, expected: Thrift) -> None:
    assert thrift(usage) is expected


@pytest.mark.parametrize(
    ("messages", "reserve"),
    [(3000, 60), (1000, 20), (100, 20), (30, 15), (0, 0)],
)
def test_what_is_kept_for_replies_and_urgent_notices(messages: int, reserve: int) -> None:
    assert reserve_of(messages) == reserve


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 11, 30, 16, 59, tzinfo=UTC), "2026-11"),
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), "2026-12"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "2027-01"),
    ],
)
def test_the_month_turns_at_midnight_in_viet_nam(now: datetime, month: str) -> None:
    assert month_of(now) == month


async def say(zalo: ZaloOffice) -> None:
    (part,) = zalo.line.messenger.render(HELLO)
    await zalo.line.messenger.send(TO_MEMBER, part)


async def test_both_directions_are_counted_and_survive_a_restart(zalo: ZaloOffice) -> None:
    assert zalo.line.quota is not None
    await say(zalo)
    await zalo.line.quota.received(2)
    again = Quota(database=zalo.database, bot_id=zalo.bot_id, clock=zalo.clock)
    await again.count(again.month, sent=1)
    usage = await zalo.usage()
    assert (usage.sent, usage.received, usage.used) == (2, 2, 4)


async def test_what_was_certainly_not_sent_is_not_counted(zalo: ZaloOffice) -> None:
    zalo.refuses()
    with pytest.raises(Refused):
        await say(zalo)
    assert (await zalo.usage()).used == 0


async def test_what_may_have_been_sent_is_counted(zalo: ZaloOffice) -> None:
    zalo.mumbles()
    with pytest.raises(MaybeSent):
        await say(zalo)
    assert (await zalo.usage()).sent == 1


async def test_a_new_month_begins_at_nothing(zalo: ZaloOffice) -> None:
    await zalo.used_before(MONTHLY)
    zalo.goes_to(datetime(2026, 11, 30, 18, 0, tzinfo=UTC))
    assert (await zalo.usage()).used == 0
    assert await zalo.thrift() is Thrift.NONE


async def test_of_a_bot_without_limits_nothing_is_counted(zalo: ZaloOffice) -> None:
    async with zalo.database.transaction() as tx:
        await tx.quotas.set_limits(zalo.bot_id, None)
    await say(zalo)
    async with zalo.database.transaction() as tx:
        assert await tx.quotas.usage(month_of(zalo.now)) == []
    await zalo.joins(MEMBER)
    await zalo.news("Tin một")
    assert zalo.heads()[1:] == ["📰 Tin một"]


async def test_when_the_platform_takes_no_more_the_batch_stops_and_nothing_failed(
    zalo: ZaloOffice,
) -> None:
    people = await zalo.several(4)
    zalo.allows_monthly(2)
    await zalo.news("Tin một")
    refused = zalo.server.zalo.refused
    under_way = refused[429]
    states = [(each.state, each.reason) for each in await zalo.deliveries()]
    assert states.count((DeliveryState.SENT, None)) == 2
    waiting = {DeliveryState.QUEUED, DeliveryState.HELD}  # or it has been seen already
    assert {state for state, _ in states} <= {DeliveryState.SENT} | waiting
    assert await zalo.thrift() is Thrift.GONE
    zalo.clock.advance(timedelta(hours=23))
    await zalo.flow()
    await zalo.flow()
    assert refused[429] == under_way  # nobody went on trying
    zalo.goes_to(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))  # 06:30 on the first
    await zalo.flow()
    assert [len(zalo.heads(person)) for person in people] == [1, 1, 1, 1]


async def test_once_a_day_one_message_finds_out_whether_more_is_taken(zalo: ZaloOffice) -> None:
    people = await zalo.several(4)
    zalo.allows_monthly(0)
    await zalo.news("Tin một")
    refused = zalo.server.zalo.refused
    under_way = refused[429]
    for day in (1, 2):
        zalo.clock.advance(timedelta(days=1))
        await zalo.flow()
        await zalo.flow()
        assert refused[429] == under_way + day
        assert await zalo.thrift() is Thrift.GONE
    zalo.allows_monthly(99)
    await zalo.flow()
    assert [len(zalo.heads(person)) for person in people] == [0, 0, 0, 0]  # not before its time
    zalo.clock.advance(timedelta(days=1))
    await zalo.flow()
    await zalo.flow()
    assert [len(zalo.heads(person)) for person in people] == [1, 1, 1, 1]
    assert await zalo.thrift() is Thrift.NONE


async def test_what_answers_find_out_puts_the_next_try_off_no_further(zalo: ZaloOffice) -> None:
    assert zalo.line.quota is not None
    zalo.allows_monthly(0)
    for hours in (0, 12, 11):
        zalo.clock.advance(timedelta(hours=hours))
        with pytest.raises(QuotaGone):
            await say(zalo)
    zalo.clock.advance(timedelta(hours=1))
    await zalo.line.quota.look()
    assert not zalo.line.is_used_up


async def test_what_is_answered_after_midnight_counts_for_the_month_it_left_in(
    zalo: ZaloOffice,
) -> None:
    zalo.goes_to(datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC))
    faults = zalo.server.zalo.faults
    faults.add(Fault(code=429, only_messages=True, times=1))
    faults.watchers.append(lambda: zalo.clock.advance(timedelta(seconds=2)))  # while it is asked
    with pytest.raises(QuotaGone):
        await say(zalo)
    async with zalo.database.transaction() as tx:
        (november,) = await tx.quotas.usage("2026-11")
        (december,) = await tx.quotas.usage("2026-12")
    assert november.gone_at is not None
    assert (november.used, december.used, december.gone_at) == (0, 0, None)
    assert not zalo.line.is_used_up


async def test_the_owner_lets_it_go_on_before_the_month_turns(zalo: ZaloOffice) -> None:
    await zalo.several(3)
    zalo.allows_monthly(2)
    notice = await zalo.notice()
    zalo.allows_monthly(99)
    assert await zalo.sent(notice) == 2
    async with zalo.database.transaction() as tx:
        assert await tx.quotas.resume(zalo.bot_id, month_of(zalo.now))
        assert not await tx.quotas.resume(zalo.bot_id, month_of(zalo.now))
    await zalo.flow()
    assert await zalo.sent(notice) == 3


async def test_another_process_hears_that_the_quota_is_gone(zalo: ZaloOffice) -> None:
    other = Quota(database=zalo.database, bot_id=zalo.bot_id, clock=zalo.clock)
    zalo.allows_monthly(0)
    with pytest.raises(QuotaGone):
        await say(zalo)
    assert not other.is_gone
    await other.look()
    assert other.is_gone
    async with zalo.database.transaction() as tx:
        assert [each.gone_at for each in await tx.quotas.usage(month_of(zalo.now))] == [zalo.now]


async def test_the_reserve_is_left_for_urgent_notices(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY))
    ordinary = await zalo.notice()
    urgent = await zalo.notice(Urgency.URGENT)
    assert (await zalo.sent(ordinary), await zalo.sent(urgent)) == (0, 1)
    zalo.goes_to(datetime(2026, 12, 1, 0, 30, tzinfo=UTC))
    await zalo.flow()
    assert await zalo.sent(ordinary) == 1


async def test_ordinary_notices_take_no_more_than_what_is_above_the_reserve(
    zalo: ZaloOffice,
) -> None:
    await zalo.several(5)
    await zalo.used_before(MONTHLY - reserve_of(MONTHLY) - 3)
    notice = await zalo.notice()
    await zalo.flow()
    assert await zalo.sent(notice) == 3
    assert (await zalo.usage()).used == MONTHLY - reserve_of(MONTHLY)


async def test_of_the_reserve_a_notice_of_several_parts_takes_less_than_one_whole_notice(
    zalo: ZaloOffice,
) -> None:
    people = await zalo.several(12)
    zalo.line.at_once = 8
    above_the_reserve = MONTHLY - reserve_of(MONTHLY)
    await zalo.used_before(above_the_reserve - len(people))
    notice = await zalo.notice(text="Nước lên nhanh. " * 250)
    for _ in range(5):
        await zalo.flow()
    parts = len(zalo.server.zalo.texts(people[0].id))
    assert parts > 1
    assert 0 < await zalo.sent(notice) <= len(people) // parts + 1
    assert (await zalo.usage()).used < above_the_reserve + parts

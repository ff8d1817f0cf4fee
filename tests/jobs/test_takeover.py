"""What certainly did not arrive goes the other way; what may have arrived never does."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from jobs.fan_out import fan_out_ready
from jobs.new_bulletin import LIFETIME
from jobs.takeover import TakeoverCounts, take_over
from jobs.thrift import month_of
from storage.database import Database
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    ChatKind,
    DeliveryState,
    Ending,
    Limits,
    Outcome,
    Platform,
    Reason,
    Urgency,
)
from storage.repositories.subscribers import ChatAddress
from tests.jobs.rig import Deliveries
from tests.samples import NOW, a_bot, a_bulletin, a_subscriber, at, claimed, sent_part

DOWN_FOR = timedelta(hours=1)
LATER = NOW + timedelta(minutes=5)


@dataclass(kw_only=True)
class Offices(Deliveries):
    """One person on Telegram and Zalo; Telegram is where he is written to first."""

    telegram: int
    zalo: int
    who: int
    ours: set[int] = field(default_factory=set)

    async def telegram_is_down(self, *, since: timedelta = DOWN_FOR) -> None:
        async with self.database.transaction() as tx:
            await tx.bots.mark_down(self.telegram, NOW - since)

    async def take_over(self) -> TakeoverCounts:
        return await take_over(self.database, self.ours, NOW, after=DOWN_FOR)

    async def tried(
        self, bot_id: int, ending: Ending, reason: Reason | None = None, *, half: bool = False
    ) -> None:
        """One send of what waits for this bot."""
        process, (claim,) = await claimed(self.database, bot_id, now=LATER)
        part = sent_part(claim)
        outcome = Outcome(delivery_id=claim.id, ending=ending, reason=reason, at=NOW, until=NOW)
        async with self.database.transaction() as tx:
            await tx.claims(
                lambda in_hand: in_hand.record(process, [part] if half else [], [outcome])
            )
            if reason is Reason.CHAT_GONE:
                await tx.subscribers.mark_gone(_where(claim.chat.platform, bot_id), NOW)
            if reason is Reason.REFUSED:
                await tx.refusals.add(claim.chat.id, claim.id, NOW)


def _where(platform: Platform, bot_id: int) -> ChatAddress:
    return ChatAddress(platform=platform, bot_id=bot_id, address="1")


@pytest.fixture
async def office(database: Database) -> Offices:
    telegram = await a_bot(database)
    who = await a_subscriber(database, at(telegram, "1"))
    async with database.transaction() as tx:
        zalo = (await tx.bots.register(Platform.ZALO, "12345689", "Bản tin")).id
        await tx.subscribers.add_chat(who, _where(Platform.ZALO, zalo), ChatKind.PERSON)
    return Offices(database=database, telegram=telegram, zalo=zalo, who=who, ours={telegram, zalo})


async def test_what_waits_for_a_platform_that_is_long_down_goes_the_other_way(
    office: Offices,
) -> None:
    bulletin = await office.bulletin()
    assert (await office.only(bulletin)).bot_id == office.telegram
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 1
    assert (await office.take_over()).moved == 0
    assert (await office.only(bulletin)).bot_id == office.zalo
    await office.tried(office.zalo, Ending.SENT)
    assert (await office.only(bulletin)).state is DeliveryState.SENT


async def test_a_short_rest_is_waited_for(office: Offices) -> None:
    bulletin = await office.bulletin()
    await office.telegram_is_down(since=DOWN_FOR - timedelta(seconds=1))
    assert (await office.take_over()).moved == 0
    async with office.database.transaction() as tx:  # since when is kept from the first time
        await tx.bots.mark_down(office.telegram, NOW - 3 * DOWN_FOR)
    assert (await office.take_over()).moved == 0
    assert (await office.only(bulletin)).bot_id == office.telegram


async def test_a_platform_that_came_back_keeps_what_is_its_own(office: Offices) -> None:
    await office.bulletin()
    await office.telegram_is_down()
    async with office.database.transaction() as tx:
        await tx.bots.mark_up(office.telegram)
    assert (await office.take_over()).moved == 0


async def test_what_the_platform_never_took_goes_the_other_way_though_it_was_tried(
    office: Offices,
) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.BACK, Reason.UNREACHABLE)
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 1
    delivery = await office.only(bulletin)
    assert (delivery.bot_id, delivery.reason, delivery.attempts) == (office.zalo, None, 1)


async def test_when_both_are_down_it_waits_where_it_is(office: Offices) -> None:
    await office.bulletin()
    await office.telegram_is_down()
    async with office.database.transaction() as tx:
        await tx.bots.mark_down(office.zalo, NOW - DOWN_FOR)
    assert (await office.take_over()).moved == 0


async def test_it_may_come_back_when_the_other_platform_goes_down_in_its_turn(
    office: Offices,
) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.BACK, Reason.UNREACHABLE)
    await office.telegram_is_down()
    await office.take_over()
    async with office.database.transaction() as tx:
        await tx.bots.mark_up(office.telegram)
        await tx.bots.mark_down(office.zalo, NOW - DOWN_FOR)
    assert (await office.take_over()).moved == 1
    assert (await office.only(bulletin)).bot_id == office.telegram


@pytest.mark.parametrize(
    ("ending", "half"),
    [(Ending.UNSURE, False), (Ending.BACK, True)],
    ids=["maybe sent", "a part was sent"],
)
async def test_what_may_have_arrived_is_never_taken_over(
    office: Offices, ending: Ending, *, half: bool
) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, ending, half=half)
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 0
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.ZALO, NOW)
    assert (await office.only(bulletin)).bot_id == office.telegram


async def test_what_is_just_being_sent_is_left_alone(office: Offices) -> None:
    bulletin = await office.bulletin()
    await claimed(office.database, office.telegram)
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 0
    assert (await office.only(bulletin)).state is DeliveryState.SENDING


@pytest.mark.parametrize("reason", [Reason.CHAT_GONE, Reason.REFUSED])
async def test_a_chat_that_does_not_take_it_hands_it_to_the_other(
    office: Offices, reason: Reason
) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.FAILED, reason)
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.bot_id) == (DeliveryState.QUEUED, office.zalo)
    await office.tried(office.zalo, Ending.FAILED, reason)  # and it is not asked again
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, reason)


async def test_a_chat_that_refused_another_bulletin_may_get_this_one(office: Offices) -> None:
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.ZALO, NOW)
    await office.bulletin("refused")
    await office.tried(office.zalo, Ending.FAILED, Reason.REFUSED)
    await office.tried(office.telegram, Ending.SENT)
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.TELEGRAM, NOW)
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.FAILED, Reason.CHAT_GONE)
    assert (await office.only(bulletin)).bot_id == office.zalo


@pytest.mark.parametrize("reason", [Reason.CHAT_GONE, Reason.REFUSED])
async def test_a_chat_that_may_have_it_hands_it_to_nobody(office: Offices, reason: Reason) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.UNSURE)
    await office.tried(office.telegram, Ending.FAILED, reason)
    assert (await office.only(bulletin)).state is DeliveryState.FAILED
    async with office.database.transaction() as tx:
        await tx.deliveries.requeue_failed(bulletin, NOW)
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 0


async def test_content_that_is_refused_is_refused_for_good(office: Offices) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.FAILED, Reason.REJECTED)
    assert (await office.only(bulletin)).state is DeliveryState.FAILED


async def test_a_chat_that_is_gone_before_it_is_tried_is_passed_by(office: Offices) -> None:
    bulletin = await office.bulletin()
    async with office.database.transaction() as tx:
        await tx.subscribers.mark_gone(at(office.telegram, "1"), NOW)
    assert (await claimed(office.database, office.telegram))[1] == []
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.bot_id) == (DeliveryState.QUEUED, office.zalo)


async def test_what_may_have_arrived_at_a_chat_that_is_gone_ends_unconfirmed(
    office: Offices,
) -> None:
    bulletin = await office.bulletin()
    await office.tried(office.telegram, Ending.UNSURE)
    async with office.database.transaction() as tx:
        await tx.subscribers.mark_gone(at(office.telegram, "1"), NOW)
    assert (await claimed(office.database, office.telegram, now=LATER))[1] == []
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.UNCONFIRMED)


async def test_a_bot_that_the_office_no_longer_runs_leaves_nothing_waiting(
    office: Offices,
) -> None:
    bulletin = await office.bulletin()
    office.ours = {office.zalo}
    assert (await office.take_over()).moved == 1
    assert (await office.only(bulletin)).bot_id == office.zalo


async def test_when_a_months_messages_are_used_up_the_other_platform_sends(
    office: Offices,
) -> None:
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.ZALO, NOW)
        await tx.quotas.set_limits(office.zalo, Limits(messages=3000, people=50, groups=3))
        await tx.quotas.mark_gone(office.zalo, month_of(NOW), NOW)
    waits, held = await office.bulletin("waits"), await office.bulletin("held")
    async with office.database.transaction() as tx:
        await tx.held.hold_back(office.zalo, [BulletinKind.ARTICLE], NOW)
    assert (await office.only(held)).state is DeliveryState.HELD
    assert (await office.take_over()).moved == 2
    for each in (waits, held):
        delivery = await office.only(each)
        assert (delivery.state, delivery.bot_id) == (DeliveryState.QUEUED, office.telegram)


async def test_what_a_bot_saves_for_urgent_notices_ordinary_ones_go_round(
    office: Offices,
) -> None:
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.ZALO, NOW)
        await tx.quotas.set_limits(office.zalo, Limits(messages=3000, people=50, groups=3))
        await tx.quotas.count(office.zalo, month_of(NOW), sent=2990)
    urgent = await a_bulletin(office.database, key="u", urgency=Urgency.URGENT)
    ordinary = await office.bulletin()
    assert (await office.take_over()).moved == 1
    assert (await office.only(ordinary)).bot_id == office.telegram
    assert (await office.only(urgent)).bot_id == office.zalo


async def test_held_news_that_is_too_old_to_be_sent_goes_round_in_a_digest(
    office: Offices,
) -> None:
    async with office.database.transaction() as tx:
        await tx.people.prefer(office.who, Platform.ZALO, NOW)
        await tx.quotas.set_limits(office.zalo, Limits(messages=3000, people=50, groups=3))
    bulletin = await office.bulletin()
    async with office.database.transaction() as tx:
        await tx.held.hold_back(office.zalo, [BulletinKind.ARTICLE], NOW)
        await tx.quotas.mark_gone(office.zalo, month_of(NOW), NOW)
    moved = await take_over(office.database, office.ours, NOW + LIFETIME, after=DOWN_FOR)
    assert moved.moved == 1
    held = await office.only(bulletin)
    assert (held.state, held.reason) == (DeliveryState.HELD, Reason.QUOTA)
    assert held.bot_id == office.telegram  # whose month is no matter


async def test_who_is_on_one_platform_only_waits_for_it(office: Offices) -> None:
    other = await a_subscriber(office.database, at(office.telegram, "2"))
    bulletin = await office.bulletin()
    await office.telegram_is_down()
    assert (await office.take_over()).moved == 1
    ways = {each.subscriber_id: each.bot_id for each in await office.all(bulletin)}
    assert ways == {office.who: office.zalo, other: office.telegram}


WOMEN = 3
TO_ALL = Audience(rule=AudienceRule.ALL)


@dataclass(kw_only=True)
class Women:
    """A group on Zalo that stands for an organisation, with members."""

    office: Offices
    group: int
    on_zalo: int
    on_telegram: int
    of_another: int


@pytest.fixture
async def women(office: Offices) -> Women:
    database = office.database

    async def joins(where: ChatAddress, organisation: int, kind: ChatKind) -> int:
        who = await a_subscriber(database, where, kind=kind)
        async with database.transaction() as tx:
            await tx.subscribers.set_organisation(who, organisation)
        return who

    def zalo(address: str) -> ChatAddress:
        return ChatAddress(platform=Platform.ZALO, bot_id=office.zalo, address=address)

    found = Women(
        office=office,
        group=await joins(zalo("zgr-1"), WOMEN, ChatKind.GROUP),
        on_zalo=await joins(zalo("6ede01"), WOMEN, ChatKind.PERSON),
        on_telegram=await joins(at(office.telegram, "7"), WOMEN, ChatKind.PERSON),
        of_another=await joins(zalo("6ede02"), 4, ChatKind.PERSON),
    )
    async with database.transaction() as tx:
        assert await tx.subscribers.stand_for_members(found.group, is_so=True)
        await tx.subscribers.erase(office.who, NOW)
    return found


async def _receivers(women: Women, bulletin: int) -> set[int]:
    return {each.subscriber_id for each in await women.office.all(bulletin)}


async def test_a_group_gets_it_once_for_its_organisations_members_on_zalo(women: Women) -> None:
    bulletin = await women.office.bulletin()
    expected = {women.group, women.on_telegram, women.of_another}
    assert await _receivers(women, bulletin) == expected
    async with women.office.database.transaction() as tx:
        recipients = await tx.outbox.recipients([TO_ALL])
        found = await tx.subscribers.group_for(women.on_zalo)
        assert found is not None
        assert found.id == women.group
        assert await tx.subscribers.group_for(women.on_telegram) is None
    assert (recipients.people, recipients.groups) == (2, 1)


@pytest.mark.parametrize("why", ["gone", "left", "other topics", "not asked to"])
async def test_what_the_group_does_not_get_the_members_get_themselves(
    women: Women, why: str
) -> None:
    group = ChatAddress(platform=Platform.ZALO, bot_id=women.office.zalo, address="zgr-1")
    async with women.office.database.transaction() as tx:
        match why:
            case "gone":
                await tx.subscribers.mark_gone(group, NOW)
            case "left":
                await tx.subscribers.deactivate(women.group, NOW)
            case "other topics":
                await tx.subscribers.unfollow(women.group, 1)
            case _:
                await tx.subscribers.stand_for_members(women.group, is_so=False)
    topic = Audience(rule=AudienceRule.TOPIC, value="1")
    bulletin = await a_bulletin(women.office.database, audience=(topic,))
    await fan_out_ready(women.office.database, NOW)
    assert women.on_zalo in await _receivers(women, bulletin)


async def test_when_the_group_has_vanished_its_members_get_what_it_did_not(women: Women) -> None:
    office = women.office
    bulletin = await office.bulletin()
    process, claims = await claimed(office.database, office.zalo)
    group = next(each for each in claims if each.chat.subscriber_id == women.group)
    failed = Outcome(delivery_id=group.id, ending=Ending.FAILED, reason=Reason.CHAT_GONE, at=NOW)
    async with office.database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [], [failed]))
        await tx.subscribers.mark_gone(
            ChatAddress(platform=Platform.ZALO, bot_id=office.zalo, address="zgr-1"), NOW
        )
    later = await a_subscriber(
        office.database,
        ChatAddress(platform=Platform.ZALO, bot_id=office.zalo, address="6ede09"),
    )
    async with office.database.transaction() as tx:
        await tx.subscribers.set_organisation(later, WOMEN)
        await tx.subscribers.deactivate(later, NOW)
        await tx.subscribers.activate(later, consent_version=1, now=LATER)
    assert (await office.take_over()).for_groups == 1
    assert (await office.take_over()).for_groups == 0
    assert women.on_zalo in await _receivers(women, bulletin)
    assert later not in await _receivers(women, bulletin)


@pytest.fixture
async def linked(women: Women) -> int:
    """A member of the group's organisation who is on both platforms, and written to on Zalo."""
    office = women.office
    async with office.database.transaction() as tx:
        on_telegram = at(office.telegram, "77")
        assert await tx.subscribers.add_chat(women.on_zalo, on_telegram, ChatKind.PERSON)
    return women.on_zalo


@pytest.mark.parametrize("why", ["used up", "saving", "down", "no longer run"])
async def test_while_the_group_cannot_be_written_to_those_who_have_another_way_take_it(
    women: Women, linked: int, why: str
) -> None:
    office = women.office
    limits = Limits(messages=3000, people=50, groups=3)
    async with office.database.transaction() as tx:
        match why:
            case "used up":
                await tx.quotas.set_limits(office.zalo, limits)
                await tx.quotas.mark_gone(office.zalo, month_of(NOW), NOW)
            case "saving":
                await tx.quotas.set_limits(office.zalo, limits)
                await tx.quotas.count(office.zalo, month_of(NOW), sent=2990)
            case "down":
                await tx.bots.mark_down(office.zalo, NOW - DOWN_FOR)
            case _:
                office.ours = {office.telegram}
    bulletin = await office.bulletin()
    assert linked not in await _receivers(women, bulletin)
    assert (await office.take_over()).for_groups == 1
    assert (await office.take_over()).for_groups == 0
    ways = {each.subscriber_id: each.bot_id for each in await office.all(bulletin)}
    assert ways[linked] == office.telegram
    assert ways[women.group] == office.zalo  # it waits, for those who are nowhere else
    assert len(ways) == 4

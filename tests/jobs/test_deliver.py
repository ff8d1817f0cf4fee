"""Delivery over HTTP to a rehearsal Telegram: what every end of a send leaves in the database."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, MEMBER, supergroup_id
from bot.rehearsal.telegram.records import Person
from jobs.fan_out import fan_out_ready
from jobs.messenger import Address, Capabilities, Content, Messenger, Part
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    DeliveryState,
    Ending,
    NewBulletin,
    Outcome,
    Platform,
    Reachability,
    Reason,
    Urgency,
)
from tests.jobs.rig import Office
from tests.jobs.zalo_office import ZaloOffice
from tests.samples import NOW, a_subscriber, at, sent_part


@pytest.mark.usefixtures("member")
async def test_a_bulletin_arrives_once_and_is_known_to_have_arrived(office: Office) -> None:
    bulletin = await office.bulletin()
    assert (await office.deliver()).sent == 1
    assert (await office.deliver()).sent == 0
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    (text,) = office.texts()
    assert text.startswith("📰 Tin k\n\nTóm tắt.")
    assert "Mã ABC-k" in text
    async with office.database.transaction() as tx:
        (message,) = await tx.outbox.messages(delivery.id)
    (sent,) = office.server.telegram.from_bot(MEMBER.id)
    assert message.platform_message_id == str(sent.id)


@pytest.mark.usefixtures("member")
async def test_told_to_wait_it_waits_as_long_and_that_chat_alone(office: Office) -> None:
    other = Person(id=700009, first_name="Bảy")
    office.server.telegram.add_person(other)
    await a_subscriber(office.database, at(office.bot_id, str(other.id)))
    bulletin = await office.bulletin()
    office.goes_wrong(code=429, seconds=17)
    await office.deliver()
    assert len(office.texts(other.id)) == 1
    waiting = (await office.all(bulletin))[0]
    assert (waiting.state, waiting.reason) == (DeliveryState.QUEUED, Reason.THROTTLED)
    office.clock.advance(timedelta(seconds=10))
    await office.deliver()
    assert office.texts() == []
    office.clock.advance(timedelta(seconds=8))
    await office.deliver()
    assert len(office.texts()) == 1


async def test_who_blocked_the_bot_is_written_to_no_more_until_he_returns(
    office: Office, member: int
) -> None:
    office.server.people.block(MEMBER)
    bulletin = await office.bulletin()
    await office.deliver()
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.CHAT_GONE)
    async with office.database.transaction() as tx:
        (chat,) = await tx.subscribers.chats(member)
        assert chat.reachability is Reachability.GONE
    assert await office.all(await office.bulletin("away")) == []
    office.server.people.unblock(MEMBER)
    async with office.database.transaction() as tx:
        await tx.subscribers.mark_back(at(office.bot_id, str(MEMBER.id)))
    await office.bulletin("back")
    office.clock.advance(timedelta(seconds=1))
    await office.deliver()
    assert [text.splitlines()[0] for text in office.texts()] == ["📰 Tin back"]


@pytest.mark.usefixtures("group")
async def test_a_group_that_became_a_supergroup_gets_it_at_its_new_address(
    office: Office,
) -> None:
    office.server.people.upgrade_group(GROUP_ADMIN, GROUP_ID)
    bulletin = await office.bulletin()
    await office.deliver()
    office.clock.advance(timedelta(seconds=1))
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.SENT
    assert len(office.texts(supergroup_id(GROUP_ID))) == 1


@pytest.mark.usefixtures("member")
async def test_what_is_never_accepted_is_tried_once(office: Office) -> None:
    bulletin = await office.bulletin()
    office.goes_wrong(code=400, description="Bad Request: BUTTON_URL_INVALID")
    await office.deliver()
    office.clock.advance(timedelta(days=1))
    await office.deliver()
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.REJECTED)
    assert delivery.attempts == 1
    assert office.texts() == []


@pytest.mark.usefixtures("member")
async def test_when_telegram_is_ill_it_is_tried_again_later(office: Office) -> None:
    bulletin = await office.bulletin()
    office.goes_wrong(code=500)
    await office.deliver()
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.QUEUED, Reason.UNREACHABLE)
    office.clock.advance(timedelta(seconds=5))
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.SENT


@pytest.mark.usefixtures("member")
async def test_without_an_answer_it_is_sent_once_more(office: Office) -> None:
    bulletin = await office.bulletin()
    office.goes_wrong(kind=FaultKind.DOWN)
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.UNSURE
    await office.deliver()
    assert office.texts() == []  # not at once: the platform is busy
    office.clock.advance(timedelta(seconds=10))
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.SENT
    assert len(office.texts()) == 1


@pytest.mark.usefixtures("member")
async def test_a_second_time_without_an_answer_ends_unconfirmed(office: Office) -> None:
    bulletin = await office.bulletin()
    office.goes_wrong(kind=FaultKind.DOWN, times=None)
    for _ in range(5):
        await office.deliver()
        office.clock.advance(timedelta(minutes=1))
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.UNCONFIRMED)
    assert delivery.attempts == 2


@pytest.mark.usefixtures("member")
async def test_what_was_in_flight_at_a_kill_is_sent_once_more(office: Office) -> None:
    bulletin = await office.bulletin()
    await office.claimed_by_the_dead()
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.SENT
    assert len(office.texts()) == 1


@pytest.mark.usefixtures("member")
async def test_a_claim_that_its_own_process_never_heard_of_is_not_forgotten(
    office: Office,
) -> None:
    bulletin = await office.bulletin()
    await office.lease.renew()
    async with office.database.transaction() as tx:  # and the connection breaks as it commits
        claims = await tx.claims(
            lambda in_hand: in_hand.claim(
                office.lease.process_id, office.bot_id, 9, now=office.clock.now(), least_urgent=9
            )
        )
    assert len(claims) == 1
    await office.deliver()
    assert (await office.only(bulletin)).state is DeliveryState.SENT


async def test_a_platform_that_is_down_is_left_alone_for_a_while(office: Office) -> None:
    for number in range(40):
        await a_subscriber(office.database, at(office.bot_id, str(710000 + number)))
        office.server.telegram.add_person(Person(id=710000 + number, first_name="A"))
    bulletin = await office.bulletin()
    office.goes_wrong(code=500, chat=None, method="", times=None)
    await office.deliver()
    tried = [each for each in await office.all(bulletin) if each.attempts]
    assert 3 <= len(tried) < 40
    office.server.telegram.faults.clear()
    for _ in range(20):
        office.clock.advance(timedelta(minutes=1))
        await office.deliver()
    assert {each.state for each in await office.all(bulletin)} == {DeliveryState.SENT}


async def test_a_few_chats_that_do_not_answer_hold_up_nobody(office: Office) -> None:
    for number in range(40):
        await a_subscriber(office.database, at(office.bot_id, str(710000 + number)))
        office.server.telegram.add_person(Person(id=710000 + number, first_name="A"))
        if number < 10:
            office.goes_wrong(kind=FaultKind.DOWN, chat=710000 + number, times=None)
    bulletin = await office.bulletin()
    await office.deliver()
    states = [each.state for each in await office.all(bulletin)]
    assert states == [DeliveryState.UNSURE] * 10 + [DeliveryState.SENT] * 30


async def test_in_quiet_hours_only_what_is_urgent_goes_out(office: Office, member: int) -> None:
    office.clock.advance(timedelta(hours=13))  # 21:46 in Viet Nam
    ordinary = await office.bulletin()
    urgent = await an_urgent_broadcast(office)
    await office.deliver()
    assert (await office.only(ordinary)).state is DeliveryState.QUEUED
    assert (await office.only(urgent)).state is DeliveryState.SENT
    (text,) = office.texts()
    assert text.startswith("‼️ Thông báo của Đảng ủy xã Tân Lập\n\nNước lên nhanh")
    office.clock.advance(timedelta(hours=8, minutes=15))  # 06:01
    await office.deliver()
    assert (await office.only(ordinary)).state is DeliveryState.SENT
    assert member


async def an_urgent_broadcast(office: Office) -> int:
    now = office.clock.now()
    async with office.database.transaction() as tx:
        draft = await tx.broadcasts.start(None, now)
        await tx.broadcasts.set_urgency(draft, Urgency.URGENT, now)
        await tx.broadcasts.write(
            draft, text="Nước lên nhanh.", spans=(), attachment=None, now=now
        )
        await tx.broadcasts.confirm(draft, now)
        bulletin = await tx.bulletins.add(
            NewBulletin(
                kind=BulletinKind.BROADCAST,
                content_key="urgent",
                code="URG-ENT",
                urgency=Urgency.URGENT,
                not_before=now,
                expires_at=now + timedelta(days=1),
                audience=(Audience(rule=AudienceRule.ALL),),
            ),
            now,
        )
        assert bulletin is not None
        await tx.broadcasts.became(
            draft, bulletin, status_chat_id=None, status_message_id="", now=now
        )
    await fan_out_ready(office.database, now)
    return bulletin


async def test_who_left_before_it_went_out_does_not_get_it(office: Office, member: int) -> None:
    bulletin = await office.bulletin()
    async with office.database.transaction() as tx:
        await tx.subscribers.deactivate(member, NOW)
        await tx.deliveries.cancel_for(member, NOW)
    await office.deliver()
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason.LEFT)
    assert office.texts() == []


@pytest.mark.usefixtures("member")
async def test_stale_news_is_not_sent(office: Office) -> None:
    bulletin = await office.bulletin()
    office.clock.advance(timedelta(days=3))
    assert (await office.deliver()).ended == 1
    delivery = await office.only(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.EXPIRED, Reason.STALE)
    assert office.texts() == []


@pytest.mark.usefixtures("member", "group")
async def test_one_who_cannot_be_reached_does_not_hold_up_the_others(office: Office) -> None:
    bulletin = await office.bulletin()
    office.goes_wrong(kind=FaultKind.DOWN, times=None)
    await office.deliver()
    states = [each.state for each in await office.all(bulletin)]
    assert states == [DeliveryState.UNSURE, DeliveryState.SENT]


@pytest.mark.usefixtures("member")
async def test_several_bulletins_to_one_chat_go_out_a_second_apart_in_order(
    office: Office,
) -> None:
    for key in ("1", "2", "3"):
        await office.bulletin(key)
    for _ in range(6):
        await office.deliver()
        office.clock.advance(timedelta(milliseconds=600))
    assert [text.splitlines()[0] for text in office.texts()] == [
        "📰 Tin 1", "📰 Tin 2", "📰 Tin 3",
    ]  # fmt: skip
    first, second, third = (each.date for each in office.server.telegram.from_bot(MEMBER.id))
    assert second - first >= timedelta(seconds=1)
    assert third - second >= timedelta(seconds=1)


async def test_a_notice_that_was_stopped_is_not_sent_after_a_failed_try(
    office: Office, member: int
) -> None:
    assert member
    notice = await an_urgent_broadcast(office)
    now = office.clock.now()
    process, (claim,) = await office.claims()
    async with office.database.transaction() as tx:  # the office stops it meanwhile
        await tx.bulletins.cancel(notice, now)
        await tx.deliveries.cancel_bulletin(notice, now)
    async with office.database.transaction() as tx:  # and the send did not succeed
        outcome = Outcome(
            delivery_id=claim.id, ending=Ending.BACK, reason=Reason.THROTTLED, until=now, at=now
        )
        await tx.claims(lambda in_hand: in_hand.record(process, [], [outcome]))
    office.clock.advance(timedelta(minutes=1))
    await office.deliver()
    delivery = await office.only(notice)
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason.STOPPED)
    assert office.texts() == []


async def test_while_telegram_is_down_a_run_ends_though_a_chat_rests(
    office: Office, member: int, group: int
) -> None:
    assert member
    assert group
    await office.bulletin("1")
    await office.deliver()
    await office.bulletin("2")
    office.goes_wrong(code=500, chat=None, method="", times=None)
    async with asyncio.timeout(60):
        await office.deliver()


LONG = "Nội dung dài. " * 400  # two parts


async def a_long_notice(office: Office) -> int:
    notice = await an_urgent_broadcast(office)
    async with office.database.engine.begin() as connection:
        await connection.execute(text("UPDATE broadcast SET text = :long"), {"long": LONG})
    return notice


@pytest.mark.usefixtures("member")
async def test_a_part_that_arrived_is_not_sent_again_when_the_rest_must_wait(
    office: Office,
) -> None:
    notice = await a_long_notice(office)
    process, (claim,) = await office.claims()
    now = office.clock.now()
    part = sent_part(claim, now)
    async with office.database.transaction() as tx:  # then it was told to end
        await tx.claims(lambda in_hand: in_hand.record(process, [part], []))
        await tx.claims(lambda in_hand: in_hand.release(process, [claim.id]))
        await tx.processes.end(process, now)
    await office.deliver()
    assert (await office.only(notice)).state is DeliveryState.SENT
    assert len(office.texts()) == 1  # the second part alone


@pytest.mark.usefixtures("member")
async def test_a_long_notice_arrives_in_its_parts_and_order(office: Office) -> None:
    notice = await a_long_notice(office)
    await office.deliver()
    assert (await office.only(notice)).state is DeliveryState.SENT
    first, second = office.texts()
    assert first.startswith("‼️ Thông báo")
    assert "Mã" in second


async def test_when_nothing_can_be_written_down_nothing_more_is_sent(office: Office) -> None:
    crowd = [Person(id=710000 + number, first_name="A") for number in range(200)]
    for person in crowd:
        await a_subscriber(office.database, at(office.bot_id, str(person.id)))
        office.server.telegram.add_person(person)
    await office.bulletin()
    refused = (
        "CREATE TRIGGER broken BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no'); END"
        if office.database.is_sqlite
        else "ALTER TABLE message ADD CONSTRAINT broken CHECK (part < 0) NOT VALID"
    )
    async with office.database.engine.begin() as connection:
        await connection.execute(text(refused))
    with pytest.raises(IntegrityError):
        await office.deliver()
    sent = sum(len(office.texts(person.id)) for person in crowd)
    assert 0 < sent < len(crowd) // 2


@pytest.mark.usefixtures("member")
async def test_since_when_a_platform_is_down_is_known_until_it_answers(office: Office) -> None:
    await office.bulletin()
    office.goes_wrong(code=500, chat=None, method="", times=None)
    await office.deliver()
    began = await down_since(office)
    assert began is not None
    office.clock.advance(timedelta(minutes=30))
    await office.deliver()
    assert await down_since(office) == began
    office.server.telegram.faults.clear()
    office.clock.advance(timedelta(minutes=30))
    await office.deliver()
    assert await down_since(office) is None


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A messenger before each of whose messages somebody looks."""

    messenger: Messenger
    look: Callable[[], Awaitable[None]]

    @property
    def platform(self) -> Platform:
        return self.messenger.platform

    @property
    def capabilities(self) -> Capabilities:
        return self.messenger.capabilities

    def render(self, content: Content) -> Sequence[Part]:
        return self.messenger.render(content)

    async def ping(self) -> None:
        await self.messenger.ping()

    async def send(self, to: Address, part: Part) -> str:
        await self.look()
        return await self.messenger.send(to, part)

    async def edit(self, to: Address, message_id: str, part: Part) -> None:
        await self.messenger.edit(to, message_id, part)


async def test_that_a_platform_is_back_is_known_while_much_is_still_to_be_sent(
    zalo: ZaloOffice,
) -> None:
    await zalo.several(20)  # four seconds
    async with zalo.database.transaction() as tx:
        await tx.bots.mark_down(zalo.bot_id, zalo.now - timedelta(hours=2))
    is_down: list[bool] = []

    async def look() -> None:
        async with zalo.database.transaction() as tx:
            is_down.append(bool(await tx.bots.down_since_before(zalo.now)))

    zalo.line.messenger = Watched(messenger=zalo.line.messenger, look=look)
    await zalo.notice()
    assert len(is_down) == 20
    assert (is_down[0], is_down[-1]) == (True, False)


async def test_a_bot_that_was_down_in_an_earlier_life_is_asked_at_the_start(
    office: Office,
) -> None:
    async with office.database.transaction() as tx:
        await tx.bots.mark_down(office.bot_id, NOW)
    await office.deliver()
    assert await down_since(office) is None


async def down_since(office: Office) -> datetime | None:
    async with office.database.transaction() as tx:
        (bot,) = await tx.bots.all()
    return bot.down_since

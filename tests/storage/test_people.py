"""Two subscribers who are one person: what becomes of all that they had."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product

import pytest

from jobs.fan_out import fan_out_ready
from storage.database import Database, Transaction
from storage.merging import Twin, decide
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    ChatKind,
    Claim,
    Delivery,
    DeliveryState,
    Ending,
    NewBulletin,
    Outcome,
    Platform,
    Reason,
    Role,
    SubscriberState,
    Urgency,
)
from storage.repositories.subscribers import ChatAddress
from tests.samples import NOW, a_bot, a_bulletin, a_subscriber, at, claimed, sent_part
from tests.storage.test_at_once import at_once

LATER = NOW + timedelta(minutes=5)
OPEN = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.SENDING, DeliveryState.UNSURE)
TWINS = [
    Twin(id=0, state=state, may_have_arrived=may)
    for state, may in product(DeliveryState, (False, True))
    if may or state not in (DeliveryState.UNSURE, DeliveryState.SENT)
]


class Both:
    """The older on Telegram, the newer on Zalo; later one person."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.telegram = self.zalo = self.older = self.newer = 0

    async def arrive(self) -> "Both":
        self.telegram = await a_bot(self.database)
        async with self.database.transaction() as tx:
            self.zalo = (await tx.bots.register(Platform.ZALO, "12345689", "Bản tin")).id
        self.older = await a_subscriber(self.database, at(self.telegram, "5001"))
        self.newer = await a_subscriber(self.database, self.on_zalo)
        return self

    @property
    def on_zalo(self) -> ChatAddress:
        return ChatAddress(platform=Platform.ZALO, bot_id=self.zalo, address="6ede9a")

    async def merge(self) -> None:
        async with self.database.transaction() as tx:
            assert await tx.people.merge(self.newer, self.older, LATER) == self.older

    async def bulletin(self, key: str = "k") -> int:
        bulletin = await a_bulletin(self.database, key=key)
        await fan_out_ready(self.database, NOW)
        return bulletin

    async def tried(self, bot_id: int, ending: Ending, reason: Reason | None = None) -> None:
        process, (claim,) = await claimed(self.database, bot_id)
        await self.finish(process, claim, ending, reason)

    async def finish(
        self, process: int, claim: Claim, ending: Ending, reason: Reason | None = None
    ) -> None:
        outcome = Outcome(delivery_id=claim.id, ending=ending, reason=reason, at=NOW, until=NOW)
        async with self.database.transaction() as tx:
            await tx.claims(lambda in_hand: in_hand.record(process, [], [outcome]))

    async def of(self, bulletin: int) -> list[Delivery]:
        async with self.database.transaction() as tx:
            return await tx.outbox.of_bulletin(bulletin)

    async def next_claims(self) -> list[int]:
        """Bots that would send something now."""
        found = []
        for bot_id in (self.telegram, self.zalo):
            _, claims = await claimed(self.database, bot_id, now=LATER)
            found += [bot_id for _ in claims]
        return found


@pytest.fixture
async def both(database: Database) -> Both:
    return await Both(database).arrive()


@pytest.mark.parametrize("kept", TWINS, ids=str)
@pytest.mark.parametrize("other", TWINS, ids=str)
def test_of_two_deliveries_one_goes_on_at_most_and_none_that_both_had_begun(
    kept: Twin, other: Twin
) -> None:
    kept, other = (
        Twin(id=number, state=each.state, may_have_arrived=each.may_have_arrived)
        for number, each in ((1, kept), (2, other))
    )
    decision = decide(kept, other)
    left = [each for each in (kept, other) if each.id not in decision.dropped]
    going_on = [each for each in left if each.is_open and each.id not in decision.ended]
    assert not any(each.is_begun for each in (kept, other) if each.id in decision.dropped)
    if kept.is_begun and other.is_begun:
        assert going_on == []
    else:
        assert len(left) == 1
    if not kept.is_begun and not other.is_begun:
        assert bool(going_on) == (kept.is_open or other.is_open)


async def test_what_waits_for_both_goes_out_once(both: Both) -> None:
    bulletin = await both.bulletin()
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert (delivery.subscriber_id, delivery.state) == (both.older, DeliveryState.QUEUED)
    assert await both.next_claims() == [both.telegram]


@pytest.mark.parametrize("bot", ["telegram", "zalo"])
@pytest.mark.parametrize(
    ("ending", "goes_on"),
    [(Ending.SENT, False), (Ending.UNSURE, True)],
    ids=["delivered", "maybe delivered"],
)
async def test_what_one_of_them_has_the_other_does_not_get(
    both: Both, bot: str, ending: Ending, *, goes_on: bool
) -> None:
    bulletin = await both.bulletin()
    bot_id: int = getattr(both, bot)
    await both.tried(bot_id, ending)
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert delivery.subscriber_id == both.older
    assert await both.next_claims() == ([bot_id] if goes_on else [])


@pytest.mark.parametrize("ending", [Ending.SENT, Ending.BACK, Ending.UNSURE, Ending.FAILED])
async def test_what_is_being_sent_to_one_is_his_whatever_comes_of_it(
    both: Both, ending: Ending
) -> None:
    bulletin = await both.bulletin()
    process, (claim,) = await claimed(both.database, both.zalo)
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert (delivery.state, delivery.subscriber_id) == (DeliveryState.SENDING, both.older)
    assert await both.next_claims() == []
    reason = Reason.CHAT_GONE if ending is Ending.FAILED else None
    await both.finish(process, claim, ending, reason)
    expected = {
        Ending.SENT: [],
        Ending.BACK: [both.zalo],
        Ending.UNSURE: [both.zalo],
        Ending.FAILED: [both.telegram],
    }
    assert await both.next_claims() == expected[ending]


async def test_what_one_was_told_in_a_digest_the_other_does_not_get(both: Both) -> None:
    bulletin = await both.bulletin()
    async with both.database.transaction() as tx:
        await tx.held.hold_back(both.zalo, [BulletinKind.ARTICLE], NOW)
        held = [each.delivery_id for each in await tx.held.all()]
        assert await tx.held.mark_told(held, NOW) == 1
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason.IN_DIGEST)
    assert await both.next_claims() == []


async def test_what_is_held_for_one_place_goes_at_once_to_the_other_when_that_is_preferred(
    both: Both,
) -> None:
    await both.merge()
    async with both.database.transaction() as tx:
        await tx.people.prefer(both.older, Platform.ZALO, NOW)
    await both.bulletin()
    async with both.database.transaction() as tx:
        await tx.held.hold_back(both.zalo, [BulletinKind.ARTICLE], NOW)
        await tx.people.prefer(both.older, Platform.TELEGRAM, NOW)
    assert await both.next_claims() == [both.telegram]


async def test_what_is_being_sent_to_both_is_sent_to_neither_again(both: Both) -> None:
    bulletin = await both.bulletin()
    sends = [await claimed(both.database, bot_id) for bot_id in (both.telegram, both.zalo)]
    await both.merge()
    for process, (claim,) in sends:
        await both.finish(process, claim, Ending.BACK, Reason.UNREACHABLE)
    assert await both.next_claims() == []
    assert {(each.state, each.reason) for each in await both.of(bulletin)} == {
        (DeliveryState.FAILED, Reason.UNCONFIRMED)
    }


async def test_what_failed_for_one_still_waits_for_the_other(both: Both) -> None:
    bulletin = await both.bulletin()
    await both.tried(both.telegram, Ending.FAILED, Reason.CHAT_GONE)
    async with both.database.transaction() as tx:
        await tx.subscribers.mark_gone(at(both.telegram, "5001"), NOW)
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert (delivery.state, delivery.subscriber_id) == (DeliveryState.QUEUED, both.older)
    assert await both.next_claims() == [both.zalo]


async def test_what_only_one_was_to_get_is_not_lost(both: Both) -> None:
    async with both.database.transaction() as tx:
        await tx.subscribers.deactivate(both.older, NOW)
    bulletin = await both.bulletin()
    await both.merge()
    (delivery,) = await both.of(bulletin)
    assert delivery.subscriber_id == both.older
    assert await both.next_claims() == [both.zalo]
    async with both.database.transaction() as tx:
        one = await tx.subscribers.get(both.older)
        gone = await tx.subscribers.get(both.newer)
        assert await tx.people.merged_into(both.older) == [both.newer]
    assert (one.state, one.preferred_platform) == (SubscriberState.ACTIVE, Platform.ZALO)
    assert (gone.state, gone.name, gone.role) == (SubscriberState.ERASED, "", Role.MEMBER)


async def test_a_digest_that_names_one_of_them_is_for_the_one_they_are(both: Both) -> None:
    source = await both.bulletin("news")
    async with both.database.transaction() as tx:
        version = (await tx.articles.of_bulletin(source))[0].version_id
        digest = await tx.bulletins.add(
            NewBulletin(
                kind=BulletinKind.DIGEST,
                content_key="d",
                code="DIG-EST",
                urgency=Urgency.ORDINARY,
                not_before=NOW,
                expires_at=NOW + timedelta(days=1),
                version_ids=(version,),
                audience=(Audience(rule=AudienceRule.LISTED),),
                listed=(both.newer,),
            ),
            NOW,
        )
    await both.merge()
    await fan_out_ready(both.database, NOW)
    assert digest is not None
    assert [each.subscriber_id for each in await both.of(digest)] == [both.older]


async def test_what_he_is_writing_stays_his(both: Both) -> None:
    async with both.database.transaction() as tx:
        await tx.subscribers.set_role(both.newer, Role.ADMIN)
        draft = await tx.broadcasts.start(both.newer, NOW)
    await both.merge()
    async with both.database.transaction() as tx:
        found = await tx.broadcasts.draft_of(both.older)
        one = await tx.subscribers.get(both.older)
    assert found is not None
    assert (found.id, one.role) == (draft, Role.ADMIN)


@pytest.mark.parametrize(
    ("older", "newer", "hour", "is_new"),
    [(7, None, 7, True), (None, 7, None, False), (7, 17, 7, False)],
    ids=["news was had at once", "news comes at once", "both read digests"],
)
async def test_news_that_one_had_at_once_is_not_told_him_in_a_digest(
    both: Both, older: int | None, newer: int | None, hour: int | None, *, is_new: bool
) -> None:
    async with both.database.transaction() as tx:
        await tx.subscribers.read_digests(both.older, older, NOW)
        await tx.subscribers.read_digests(both.newer, newer, NOW)
    await both.merge()
    async with both.database.transaction() as tx:
        one = await tx.subscribers.get(both.older)
    assert one.digest_hour == hour
    if hour is not None:
        assert one.digest_since == (LATER if is_new else NOW)


async def test_what_may_have_arrived_at_a_chat_that_was_parted_is_not_sent_again(
    both: Both,
) -> None:
    bulletin = await both.bulletin()
    await both.tried(both.zalo, Ending.UNSURE)
    await both.merge()
    async with both.database.transaction() as tx:
        found = await tx.subscribers.at(both.on_zalo)
        assert found is not None
        assert await tx.people.part(both.older, found[0].id, LATER)
        assert not await tx.people.part(both.older, found[0].id, LATER)
        assert await tx.subscribers.at(both.on_zalo) is None
    assert await both.next_claims() == []
    (delivery,) = await both.of(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.UNCONFIRMED)


Do = Callable[[Transaction], Awaitable[object]]


async def _at_once(both: Both, first: Do, second: Do) -> None:
    await at_once(both.database, first, second)


async def test_what_is_given_out_while_two_become_one_comes_once(postgresql: Database) -> None:
    both = await Both(postgresql).arrive()
    bulletin_id = await a_bulletin(postgresql)

    async def fan_out(tx: Transaction) -> object:
        bulletin = await tx.bulletins.get(bulletin_id)
        everybody = [Audience(rule=AudienceRule.ALL)]
        return await tx.deliveries.fan_out(bulletin, everybody, now=NOW)

    await _at_once(both, lambda tx: tx.people.merge(both.older, both.newer, LATER), fan_out)
    assert [each.subscriber_id for each in await both.of(bulletin_id)] == [both.older]


async def test_two_become_one_while_what_they_get_is_given_out(postgresql: Database) -> None:
    both = await Both(postgresql).arrive()
    bulletin_id = await a_bulletin(postgresql)

    async def fan_out(tx: Transaction) -> object:
        bulletin = await tx.bulletins.get(bulletin_id)
        everybody = [Audience(rule=AudienceRule.ALL)]
        return await tx.deliveries.fan_out(bulletin, everybody, now=NOW)

    await _at_once(both, fan_out, lambda tx: tx.people.merge(both.older, both.newer, LATER))
    assert [each.subscriber_id for each in await both.of(bulletin_id)] == [both.older]


async def test_two_become_one_while_a_send_begins(postgresql: Database) -> None:
    both = await Both(postgresql).arrive()
    bulletin_id = await both.bulletin()

    async def claim(tx: Transaction) -> object:
        process = await tx.processes.begin("another", NOW, ttl=timedelta(minutes=1))
        return await tx.claims(
            lambda in_hand: in_hand.claim(process, both.zalo, 9, now=NOW, least_urgent=2)
        )

    await _at_once(both, claim, lambda tx: tx.people.merge(both.older, both.newer, LATER))
    (delivery,) = await both.of(bulletin_id)
    assert (delivery.state, delivery.subscriber_id) == (DeliveryState.SENDING, both.older)
    assert await both.next_claims() == []


async def test_a_send_that_begins_while_two_become_one_waits_for_neither(
    postgresql: Database,
) -> None:
    both = await Both(postgresql).arrive()
    await both.bulletin()

    async def claim(tx: Transaction) -> object:
        process = await tx.processes.begin("another", NOW, ttl=timedelta(minutes=1))
        return await tx.claims(
            lambda in_hand: in_hand.claim(process, both.zalo, 9, now=NOW, least_urgent=2)
        )

    await _at_once(both, lambda tx: tx.people.merge(both.older, both.newer, LATER), claim)
    assert await both.next_claims() == [both.telegram]


async def test_a_part_that_arrives_while_two_become_one_is_known(postgresql: Database) -> None:
    both = await Both(postgresql).arrive()
    bulletin_id = await both.bulletin()
    process, (claim,) = await claimed(postgresql, both.zalo)
    part = sent_part(claim)
    sent = Outcome(delivery_id=claim.id, ending=Ending.SENT, at=NOW)
    await _at_once(
        both,
        lambda tx: tx.claims(lambda in_hand: in_hand.record(process, [part], [sent])),
        lambda tx: tx.people.merge(both.older, both.newer, LATER),
    )
    (delivery,) = await both.of(bulletin_id)
    assert (delivery.state, delivery.subscriber_id) == (DeliveryState.SENT, both.older)
    assert await both.next_claims() == []


async def test_one_person_is_made_of_many_chats_only_once(database: Database) -> None:
    """A second link of the same two finds nothing to do, whoever asks at the same moment."""
    both = await Both(database).arrive()

    async def add() -> bool:
        async with database.transaction() as tx:
            where = ChatAddress(platform=Platform.ZALO, bot_id=both.zalo, address="7777")
            return await tx.subscribers.add_chat(both.older, where, ChatKind.PERSON)

    assert sorted(await asyncio.gather(add(), add())) == [False, True]

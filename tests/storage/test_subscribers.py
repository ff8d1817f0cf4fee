"""Chats that move, go and come back; people who leave and are forgotten."""

from datetime import timedelta

import pytest

from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import (
    ChatKind,
    DeliveryState,
    Ending,
    Outcome,
    Reachability,
    Reason,
    Role,
    SubscriberState,
)
from tests.samples import NOW, a_bot, a_bulletin, a_subscriber, at, claimed, sent_part

LATER = NOW + timedelta(minutes=1)


async def test_a_group_moves_with_all_its_topics(database: Database) -> None:
    bot_id = await a_bot(database)
    for thread in ("", "7"):
        await a_subscriber(database, at(bot_id, "-4", thread), kind=ChatKind.GROUP)
    async with database.transaction() as tx:
        await tx.subscribers.move(at(bot_id, "-4"), "-1004", LATER)
        assert await tx.subscribers.at(at(bot_id, "-4")) is None
        for thread in ("", "7"):
            found = await tx.subscribers.at(at(bot_id, "-1004", thread))
            assert found is not None
            assert found[0].reachability is Reachability.OK


async def test_a_group_that_is_at_its_new_address_already_is_left_at_the_old_one(
    database: Database,
) -> None:
    bot_id = await a_bot(database)
    for address in ("-4", "-1004"):
        await a_subscriber(database, at(bot_id, address), kind=ChatKind.GROUP)
    async with database.transaction() as tx:
        await tx.subscribers.move(at(bot_id, "-4"), "-1004", LATER)
        old = await tx.subscribers.at(at(bot_id, "-4"))
        new = await tx.subscribers.at(at(bot_id, "-1004"))
    assert old is not None
    assert new is not None
    assert (old[0].reachability, old[0].gone_at) == (Reachability.GONE, LATER)
    assert new[0].reachability is Reachability.OK


@pytest.mark.parametrize("leaves", ["deactivate", "erase"])
async def test_who_leaves_while_a_send_is_in_flight_gets_no_second_one(
    database: Database, leaves: str
) -> None:
    bot_id = await a_bot(database)
    subscriber = await a_subscriber(database, at(bot_id, "1"))
    bulletin = await a_bulletin(database)
    await fan_out_ready(database, NOW)
    process, (claim,) = await claimed(database, bot_id)
    async with database.transaction() as tx:
        await tx.deliveries.cancel_for(subscriber, NOW)
        assert await getattr(tx.subscribers, leaves)(subscriber, NOW)
    unsure = Outcome(delivery_id=claim.id, ending=Ending.UNSURE, at=NOW, until=NOW)
    async with database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [], [unsure]))
    assert (await claimed(database, bot_id, now=LATER))[1] == []
    async with database.transaction() as tx:
        (delivery,) = await tx.outbox.of_bulletin(bulletin)
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason.LEFT)


async def test_what_arrived_at_one_who_was_erased_meanwhile_is_still_known(
    database: Database,
) -> None:
    bot_id = await a_bot(database)
    subscriber = await a_subscriber(database, at(bot_id, "1"))
    await a_bulletin(database)
    await fan_out_ready(database, NOW)
    process, (claim,) = await claimed(database, bot_id)
    async with database.transaction() as tx:
        await tx.subscribers.erase(subscriber, NOW)
    part = sent_part(claim)
    sent = Outcome(delivery_id=claim.id, ending=Ending.SENT, at=NOW)
    async with database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [part], [sent]))
        (message,) = await tx.outbox.messages(claim.id)
        assert await tx.outbox.counts() == {DeliveryState.SENT: 1}
    assert (message.chat_id, message.platform_message_id) == (None, "1")


async def test_who_is_erased_leaves_nothing_personal(database: Database) -> None:
    bot_id = await a_bot(database)
    subscriber = await a_subscriber(database, at(bot_id, "1"))
    async with database.transaction() as tx:
        await tx.subscribers.set_role(subscriber, Role.OWNER)
        await tx.subscribers.set_organisation(subscriber, 3)
        await tx.subscribers.read_digests(subscriber, 7, NOW)
        assert await tx.subscribers.has_role(Role.OWNER)
        assert await tx.subscribers.erase(subscriber, LATER)
        assert not await tx.subscribers.erase(subscriber, LATER)
        left = await tx.subscribers.get(subscriber)
        assert await tx.subscribers.chats(subscriber) == []
        assert await tx.subscribers.topics(subscriber) == set()
        assert not await tx.subscribers.has_role(Role.OWNER)
    assert (left.name, left.organisation_id, left.digest_hour) == ("", None, None)
    assert left.state is SubscriberState.ERASED

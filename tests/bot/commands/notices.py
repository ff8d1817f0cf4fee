"""An editor at work, and what is stored of his notices."""

from dataclasses import replace
from datetime import datetime

from bot.commands.dispatch import FrontDesk
from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import (
    Audience,
    Broadcast,
    Bulletin,
    BulletinKind,
    Delivery,
    DeliveryState,
    Ending,
    Outcome,
    Reason,
    Role,
)
from tests.bot.commands.conftest import OFFICE
from tests.bot.commands.phone import Phone, Town
from tests.bot.commands.stored import give_role, subscriber_of
from tests.samples import claimed

WORDS = "Kính mời họp lúc 14 giờ."


async def an_editor(town: Town, database: Database, role: Role = Role.EDITOR) -> Phone:
    """Who receives nothing himself."""
    phone = town.person(name="Vũ Thị Soạn")
    await give_role(database, phone, role)
    return phone


async def a_draft(phone: Phone, words: str = WORDS) -> None:
    """Its panel is the newest answer."""
    await phone.say("/thongbao")
    await phone.write(words)


def with_new_desk(phone: Phone, town: Town, database: Database) -> None:
    """As after a restart."""
    phone.desk = town.new_desk(database, OFFICE)


def asleep_from(town: Town, database: Database, hours: tuple[int, int]) -> FrontDesk:
    office = replace(OFFICE, quiet_from_hour=hours[0], quiet_to_hour=hours[1])
    return town.new_desk(database, office)


async def draft_of(database: Database, phone: Phone) -> Broadcast | None:
    author = await subscriber_of(database, phone)
    async with database.transaction() as tx:
        return await tx.broadcasts.draft_of(author.id)


async def the_draft(database: Database, phone: Phone) -> Broadcast:
    draft = await draft_of(database, phone)
    assert draft is not None
    return draft


async def broadcast_of(database: Database, broadcast_id: int) -> Broadcast:
    async with database.transaction() as tx:
        found = await tx.broadcasts.get(broadcast_id)
    assert found is not None
    return found


async def bulletins(database: Database, now: datetime) -> list[Bulletin]:
    """Those that are to be given out now."""
    async with database.transaction() as tx:
        ready = await tx.bulletins.ready(now)
    return [each for each in ready if each.kind is BulletinKind.BROADCAST]


async def audience_of(database: Database, bulletin_id: int) -> list[Audience]:
    async with database.transaction() as tx:
        return await tx.bulletins.audience(bulletin_id)


async def deliveries(database: Database, bulletin_id: int) -> list[Delivery]:
    async with database.transaction() as tx:
        return await tx.outbox.of_bulletin(bulletin_id)


async def states(database: Database, bulletin_id: int) -> list[DeliveryState]:
    return [each.state for each in await deliveries(database, bulletin_id)]


async def send_it(phone: Phone, town: Town, database: Database) -> Broadcast:
    """From nothing to deliveries that wait."""
    await a_draft(phone)
    one = (await the_draft(database, phone)).id
    await phone.press("Gửi")
    await phone.press("Gửi ngay")
    await fan_out_ready(database, town.clock.now())
    return await broadcast_of(database, one)


async def end_with(
    database: Database, delivery: Delivery, reason: Reason | None, now: datetime
) -> None:
    """As delivery does when it was sent, or failed for this reason."""
    async with database.transaction() as tx:
        (chat,) = await tx.subscribers.chats(delivery.subscriber_id)
    process, claims = await claimed(database, chat.bot_id, now=now)
    ending = Ending.FAILED if reason else Ending.SENT
    outcome = Outcome(delivery_id=delivery.id, ending=ending, reason=reason, at=now)
    async with database.transaction() as tx:
        await tx.claims(lambda in_hand: in_hand.record(process, [], [outcome]))
        await tx.claims(lambda in_hand: in_hand.release(process, [each.id for each in claims]))

"""Over HTTP to a rehearsal Telegram and Zalo: one falls silent, the other takes over."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Standing
from bot.rehearsal.zalo.cast import MEMBER as MEMBER_ON_ZALO
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.takeover import take_over
from storage.database import Database
from storage.records import ChatKind, DeliveryState, Platform
from tests.jobs.zalo_office import ZaloOffice, at_zalo, opened_zalo_office
from tests.samples import a_bot, a_subscriber, at

AFTER = timedelta(hours=1)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[ZaloOffice]:
    """With a Telegram bot too; the member has linked both, Telegram first."""
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(opened_zalo_office(database))
        server = office.server
        telegram = await stack.enter_async_context(
            open_bot(server.telegram.token, api_url=server.api_url)
        )
        bot_id = await a_bot(database)
        line = Line(messenger=TelegramMessenger(telegram), pacer=Pacer(office.clock))
        office.lines[bot_id] = line
        server.telegram.chat(MEMBER.id).standing = Standing.MEMBER
        await office.joins(MEMBER_ON_ZALO)
        zalo = at_zalo(office.bot_id, MEMBER_ON_ZALO.id)
        who = await a_subscriber(database, at(bot_id, str(MEMBER.id)))
        async with database.transaction() as tx:
            found = await tx.subscribers.at(zalo)
            assert found is not None
            kept = await tx.people.merge(found[1].id, who, office.now)
            await tx.people.prefer(kept, Platform.TELEGRAM, office.now)
        yield office


async def hour_passes(office: ZaloOffice) -> None:
    """With the stages at work."""
    for _ in range(13):
        office.clock.advance(timedelta(minutes=5))
        await take_over(office.database, tuple(office.lines), office.now, after=AFTER)
        await office.flow()


def heads(office: ZaloOffice) -> tuple[list[str], list[str]]:
    """First lines on Telegram, and on Zalo."""
    telegram = [text.splitlines()[0] for text in office.server.telegram.texts(MEMBER.id)]
    return telegram, office.heads(MEMBER_ON_ZALO)


async def test_a_linked_member_gets_each_bulletin_once_where_he_prefers(
    office: ZaloOffice,
) -> None:
    await office.news("Một")
    assert heads(office) == (["📰 Một"], [])


async def test_when_telegram_is_blocked_for_an_hour_zalo_takes_over_and_nothing_comes_twice(
    office: ZaloOffice,
) -> None:
    office.server.telegram.faults.add(Fault(code=500))
    await office.news("Một")
    assert heads(office) == ([], [])
    await hour_passes(office)
    assert heads(office) == ([], ["📰 Một"])
    await office.news("Hai")
    await hour_passes(office)
    assert heads(office) == ([], ["📰 Một", "📰 Hai"])
    office.server.telegram.faults.clear()
    await hour_passes(office)
    await office.news("Ba")
    assert heads(office) == (["📰 Ba"], ["📰 Một", "📰 Hai"])


async def test_what_telegram_may_have_delivered_is_not_sent_on_zalo(office: ZaloOffice) -> None:
    office.server.telegram.faults.add(Fault(kind=FaultKind.DOWN, method="sendMessage"))
    await office.news("Một")
    office.server.telegram.faults.add(Fault(code=500))
    await hour_passes(office)
    assert heads(office) == ([], [])
    (delivery,) = await office.deliveries()
    assert delivery.state in (DeliveryState.UNSURE, DeliveryState.FAILED)


async def test_who_blocks_the_bot_on_telegram_gets_it_on_zalo_at_once(office: ZaloOffice) -> None:
    office.server.people.block(MEMBER)
    await office.news("Một")
    await office.flow()
    assert heads(office) == ([], ["📰 Một"])
    await office.news("Hai")
    assert heads(office) == ([], ["📰 Một", "📰 Hai"])


async def test_whom_zalo_refuses_telegram_reaches(office: ZaloOffice) -> None:
    async with office.database.transaction() as tx:
        found = await tx.subscribers.at(at_zalo(office.bot_id, MEMBER_ON_ZALO.id))
        assert found is not None
        assert found[0].kind is ChatKind.PERSON
        await tx.people.prefer(found[1].id, Platform.ZALO, office.now)
    office.refuses(MEMBER_ON_ZALO)
    await office.news("Một")
    await office.flow()
    assert heads(office) == (["📰 Một"], [])

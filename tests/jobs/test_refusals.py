"""Zalo never says who is gone: a chat is left alone only after three bulletins in a row."""

import pytest

from bot.rehearsal.zalo.cast import MEMBER
from storage.records import DeliveryState, Reachability, Reason
from tests.jobs.zalo_office import ZaloOffice, at_zalo


@pytest.fixture
async def member(zalo: ZaloOffice) -> int:
    return await zalo.joins(MEMBER)


async def is_gone(zalo: ZaloOffice, member: int) -> bool:
    async with zalo.database.transaction() as tx:
        (chat,) = await tx.subscribers.chats(member)
    return chat.reachability is Reachability.GONE


async def test_one_refusal_fails_this_bulletin_and_the_next_arrives(
    zalo: ZaloOffice, member: int
) -> None:
    zalo.refuses()
    await zalo.news("Tin một")
    (first,) = await zalo.deliveries()
    assert (first.state, first.reason) == (DeliveryState.FAILED, Reason.REFUSED)
    await zalo.news("Tin hai")
    assert zalo.heads() == ["📰 Tin hai"]
    assert not await is_gone(zalo, member)


async def test_the_third_in_a_row_ends_what_is_written_there(
    zalo: ZaloOffice, member: int
) -> None:
    zalo.server.zalo_people.block(MEMBER)
    for title in ("Tin một", "Tin hai"):
        await zalo.news(title)
    assert not await is_gone(zalo, member)
    await zalo.news("Tin ba")
    assert await is_gone(zalo, member)
    await zalo.news("Tin bốn")
    assert len(await zalo.deliveries()) == 3
    assert zalo.server.zalo.refused[400] == 3


async def test_what_arrives_in_between_begins_the_count_anew(
    zalo: ZaloOffice, member: int
) -> None:
    for titles in (("Tin một", "Tin hai"), ("Tin bốn", "Tin năm")):
        zalo.refuses(times=2)
        for title in titles:
            await zalo.news(title)
        await zalo.news(f"Sau {titles[0]}")
    assert len(zalo.heads()) == 2
    assert not await is_gone(zalo, member)


async def test_one_bulletin_that_is_tried_again_counts_once(zalo: ZaloOffice, member: int) -> None:
    zalo.server.zalo_people.block(MEMBER)
    notice = await zalo.notice()
    for _ in range(3):
        async with zalo.database.transaction() as tx:
            await tx.deliveries.requeue_failed(notice, zalo.now)
        await zalo.flow()
    assert zalo.server.zalo.refused[400] == 4
    assert not await is_gone(zalo, member)


async def test_who_comes_back_is_given_three_again(zalo: ZaloOffice, member: int) -> None:
    zalo.server.zalo_people.block(MEMBER)
    for title in ("Tin một", "Tin hai", "Tin ba"):
        await zalo.news(title)
    async with zalo.database.transaction() as tx:
        await tx.subscribers.mark_back(at_zalo(zalo.bot_id, MEMBER.id))
    await zalo.news("Tin bốn")
    assert not await is_gone(zalo, member)


async def test_one_refusal_does_not_stop_the_others(zalo: ZaloOffice) -> None:
    people = await zalo.several(5)
    zalo.refuses(people[2])
    await zalo.news("Tin một")
    assert [len(zalo.heads(person)) for person in people] == [1, 1, 0, 1, 1]

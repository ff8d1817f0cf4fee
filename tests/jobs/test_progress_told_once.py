"""Where a message cannot change, the author of a notice is told its end and nothing between."""

from datetime import timedelta

from bot.commands.broadcast_buttons import status_buttons
from bot.rehearsal.zalo.cast import MEMBER
from bot.rehearsal.zalo.records import Person, Standing
from jobs.progress import ProgressCounts, show_progress
from tests.jobs.rig import QUIET
from tests.jobs.zalo_office import ZaloOffice, at_zalo
from tests.samples import a_subscriber

AUTHOR = Person(id="a0" * 10, name="Vũ Thị Soạn")


async def _notice(zalo: ZaloOffice) -> None:
    """Given out, its author waiting for the report."""
    zalo.server.zalo.add_person(AUTHOR, standing=Standing.MEMBER)
    author = await a_subscriber(zalo.database, at_zalo(zalo.bot_id, AUTHOR.id))
    async with zalo.database.transaction() as tx:
        await tx.subscribers.deactivate(author, zalo.now)  # receives no notice himself
        (chat,) = await tx.subscribers.chats(author)
    bulletin = await zalo.notice()
    async with zalo.database.transaction() as tx:
        notice = await tx.broadcasts.of_bulletin(bulletin)
        assert notice is not None
        await tx.broadcasts.became(
            notice.id, bulletin, status_chat_id=chat.id, status_message_id="", now=zalo.now
        )


async def _show(zalo: ZaloOffice) -> ProgressCounts:
    zalo.clock.advance(timedelta(seconds=5))
    return await show_progress(
        zalo.database, zalo.lines, zalo.clock, quiet=QUIET, buttons=status_buttons
    )


async def test_the_end_is_told_once(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await _notice(zalo)
    assert (await _show(zalo)).finished == 1
    assert (await _show(zalo)).finished == 0
    (text,) = zalo.server.zalo.texts(AUTHOR.id)
    assert text.startswith("Xong lúc ")
    assert "Đã gửi tới 1/1." in text
    assert "/dagui" not in text


async def test_until_then_nothing_is_said(zalo: ZaloOffice) -> None:
    zalo.allows_monthly(0)
    await zalo.joins(MEMBER)
    await _notice(zalo)
    for _ in range(3):
        assert await _show(zalo) == ProgressCounts()
    assert zalo.server.zalo.texts(AUTHOR.id) == []


async def test_a_bot_that_is_used_up_is_not_asked_again_and_again(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await _notice(zalo)
    zalo.allows_monthly(0)
    for _ in range(5):
        assert await _show(zalo) == ProgressCounts()
    assert zalo.server.zalo.refused[429] == 1


async def test_nor_an_author_who_cannot_be_written_to(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await _notice(zalo)
    zalo.refuses(AUTHOR, times=9)
    assert (await _show(zalo)).finished == 1  # what came of it is stored
    assert (await _show(zalo)).finished == 0
    assert zalo.server.zalo.refused[400] == 1


async def test_a_second_end_that_may_have_arrived_is_not_told_again(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    await _notice(zalo)
    await _show(zalo)
    async with zalo.database.transaction() as tx:
        notice = await tx.broadcasts.newest_sent()
        assert notice is not None
        await tx.broadcasts.reopen(notice.id, zalo.now)
    zalo.mumbles(AUTHOR)
    assert (await _show(zalo)).finished == 1
    assert (await _show(zalo)).finished == 0
    assert len(zalo.server.zalo.texts(AUTHOR.id)) == 2


async def test_what_may_be_done_about_failures_is_said_in_words(zalo: ZaloOffice) -> None:
    await zalo.joins(MEMBER)
    zalo.refuses()
    await _notice(zalo)
    await _show(zalo)
    (text,) = zalo.server.zalo.texts(AUTHOR.id)
    assert "Không gửi được 1: " in text
    assert text.endswith("\nXem lại hoặc gửi lại: /dagui")

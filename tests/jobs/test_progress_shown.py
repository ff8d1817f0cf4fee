"""The status message in the author's chat: one message that updates itself, whatever happens."""

from datetime import timedelta

import pytest

from bot.commands.broadcast_buttons import status_buttons
from bot.rehearsal.telegram.cast import MEMBER, OFFICE_ADMIN
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Standing
from jobs.fan_out import fan_out_ready
from jobs.messenger import Address, Part
from jobs.progress import ProgressCounts, show_progress
from jobs.rich_text import plain
from storage.records import (
    Audience,
    AudienceRule,
    Broadcast,
    BulletinKind,
    NewBulletin,
    Platform,
    Urgency,
)
from tests.jobs.rig import QUIET, Office
from tests.samples import a_subscriber, at

AUTHOR = OFFICE_ADMIN.id


async def a_broadcast(office: Office) -> int:
    """Sent by the admin, whose pressed message is its status; the bulletin."""
    office.server.telegram.chat(AUTHOR).standing = Standing.MEMBER
    author = await a_subscriber(office.database, at(office.bot_id, str(AUTHOR)))
    to = Address(platform=Platform.TELEGRAM, chat=str(AUTHOR))
    message = await office.line.messenger.send(to, Part(text=plain("Đang chuẩn bị gửi.")))
    now = office.clock.now()
    async with office.database.transaction() as tx:
        await tx.subscribers.deactivate(author, now)  # receives no notice himself
        (chat,) = await tx.subscribers.chats(author)
        draft = await tx.broadcasts.start(author, now)
        await tx.broadcasts.write(draft, text="Mời họp.", spans=(), attachment=None, now=now)
        await tx.broadcasts.confirm(draft, now)
        bulletin = await tx.bulletins.add(
            NewBulletin(
                kind=BulletinKind.BROADCAST,
                content_key="notice",
                code="P2X-9QF",
                urgency=Urgency.ORDINARY,
                not_before=now,
                expires_at=now + timedelta(days=3),
                audience=(Audience(rule=AudienceRule.ALL),),
                author_id=author,
            ),
            now,
        )
        assert bulletin is not None
        await tx.broadcasts.became(
            draft, bulletin, status_chat_id=chat.id, status_message_id=message, now=now
        )
    office.clock.advance(timedelta(seconds=5))
    await fan_out_ready(office.database, office.clock.now())
    return bulletin


async def show(office: Office) -> ProgressCounts:
    office.clock.advance(timedelta(seconds=2))
    return await show_progress(
        office.database,
        {office.bot_id: office.line},
        office.clock,
        quiet=QUIET,
        buttons=status_buttons,
    )


async def broadcast_of(office: Office, bulletin: int) -> Broadcast:
    async with office.database.transaction() as tx:
        found = await tx.broadcasts.of_bulletin(bulletin)
    assert found is not None
    return found


@pytest.mark.usefixtures("member", "group")
async def test_one_message_goes_from_the_count_to_the_report(office: Office) -> None:
    bulletin = await a_broadcast(office)
    await show(office)
    assert office.texts(AUTHOR) == ["Đã gửi 0/2 · còn khoảng 1 giây"]
    await office.deliver()
    await show(office)
    (text,) = office.texts(AUTHOR)
    assert text.splitlines()[1] == "Đã gửi tới 2/2."
    assert (await broadcast_of(office, bulletin)).finished_at is not None
    assert await show(office) == ProgressCounts()  # and is left alone then


@pytest.mark.usefixtures("member")
async def test_nothing_is_edited_while_nothing_changes(office: Office) -> None:
    await a_broadcast(office)
    assert (await show(office)).shown == 1
    assert (await show(office)).shown == 0


@pytest.mark.usefixtures("member")
async def test_a_status_message_that_was_deleted_is_written_anew(office: Office) -> None:
    await a_broadcast(office)
    office.server.telegram.chat(AUTHOR).messages.clear()
    await show(office)
    await office.deliver()
    await show(office)
    (text,) = office.texts(AUTHOR)
    assert text.startswith("Xong lúc")


@pytest.mark.usefixtures("member")
async def test_an_edit_that_fails_is_tried_again(office: Office) -> None:
    bulletin = await a_broadcast(office)
    await office.deliver()
    fault = Fault(code=429, method="editMessageText", times=1, seconds=3)
    office.server.telegram.faults.add(fault)
    await show(office)
    assert (await show(office)).shown == 0  # not before the 3 seconds are over
    assert (await broadcast_of(office, bulletin)).finished_at is None
    await show(office)
    assert office.texts(AUTHOR)[0].startswith("Xong lúc")


@pytest.mark.usefixtures("member")
async def test_an_author_who_blocked_the_bot_leaves_the_report_in_the_database(
    office: Office,
) -> None:
    bulletin = await a_broadcast(office)
    office.server.people.block(OFFICE_ADMIN)
    await office.deliver()
    await show(office)
    broadcast = await broadcast_of(office, bulletin)
    assert broadcast.finished_at is not None
    assert broadcast.status_text.startswith("Xong lúc")


@pytest.mark.usefixtures("group")
async def test_who_was_not_reached_may_be_tried_again_by_a_button(office: Office) -> None:
    await a_subscriber(office.database, at(office.bot_id, str(MEMBER.id)))
    office.server.people.block(MEMBER)
    await a_broadcast(office)
    await office.deliver()
    await show(office)
    (message,) = office.server.telegram.from_bot(AUTHOR)
    assert "Không gửi được 1: 1 đã chặn hoặc xóa Bản tin." in message.text
    assert message.keyboard is not None
    labels = [button["text"] for row in message.keyboard["inline_keyboard"] for button in row]
    assert labels == ["Ai chưa nhận được", "Gửi lại cho những nơi lỗi"]

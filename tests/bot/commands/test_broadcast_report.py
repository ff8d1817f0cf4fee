"""A notice that was sent: stopping it, whom it did not reach, once more for those."""

from datetime import timedelta

import pytest

from bot.commands.broadcast_buttons import status_buttons
from bot.commands.broadcast_report import MOST_NAMES
from bot.commands.rights import FOR_OFFICE
from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import Broadcast, DeliveryState, Reason, Role
from tests.bot.commands.notices import (
    a_draft,
    an_editor,
    broadcast_of,
    deliveries,
    end_with,
    send_it,
    states,
    the_draft,
)
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town, ZaloPhone
from tests.bot.commands.stored import actions, audit, give_role


@pytest.fixture
async def editor(town: Town, database: Database) -> Phone:
    return await an_editor(town, database)


async def _sent_to(
    town: Town, database: Database, editor: Phone, *outcomes: Reason | str | None
) -> tuple[Broadcast, int]:
    """A notice to as many subscribers: sent (None), failed, or still "waiting"; its bulletin."""
    for number in range(len(outcomes)):
        phone = town.person(name=f"Hội viên {number}")
        await phone.say("/dangky")
        await phone.press("Đồng ý")
    broadcast = await send_it(editor, town, database)
    assert broadcast.bulletin_id is not None
    all_deliveries = await deliveries(database, broadcast.bulletin_id)
    for delivery, outcome in zip(all_deliveries, outcomes, strict=True):
        if outcome is None or isinstance(outcome, Reason):
            await end_with(database, delivery, outcome, town.clock.now())
    return broadcast, broadcast.bulletin_id


def _data(verb: str, broadcast: Broadcast, value: str = "") -> str:
    return ":".join(filter(None, ("thongbao", verb, str(broadcast.id), value)))


def test_the_buttons_fit_how_it_goes() -> None:
    def labels(*, finished: bool, failed: int) -> list[str]:
        rows = status_buttons(5, finished=finished, failed=failed)
        return [button.data for row in rows for button in row]

    assert labels(finished=False, failed=0) == ["thongbao:stop:5"]
    assert labels(finished=False, failed=2) == ["thongbao:stop:5", "thongbao:failed:5"]
    assert labels(finished=True, failed=2) == ["thongbao:failed:5", "thongbao:resend:5"]
    assert labels(finished=True, failed=0) == []


@BUTTONS_ONLY
async def test_stopping_asks_once_and_cancels_what_waits(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, None, "waiting", "waiting")
    question = await editor.press_data(_data("stop", broadcast))
    assert "Còn 2\u00a0nơi nhận chưa được gửi." in question
    assert editor.seen is not None
    assert not editor.seen.edit  # the pressed message goes on showing the progress
    assert (await states(database, bulletin)).count(DeliveryState.QUEUED) == 2
    asked = editor.seen
    assert "Không gửi cho 2\u00a0nơi nhận còn lại." in await editor.press("Có, dừng gửi")
    cancelled = [DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.CANCELLED]
    assert await states(database, bulletin) == cancelled
    entry = (await audit(database))[-1]
    assert (entry.action, entry.detail) == ("broadcast_stopped", "2")
    assert "đã được dừng" in await editor.press("Có, dừng gửi", on=asked)
    assert (await actions(database)).count("broadcast_stopped") == 1


async def test_what_is_stopped_before_it_was_given_out_never_is(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    one = (await the_draft(database, editor)).id
    await editor.press("Gửi")
    await editor.press("Gửi ngay")
    await editor.press("Dừng gửi")
    assert "Không gửi cho 1\u00a0nơi nhận còn lại." in await editor.press("Có, dừng gửi")
    assert (await fan_out_ready(database, town.clock.now())).deliveries == 0
    assert (await broadcast_of(database, one)).finished_at is None


async def test_one_may_think_better_of_stopping(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, "waiting")
    await editor.press_data(_data("stop", broadcast))
    assert "vẫn được gửi tiếp" in await editor.press("Không, gửi tiếp")
    assert await states(database, bulletin) == [DeliveryState.QUEUED]


async def test_what_is_finished_cannot_be_stopped(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, _ = await _sent_to(town, database, editor, None, Reason.CHAT_GONE)
    for value in ("", "yes"):
        answer = await editor.press_data(_data("stop", broadcast, value))
        assert "không còn gì để dừng" in answer


async def test_the_list_says_whom_it_did_not_reach_and_why(
    town: Town, database: Database, editor: Phone
) -> None:
    reasons = (Reason.CHAT_GONE, None, Reason.UNCONFIRMED)
    broadcast, _ = await _sent_to(town, database, editor, *reasons)
    answer = await editor.press_data(_data("failed", broadcast))
    assert "không gửi được tới 2\u00a0nơi nhận." in answer
    bullets = ("1.", "2.") if editor.buttons else ("-", "-")
    assert f"{bullets[0]} Hội viên 0: đã chặn hoặc xóa Bản tin" in answer
    assert f"{bullets[1]} Hội viên 2: chưa rõ đã nhận hay chưa" in answer
    assert "Hội viên 1" not in answer
    assert editor.labels == ["Gửi lại cho những nơi lỗi"]
    assert editor.seen is not None
    assert not editor.seen.edit


async def test_a_long_list_ends_with_a_number(
    town: Town, database: Database, editor: Phone
) -> None:
    failed = [Reason.REJECTED] * (MOST_NAMES + 3)
    broadcast, _ = await _sent_to(town, database, editor, *failed)
    answer = await editor.press_data(_data("failed", broadcast))
    assert answer.count("Hội viên") == MOST_NAMES
    assert "Và 3\u00a0nơi nhận khác." in answer


async def test_who_erased_himself_has_no_name_in_the_list(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, Reason.REJECTED)
    [delivery] = await deliveries(database, bulletin)
    async with database.transaction() as tx:
        await tx.subscribers.erase(delivery.subscriber_id, town.clock.now())
    assert " không còn tên: " in await editor.press_data(_data("failed", broadcast))


@pytest.mark.parametrize(
    ("said", "named"),
    [("/dangky", "nhóm không có tên: "), ("/dangky pn", "nhóm của Hội Liên hiệp Phụ nữ: ")],
    ids=["of none", "of an organisation"],
)
async def test_a_group_whose_name_nobody_tells_is_named_by_its_organisation(
    town: Town, database: Database, editor: Phone, said: str, named: str
) -> None:
    group = ZaloPhone(
        desk=town.desk,
        bot_id=town.bot_id,
        person="6ede",
        group="zgr-1",
        is_chat_admin=None,
        buttons=town.buttons,
    )
    await group.say(said)
    await group.press("Đồng ý nhận tin")
    broadcast = await send_it(editor, town, database)
    [delivery] = await deliveries(database, broadcast.bulletin_id or 0)
    await end_with(database, delivery, Reason.REJECTED, town.clock.now())
    assert f" {named}" in await editor.press_data(_data("failed", broadcast))


async def test_who_got_it_too_late_is_counted(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, _ = await _sent_to(town, database, editor, None, "waiting")
    town.clock.pass_time(timedelta(days=3))
    async with database.transaction() as tx:
        await tx.deliveries.settle(town.clock.now())
    answer = await editor.press_data(_data("failed", broadcast))
    assert "Quá thời hạn gửi: 1\u00a0nơi nhận." in answer
    assert editor.labels == []


async def test_without_failures_there_is_no_list_and_nothing_to_send_again(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, _ = await _sent_to(town, database, editor, None)
    for verb in ("failed", "resend"):
        answer = await editor.press_data(_data(verb, broadcast))
        assert "Không còn nơi nào gửi bị lỗi." in answer


@BUTTONS_ONLY
async def test_only_the_failed_get_it_once_more(
    town: Town, database: Database, editor: Phone
) -> None:
    reasons = (None, Reason.REJECTED, Reason.UNCONFIRMED)
    broadcast, bulletin = await _sent_to(town, database, editor, *reasons)
    async with database.transaction() as tx:
        await tx.broadcasts.note_status(
            broadcast.id,
            "Xong",
            message_id=broadcast.status_message_id,
            finished_at=town.clock.now(),
            now=town.clock.now(),
        )
    question = await editor.press_data(_data("resend", broadcast))
    assert "cho 2\u00a0nơi nhận bị lỗi?" in question
    assert "1\u00a0nơi nhận chưa rõ đã nhận hay chưa, có thể nhận hai lần." in question
    asked = editor.seen
    assert "Đang gửi lại cho 2\u00a0nơi nhận." in await editor.press("Có, gửi lại")
    waiting = [DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.QUEUED]
    assert await states(database, bulletin) == waiting
    assert (await broadcast_of(database, broadcast.id)).finished_at is None
    entry = (await audit(database))[-1]
    assert (entry.action, entry.detail) == ("broadcast_resent", "2")
    assert "Không còn nơi nào" in await editor.press("Có, gửi lại", on=asked)
    assert (await actions(database)).count("broadcast_resent") == 1


async def test_who_blocked_the_bot_cannot_be_sent_to_again(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, Reason.CHAT_GONE)
    [delivery] = await deliveries(database, bulletin)
    async with database.transaction() as tx:
        await tx.subscribers.deactivate(delivery.subscriber_id, town.clock.now())
    await editor.press_data(_data("resend", broadcast))
    answer = await editor.press("Có, gửi lại")
    assert "Không gửi lại được cho nơi nào." in answer
    assert "đã chặn" in answer
    assert await states(database, bulletin) == [DeliveryState.FAILED]


async def test_one_may_think_better_of_sending_again(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, Reason.REJECTED)
    await editor.press_data(_data("resend", broadcast))
    assert await editor.press("Không") == "Không gửi lại."
    assert await states(database, bulletin) == [DeliveryState.FAILED]


async def test_what_was_stopped_or_is_too_old_is_not_sent_again(
    town: Town, database: Database, editor: Phone
) -> None:
    broadcast, bulletin = await _sent_to(town, database, editor, Reason.REJECTED, "waiting")
    town.clock.pass_time(timedelta(days=3))
    assert "quá thời hạn" in await editor.press_data(_data("resend", broadcast, "yes"))
    await editor.press_data(_data("stop", broadcast, "yes"))
    assert "đã được dừng gửi" in await editor.press_data(_data("resend", broadcast, "yes"))
    assert (await states(database, bulletin))[0] is DeliveryState.FAILED


@pytest.mark.parametrize("verb", ["stop", "failed", "resend"])
async def test_any_editor_may_look_after_what_was_sent_and_nobody_else(
    town: Town, database: Database, editor: Phone, verb: str
) -> None:
    broadcast, _ = await _sent_to(town, database, editor, Reason.REJECTED, "waiting")
    other = await an_editor(town, database)
    assert broadcast.bulletin_id is not None
    assert "Không có thông báo này" not in await other.press_data(_data(verb, broadcast))
    await give_role(database, other, Role.MEMBER)
    for value in ("", "yes"):
        answer = await other.press_data(_data(verb, broadcast, value))
        assert answer.startswith(FOR_OFFICE)
    waiting = [DeliveryState.FAILED, DeliveryState.QUEUED]
    assert await states(database, broadcast.bulletin_id) == waiting


@pytest.mark.parametrize("verb", ["stop", "failed", "resend"])
async def test_a_draft_has_no_report(database: Database, editor: Phone, verb: str) -> None:
    await a_draft(editor)
    draft = await the_draft(database, editor)
    assert "chưa được gửi" in await editor.press_data(_data(verb, draft))

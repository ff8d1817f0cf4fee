"""/dagui: how the notices that were sent are going; and /thongbao where all is typed."""

from datetime import timedelta

import pytest

from bot.commands.rights import FOR_OFFICE
from storage.database import Database
from storage.records import Audience, AudienceRule, BroadcastState, DeliveryState, Reason, Role
from tests.bot.commands.notices import (
    WORDS,
    a_draft,
    an_editor,
    audience_of,
    bulletins,
    deliveries,
    draft_of,
    end_with,
    send_it,
    states,
    the_draft,
)
from tests.bot.commands.phone import TYPED_ONLY, Phone, Town


@pytest.fixture
async def editor(town: Town, database: Database) -> Phone:
    return await an_editor(town, database)


async def _a_failed_one(town: Town, database: Database, editor: Phone) -> int:
    """The bulletin that its one reader did not get."""
    await town.subscriber()
    sent = await send_it(editor, town, database)
    assert sent.bulletin_id is not None
    [delivery] = await deliveries(database, sent.bulletin_id)
    await end_with(database, delivery, Reason.REJECTED, town.clock.now())
    return sent.bulletin_id


async def test_it_shows_the_newest_and_leads_to_the_one_before(
    town: Town, database: Database, editor: Phone
) -> None:
    assert await editor.say("/dagui") == "Chưa có thông báo nào được gửi."
    await town.subscriber()
    first = await send_it(editor, town, database)
    await a_draft(editor, "Thông báo thứ hai")
    await editor.press("Gửi")
    await editor.press("Gửi ngay")
    answer = await editor.say("đã gửi")
    assert "“Thông báo thứ hai”" in answer
    assert "Đang chuẩn bị gửi" in answer
    answer = await editor.press("Thông báo trước đó")
    assert f"“{WORDS}”" in answer
    assert "Đã gửi 0/1" in answer
    assert editor.labels == ["Xem lại", "Dừng gửi"]
    assert first.bulletin_id is not None


async def test_from_there_one_stops_it_and_sends_again(
    town: Town, database: Database, editor: Phone
) -> None:
    bulletin = await _a_failed_one(town, database, editor)
    answer = await editor.say("/dagui")
    assert "Không gửi được 1:" in answer
    assert editor.labels == ["Ai chưa nhận được", "Gửi lại cho những nơi lỗi"]
    assert "Trần Văn Mẫu" in await editor.press("Ai chưa nhận được")
    await editor.press("Gửi lại cho những nơi lỗi")
    await editor.press("Có, gửi lại")
    assert await states(database, bulletin) == [DeliveryState.QUEUED]
    await editor.say("/dagui")
    await editor.press("Dừng gửi")
    await editor.press("Có, dừng gửi")
    assert await states(database, bulletin) == [DeliveryState.CANCELLED]


async def test_what_is_over_shows_when_it_was(
    town: Town, database: Database, editor: Phone
) -> None:
    bulletin = await _a_failed_one(town, database, editor)
    now = town.clock.now()
    async with database.transaction() as tx:
        found = await tx.broadcasts.of_bulletin(bulletin)
        assert found is not None
        await tx.broadcasts.note_status(
            found.id, "Xong lúc 08:31.", message_id="", finished_at=now, now=now
        )
    town.clock.pass_time(timedelta(days=4))
    assert (await editor.say("/dagui")).endswith("Xong lúc 08:31.")
    assert editor.labels == ["Ai chưa nhận được"]


async def test_members_see_no_report_and_groups_neither(
    town: Town, database: Database, editor: Phone
) -> None:
    await _a_failed_one(town, database, editor)
    assert (await town.person().say("/dagui")).startswith(FOR_OFFICE)
    assert "cuộc trò chuyện riêng" in await town.in_group(editor).say("/dagui")
    other = await an_editor(town, database, Role.HEAD)
    assert "Không gửi được 1:" in await other.say("/dagui")


async def test_a_draft_shows_no_report(database: Database, editor: Phone) -> None:
    await a_draft(editor)
    draft = await the_draft(database, editor)
    assert "chưa được gửi" in await editor.press_data(f"thongbao:sent:{draft.id}")
    assert "Không có thông báo này" in await editor.press_data("thongbao:sent:99")


@TYPED_ONLY
async def test_the_whole_way_is_walked_by_typing(
    town: Town, database: Database, editor: Phone
) -> None:
    reader = await town.subscriber()
    await reader.say("dk nong dan")
    await editor.say("thong bao")
    assert (await editor.say(WORDS)).startswith("Trên đây là thông báo đúng như")
    for said, answered in [
        ("1", "Gửi cho ai?"),
        ("11", "Đang chọn: người thuộc tổ chức “Hội Nông dân”."),
        ("0", "Phạm vi: người thuộc tổ chức “Hội Nông dân”."),
        ("2", "Khẩn: có"),
        ("gửi", "ngay bây giờ?"),
        ("không", "Khẩn: có"),
        ("5", "ngay bây giờ?"),
        ("có", "Khi gửi xong, Bản tin sẽ báo lại."),
        ("1", "Đang chuẩn bị gửi thông báo"),
        ("2", "Dừng gửi thông báo"),
        ("ko", "vẫn được gửi tiếp"),
    ]:
        assert answered in await editor.say(said), said
    [bulletin] = await bulletins(database, town.clock.now())
    farmers = Audience(rule=AudienceRule.ORGANISATION, value="5")
    assert await audience_of(database, bulletin.id) == [farmers]


@TYPED_ONLY
async def test_yes_said_twice_sends_once(town: Town, database: Database, editor: Phone) -> None:
    await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    await editor.say("1")
    for again in ("1", "có", "gửi ngay"):
        await editor.say(again)
    assert len(await bulletins(database, town.clock.now())) == 1


@TYPED_ONLY
async def test_a_late_yes_sends_nothing(town: Town, database: Database, editor: Phone) -> None:
    await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    town.clock.pass_time(timedelta(minutes=15))
    assert "chưa hiểu" in await editor.say("1")
    assert await bulletins(database, town.clock.now()) == []


@TYPED_ONLY
@pytest.mark.parametrize("said", ["1", "1.", " 1 "])
async def test_a_bare_number_answers_where_a_notice_was_asked_for(
    database: Database, editor: Phone, said: str
) -> None:
    await editor.say("/thongbao")
    assert "không gửi cho ai" in await editor.say(said)
    assert await draft_of(database, editor) is None


@TYPED_ONLY
async def test_the_old_words_are_kept_by_number(database: Database, editor: Phone) -> None:
    await a_draft(editor)
    await editor.press("Sửa nội dung")
    assert editor.labels == ["Giữ nội dung cũ", "Bỏ"]
    await editor.say("1")
    draft = await the_draft(database, editor)
    assert (draft.text, draft.state) == (WORDS, BroadcastState.READY)


@TYPED_ONLY
@pytest.mark.parametrize("words", ["Bỏ", "2 giờ chiều họp", "hai"])
async def test_anything_but_a_number_is_the_notice(
    database: Database, editor: Phone, words: str
) -> None:
    await a_draft(editor, words)
    assert (await the_draft(database, editor)).text == words


@TYPED_ONLY
@pytest.mark.parametrize("number", ["0", "9", "24"])
async def test_a_number_that_was_not_offered_is_no_notice(
    database: Database, editor: Phone, number: str
) -> None:
    await editor.say("/thongbao")
    assert "chưa hiểu" in await editor.write(number)
    draft = await the_draft(database, editor)
    assert (draft.text, draft.state) == ("", BroadcastState.WRITING)


@TYPED_ONLY
async def test_what_is_written_beside_a_finished_notice_is_not_lost_in_silence(
    database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    assert (await editor.say("phần còn lại của thông báo")).startswith("Chữ vừa gửi chưa được đưa")
    assert (await the_draft(database, editor)).text == WORDS


@TYPED_ONLY
async def test_urgency_is_offered_as_what_it_will_do(editor: Phone) -> None:
    await a_draft(editor)
    assert editor.seen is not None
    assert "2. Đổi thành khẩn\n" in editor.seen.text.text
    await editor.say("2")
    assert editor.preview.text.text.startswith("‼️")
    assert "2. Đổi thành không khẩn\n" in editor.seen.text.text

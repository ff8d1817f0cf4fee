"""/thongbao: from the first word until it is sent."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.rights import FOR_OFFICE
from jobs.rich_text import bold, plain
from storage.database import Database, open_database
from storage.records import (
    Attachment,
    AttachmentKind,
    Audience,
    AudienceRule,
    BroadcastState,
    BulletinKind,
    NewBulletin,
    Role,
    Urgency,
)
from tests.bot.commands.notices import (
    WORDS,
    a_draft,
    an_editor,
    asleep_from,
    audience_of,
    broadcast_of,
    bulletins,
    draft_of,
    send_it,
    the_draft,
    with_new_desk,
)
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town
from tests.bot.commands.stored import actions, audit, give_role, stored

PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="photo-1", size_bytes=200_000)
PANEL = ["Người nhận", "Khẩn: không", "Gửi thử cho tôi", "Sửa nội dung", "Gửi", "Bỏ"]
EVERYBODY = (Audience(rule=AudienceRule.ALL),)


@pytest.fixture
async def editor(town: Town, database: Database) -> Phone:
    return await an_editor(town, database)


@pytest.mark.parametrize("restarts", [False, True], ids=["in one go", "restarted between"])
async def test_the_whole_way_from_the_first_word_to_the_bulletin(
    town: Town, database: Database, editor: Phone, *, restarts: bool
) -> None:
    await town.subscriber()
    group = town.group_admin()
    await group.say("/dangky")
    await group.press("Đồng ý nhận tin")
    await editor.say("thông báo")
    answers = [await editor.write(bold("Kính mời") + plain("\nhọp lúc 14 giờ"))]
    labels = ["Người nhận", "Xây dựng Đảng", "Xong", "Khẩn: không", "Gửi thử cho tôi", "Gửi"]
    for label in [*labels, "Gửi ngay"]:
        town.clock.pass_time(timedelta(minutes=1))
        if restarts:
            with_new_desk(editor, town, database)
        answers.append(await editor.press(label))
    assert "Gửi tới 2\u00a0người nhận (1\u00a0người, 1\u00a0nhóm)." in answers[0]
    assert "ngay bây giờ?" in answers[-2]
    assert answers[-1].startswith("Đang chuẩn bị gửi thông báo (Mã ")
    assert "Dừng gửi" in editor.labels
    [bulletin] = await bulletins(database, town.clock.now())
    assert bulletin.urgency is Urgency.URGENT
    assert bulletin.not_before == bulletin.created_at == town.clock.now()
    assert bulletin.expires_at == town.clock.now() + timedelta(days=3)
    party = Audience(rule=AudienceRule.TOPIC, value="2")
    assert await audience_of(database, bulletin.id) == [party]


async def test_what_was_sent_is_written_down(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    sent = await send_it(editor, town, database)
    found = await stored(database, editor)
    assert found is not None
    chat, author = found
    assert (sent.state, sent.text, sent.author_id) == (BroadcastState.SENT, WORDS, author.id)
    assert (sent.status_chat_id, sent.status_message_id) == (
        chat.id,
        "7" if editor.buttons else "",
    )
    entry = (await audit(database))[-1]
    assert (entry.action, entry.target) == ("broadcast_sent", f"broadcast:{sent.id}")
    assert (entry.actor_id, entry.detail) == (author.id, f"bulletin:{sent.bulletin_id}")


async def test_the_preview_is_what_will_be_sent(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    words = plain("Mời ") + bold("họp 🇻🇳") + plain(" <b>&amp;</b> *_[x](y) שלום")
    await editor.say("/thongbao")
    await editor.write(words, attachment=PHOTO)
    shown = editor.preview
    assert shown.attachment == PHOTO
    assert shown.text.text.startswith("📢 Thông báo của Đảng ủy xã Tân Lập\n\nMời họp 🇻🇳 <b>&")
    assert len(shown.text.spans) == 2
    await editor.press("Gửi")
    await editor.press("Gửi ngay")
    [bulletin] = await bulletins(database, town.clock.now())
    assert shown.text.text.endswith(f"Gửi 08:30 ngày 12/11/2026 · Mã {bulletin.code}")


async def test_when_the_previews_code_is_taken_meanwhile_it_is_sent_with_another(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    code = editor.preview.text.text[-7:]
    async with database.transaction() as tx:
        taken = NewBulletin(
            kind=BulletinKind.ARTICLE,
            content_key="k",
            code=code,
            urgency=Urgency.ORDINARY,
            not_before=town.clock.now(),
            expires_at=town.clock.now() + timedelta(days=3),
            audience=EVERYBODY,
        )
        assert await tx.bulletins.add(taken, town.clock.now())
    await editor.press("Gửi")
    answer = await editor.press("Gửi ngay")
    [bulletin] = await bulletins(database, town.clock.now())
    assert bulletin.code != code
    assert bulletin.code in answer


async def test_a_notice_may_stand_behind_the_command(database: Database, editor: Phone) -> None:
    await editor.write(plain("/thongbao Họp\n\nlúc ") + bold("14 giờ"))
    draft = await the_draft(database, editor)
    assert draft.text == "Họp\n\nlúc 14 giờ"
    [span] = draft.spans
    assert (span.style, span.start, span.length) == ("bold", 9, 6)


async def test_a_photo_may_carry_the_command_in_its_caption(
    database: Database, editor: Phone
) -> None:
    await editor.write("/thongbao Họp", attachment=PHOTO)
    draft = await the_draft(database, editor)
    assert (draft.text, draft.attachment) == ("Họp", PHOTO)


@pytest.mark.parametrize(
    "words", ["tin mới", "1 lít", "có", "Bỏ", "dừng", "K7M3RD22", "chiều nay họp lúc mấy giờ"]
)
async def test_what_comes_after_the_question_is_the_content_whatever_it_says(
    database: Database, editor: Phone, words: str
) -> None:
    await a_draft(editor, words)
    assert (await the_draft(database, editor)).text == words


async def test_a_slash_command_is_no_content(database: Database, editor: Phone) -> None:
    await editor.say("/thongbao")
    assert "Chưa có tin nào." in await editor.say("/moinhat")
    assert (await the_draft(database, editor)).state is BroadcastState.WRITING
    await editor.write(WORDS)
    assert (await the_draft(database, editor)).text == WORDS


async def test_a_forwarded_message_is_content_also_when_it_begins_with_a_slash(
    database: Database, editor: Phone
) -> None:
    await editor.say("/thongbao")
    await editor.write("/huy là lệnh dừng nhận tin", forwarded=True)
    assert (await the_draft(database, editor)).text == "/huy là lệnh dừng nhận tin"


async def test_forwarded_words_are_no_command(town: Town) -> None:
    phone = await town.subscriber()
    assert "chưa hiểu" in await phone.write("/huy", forwarded=True)
    await phone.say("/huy")
    assert "chưa hiểu" in await phone.write("Có", forwarded=True)


async def test_a_draft_that_was_forgotten_takes_no_more_words(
    town: Town, database: Database, editor: Phone
) -> None:
    await editor.say("/thongbao")
    forgotten = (await the_draft(database, editor)).id
    town.clock.pass_time(timedelta(days=1))
    assert "Chưa có tin nào." in await editor.say("tin mới")
    await editor.say("/thongbao")
    assert (await the_draft(database, editor)).id != forgotten


async def test_words_that_were_to_be_replaced_and_never_were_stay(
    town: Town, database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    await editor.press("Sửa nội dung")
    town.clock.pass_time(timedelta(days=2))
    assert "thông báo đang soạn, chưa gửi" in await editor.say("/thongbao")
    assert WORDS in editor.preview.text.text
    await editor.press("Giữ nội dung cũ")
    draft = await the_draft(database, editor)
    assert (draft.text, draft.state) == (WORDS, BroadcastState.READY)


async def test_the_command_shows_what_is_being_written(database: Database, editor: Phone) -> None:
    await a_draft(editor)
    one = (await the_draft(database, editor)).id
    assert "thông báo đang soạn, chưa gửi" in await editor.say("phát tin")
    assert WORDS in editor.preview.text.text
    assert (await the_draft(database, editor)).id == one


@BUTTONS_ONLY
async def test_what_is_written_after_the_command_takes_the_old_drafts_place(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    panel = editor.seen
    await editor.say("/thongbao")
    assert "chờ nội dung" in await editor.press("Gửi", on=panel)
    await editor.write("Cháy rừng ở thôn 3, bà con sơ tán.")
    assert (await the_draft(database, editor)).text == "Cháy rừng ở thôn 3, bà con sơ tán."


@BUTTONS_ONLY
async def test_a_second_draft_drops_the_first(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor, "Thứ nhất")
    first_panel, first = editor.seen, (await the_draft(database, editor)).id
    assert "đã được bỏ" in await editor.say("/thongbao Thứ hai")
    assert (await the_draft(database, editor)).text == "Thứ hai"
    assert (await broadcast_of(database, first)).state is BroadcastState.DROPPED
    for label in PANEL:
        assert "đã được bỏ" in await editor.press(label, on=first_panel)
    assert await bulletins(database, town.clock.now()) == []


async def test_a_second_draft_that_cannot_be_taken_leaves_the_first(
    database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    assert "dài hơn mức" in await editor.say(f"/thongbao {'a' * 3501}")
    draft = await the_draft(database, editor)
    assert (draft.text, draft.state) == (WORDS, BroadcastState.READY)


async def test_the_content_may_be_replaced_or_kept(database: Database, editor: Phone) -> None:
    await a_draft(editor)
    await editor.press("Khẩn: không")
    assert "Nội dung cũ được giữ" in await editor.press("Sửa nội dung")
    await editor.press("Giữ nội dung cũ")
    assert WORDS in editor.preview.text.text
    await editor.press("Sửa nội dung")
    await editor.write("Mới", attachment=PHOTO)
    draft = await the_draft(database, editor)
    assert (draft.text, draft.attachment, draft.urgency) == ("Mới", PHOTO, Urgency.URGENT)


@BUTTONS_ONLY
async def test_what_is_being_rewritten_cannot_be_sent(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    panel = editor.seen
    await editor.press("Gửi")
    question = editor.seen
    await editor.press("Sửa nội dung", on=panel)
    for label, on in (("Gửi", panel), ("Gửi ngay", question), ("Người nhận", panel)):
        assert "đang chờ nội dung" in await editor.press(label, on=on)
    assert await bulletins(database, town.clock.now()) == []


async def test_a_draft_may_be_dropped_before_and_after_it_was_written(
    database: Database, editor: Phone
) -> None:
    await editor.say("/thongbao")
    await editor.press("Bỏ")
    assert await draft_of(database, editor) is None
    await editor.press("Soạn thông báo mới")
    await editor.write(WORDS)
    assert "không gửi cho ai" in await editor.press("Bỏ")
    assert await draft_of(database, editor) is None
    assert "chưa hiểu" in await editor.write(WORDS)


async def test_a_test_goes_to_the_author_alone_and_stores_nothing(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    shown = editor.preview
    assert "bản gửi thử" in await editor.press("Gửi thử cho tôi")
    assert editor.preview == shown
    assert await bulletins(database, town.clock.now()) == []
    async with database.transaction() as tx:
        assert await tx.outbox.counts() == {}


@BUTTONS_ONLY
async def test_urgency_is_a_wanted_end_and_changes_the_preview(
    database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    panel = editor.seen
    for _ in range(2):
        await editor.press("Khẩn: không", on=panel)
        assert editor.preview.text.text.startswith("‼️")
        assert (await the_draft(database, editor)).urgency is Urgency.URGENT
    await editor.press("Khẩn: có")
    assert editor.preview.text.text.startswith("📢")
    assert (await the_draft(database, editor)).urgency is Urgency.ORDINARY


@BUTTONS_ONLY
async def test_a_second_press_sends_nothing_and_says_so(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    question = editor.seen
    await editor.press("Gửi ngay")
    assert "đã được gửi" in await editor.press("Gửi ngay", on=question)
    assert editor.seen is not None
    assert not editor.seen.edit  # the pressed message shows the progress
    assert len(await bulletins(database, town.clock.now())) == 1
    assert (await actions(database)).count("broadcast_sent") == 1


@BUTTONS_ONLY
async def test_two_processes_at_once_send_it_once(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    question = editor.seen
    other_database = open_database(str(database.engine.url))
    other = Phone(desk=town.desk, bot_id=town.bot_id, person=editor.person, name=editor.name)
    with_new_desk(other, town, other_database)
    try:
        answers = await asyncio.gather(
            *(phone.press("Gửi ngay", on=question) for _ in range(3) for phone in (editor, other))
        )
    finally:
        await other_database.close()
    assert sum(answer.startswith("Đang chuẩn bị gửi") for answer in answers) == 1
    assert sum("đã được gửi" in answer for answer in answers) == 5
    assert len(await bulletins(database, town.clock.now())) == 1


@BUTTONS_ONLY
async def test_what_changed_after_the_question_is_shown_again_and_not_sent(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    panel = editor.seen
    await editor.press("Gửi")
    question = editor.seen
    town.clock.pass_time(timedelta(seconds=1))
    await editor.press("Khẩn: không", on=panel)
    assert "đã được sửa sau câu hỏi trước" in await editor.press("Gửi ngay", on=question)
    assert editor.preview.text.text.startswith("‼️")
    assert await bulletins(database, town.clock.now()) == []


async def test_one_may_go_back_from_the_question(town: Town, editor: Phone) -> None:
    await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    await editor.press("Quay lại")
    assert editor.labels == PANEL
    assert editor.seen is not None
    assert editor.seen.edit == editor.buttons


async def test_a_typed_yes_sends_too_without_a_message_to_go_on_with(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    one = (await the_draft(database, editor)).id
    await editor.say("gửi")
    await editor.say("gửi ngay")
    assert len(await bulletins(database, town.clock.now())) == 1
    assert (await broadcast_of(database, one)).status_message_id == ""


async def test_a_notice_for_nobody_is_not_sent(
    town: Town, database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    assert editor.seen is not None
    assert "Không có ai phù hợp" in editor.seen.text.text
    assert "Dự kiến" not in editor.seen.text.text
    assert "Không có ai phù hợp" in await editor.press("Gửi")
    assert await bulletins(database, town.clock.now()) == []


async def test_when_everybody_leaves_after_the_question_nothing_is_sent(
    town: Town, database: Database, editor: Phone
) -> None:
    member = await town.subscriber()
    await a_draft(editor)
    await editor.press("Gửi")
    await town.desk.left(member.address)
    assert "Không có ai phù hợp" in await editor.press("Gửi ngay")
    assert (await the_draft(database, editor)).state is BroadcastState.READY


def _in_viet_nam(hour: int, minute: int = 0) -> timedelta:
    """From the clock's start until this hour of the same day."""
    start = datetime(2026, 11, 12, 8, 30, tzinfo=UTC)
    return start.replace(hour=hour, minute=minute) - start


@pytest.mark.parametrize(
    ("passed", "facts"),
    [
        pytest.param(_in_viet_nam(8, 30), ["Dự kiến xong lúc 08:31."], id="by day"),
        pytest.param(
            _in_viet_nam(22, 15),
            [
                "Hiện là giờ nghỉ (21:00–06:00): thông báo sẽ được gửi lúc 06:00.",
                "Dự kiến xong lúc 06:01 ngày 13/11/2026.",
            ],
            id="at night",
        ),
        pytest.param(
            _in_viet_nam(20, 59), ["Dự kiến xong lúc 06:00 ngày 13/11/2026."], id="too late"
        ),
    ],
)
async def test_the_facts_say_when_it_will_be_out(
    town: Town, editor: Phone, passed: timedelta, facts: list[str]
) -> None:
    await town.subscriber()
    town.clock.pass_time(passed)
    await a_draft(editor)
    assert editor.seen is not None
    for fact in facts:
        assert fact in editor.seen.text.text
    assert ("giờ nghỉ" in editor.seen.text.text) == ("giờ nghỉ" in facts[0])


async def test_at_night_an_ordinary_notice_waits_and_an_urgent_one_does_not(
    town: Town, editor: Phone
) -> None:
    await town.subscriber()
    town.clock.pass_time(_in_viet_nam(22))
    await a_draft(editor)
    assert "lúc 06:00?" in await editor.press("Gửi")
    assert editor.labels == ["Gửi lúc 06:00", "Quay lại"]
    await editor.press("Quay lại")
    assert "gửi cả trong giờ nghỉ" in await editor.press("Khẩn: không")
    assert "ngay bây giờ?" in await editor.press("Gửi")


async def test_without_quiet_hours_nothing_waits(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    editor.desk = asleep_from(town, database, (0, 0))
    town.clock.pass_time(_in_viet_nam(23))
    await a_draft(editor)
    assert "ngay bây giờ?" in await editor.press("Gửi")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.HEAD, Role.ADMIN, Role.OWNER])
async def test_editors_and_above_may_send(town: Town, database: Database, role: Role) -> None:
    await town.subscriber()
    phone = await an_editor(town, database, role)
    await send_it(phone, town, database)
    assert (await actions(database))[-1] == "broadcast_sent"


async def test_a_member_writes_no_notice(town: Town, database: Database) -> None:
    member = await town.subscriber()
    assert (await member.say("/thongbao Họp")).startswith(FOR_OFFICE)
    assert await draft_of(database, member) is None


@BUTTONS_ONLY
async def test_who_lost_the_role_can_do_nothing_with_his_draft(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    panel = editor.seen
    await editor.press("Gửi")
    question = editor.seen
    await give_role(database, editor, Role.MEMBER)
    for label in PANEL:
        assert (await editor.press(label, on=panel)).startswith(FOR_OFFICE)
    assert (await editor.press("Gửi ngay", on=question)).startswith(FOR_OFFICE)
    assert await bulletins(database, town.clock.now()) == []


async def test_words_of_who_lost_the_role_are_as_anybodys(
    database: Database, editor: Phone
) -> None:
    await editor.say("/thongbao")
    await give_role(database, editor, Role.MEMBER)
    assert "Chưa có tin nào." in await editor.say("tin mới")


@BUTTONS_ONLY
async def test_an_editor_cannot_touch_the_draft_of_another(
    town: Town, database: Database, editor: Phone
) -> None:
    await town.subscriber()
    await a_draft(editor)
    other = await an_editor(town, database, Role.OWNER)
    for label in PANEL:
        assert "Không có thông báo này" in await other.press(label, on=editor.seen)
    assert (await the_draft(database, editor)).state is BroadcastState.READY


async def test_in_a_group_editors_are_told_to_write_in_private(
    town: Town, database: Database, editor: Phone
) -> None:
    in_group = town.in_group(editor)
    assert "cuộc trò chuyện riêng" in await in_group.say("/thongbao Họp")
    assert await draft_of(database, editor) is None
    await editor.say("/thongbao")
    await in_group.say("Mời họp")
    assert (await the_draft(database, editor)).text == ""


@pytest.mark.parametrize(
    "data", ["thongbao:send", "thongbao:send:x", "thongbao:send:99", "thongbao:to:99:+t1"]
)
async def test_a_button_of_no_notice_does_nothing(editor: Phone, data: str) -> None:
    assert "Không có thông báo này" in await editor.press_data(data)


async def test_an_unknown_button_is_said_to_be_old(editor: Phone) -> None:
    assert "Nút này không còn dùng được." in await editor.press_data("thongbao:weather:1")


async def test_a_forged_button_that_says_content_writes_nothing(
    database: Database, editor: Phone
) -> None:
    await a_draft(editor)
    assert "Chưa thấy nội dung" in await editor.press_data("thongbao:content")
    assert (await the_draft(database, editor)).text == WORDS

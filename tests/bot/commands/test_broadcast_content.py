"""What may be the content of a notice, and what is answered to the rest."""

import pytest

from jobs.rich_text import RichText, bold, plain
from storage.database import Database
from storage.records import Attachment, AttachmentKind, BroadcastState
from tests.bot.commands.notices import (
    WORDS,
    a_draft,
    an_editor,
    draft_of,
    the_draft,
    with_new_desk,
)
from tests.bot.commands.phone import Phone, Town
from tests.bot.commands.stored import actions

PHOTO = Attachment(kind=AttachmentKind.PHOTO, file_id="photo-1", size_bytes=200_000)
MEGABYTE = 1024 * 1024


def a_document(size_bytes: int, name: str = "Kế hoạch.pdf") -> Attachment:
    return Attachment(
        kind=AttachmentKind.DOCUMENT, file_id="document-1", name=name, size_bytes=size_bytes
    )


@pytest.fixture
async def editor(town: Town, database: Database) -> Phone:
    """Who was just asked for the content."""
    phone = await an_editor(town, database)
    await phone.say("/thongbao")
    return phone


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        pytest.param(plain("Họp"), None, id="words"),
        pytest.param(plain("Họp"), PHOTO, id="a photo with a caption"),
        pytest.param(plain(""), PHOTO, id="a photo alone"),
        pytest.param(plain(""), a_document(30_000), id="a document alone"),
        pytest.param(plain("ạ" * 1025), PHOTO, id="a caption of 1,025 units"),
        pytest.param(plain("a" * 3500), None, id="as long as may be"),
        pytest.param(plain("👍" * 1750), None, id="as long as may be, two units each"),
        pytest.param(bold("Họp") + plain("\n\n- một\n- hai"), None, id="styles and lines"),
        pytest.param(plain("*a* <b>&amp;</b> [x](y) `z`"), None, id="markup characters"),
        pytest.param(plain("فردا جلسه \u200fاست"), None, id="right to left"),
        pytest.param(plain("👨‍👩‍👧‍👦🇻🇳👍🏽"), None, id="emoji"),
    ],
)
@pytest.mark.parametrize("forwarded", [False, True], ids=["written", "forwarded"])
async def test_content_is_stored_as_it_came(
    database: Database,
    editor: Phone,
    content: RichText,
    attachment: Attachment | None,
    forwarded: bool,
) -> None:
    await editor.write(content, attachment=attachment, forwarded=forwarded)
    draft = await the_draft(database, editor)
    assert draft.state is BroadcastState.READY
    assert (draft.text, draft.attachment) == (content.text, attachment)
    assert len(draft.spans) == len(content.spans)
    assert content.text in editor.preview.text.text
    assert editor.preview.attachment == attachment


@pytest.mark.parametrize(
    ("content", "length"),
    [(plain("a" * 3501), "3.501"), (plain("👍" * 1751), "3.502"), (plain("ạ" * 4096), "4.096")],
    ids=["one too many", "two units each", "a whole message"],
)
async def test_what_is_too_long_is_refused_with_its_length(
    database: Database, editor: Phone, content: RichText, length: str
) -> None:
    answer = await editor.write(content)
    assert f"{length}\u00a0ký tự" in answer
    assert "3.500\u00a0ký tự" in answer
    assert await draft_of(database, editor) is None


async def test_the_rest_of_a_text_that_the_platform_cut_is_not_taken_for_the_notice(
    database: Database, editor: Phone
) -> None:
    await editor.write("a" * 4096)
    assert "chưa hiểu" in await editor.write("phần còn lại của bài")
    assert await draft_of(database, editor) is None
    await editor.say("/thongbao")
    await editor.write("Ngắn hơn")
    assert (await the_draft(database, editor)).text == "Ngắn hơn"


async def test_the_button_under_a_refused_text_asks_again(
    database: Database, editor: Phone
) -> None:
    await editor.write("a" * 4096)
    await editor.press("Soạn lại")
    await editor.write("Ngắn hơn")
    assert (await the_draft(database, editor)).text == "Ngắn hơn"


async def test_too_long_a_replacement_leaves_what_was_there(
    database: Database, editor: Phone
) -> None:
    await editor.write(WORDS)
    await editor.press("Sửa nội dung")
    await editor.write("a" * 4096)
    answer = await editor.write("phần còn lại")
    assert "chưa hiểu" in answer or "chưa được đưa vào thông báo" in answer
    draft = await the_draft(database, editor)
    assert (draft.text, draft.state) == (WORDS, BroadcastState.READY)
    await editor.say("/thongbao")
    await editor.write("a" * 4096)
    await editor.press("Soạn lại nội dung")
    await editor.write("Ngắn hơn")
    assert (await the_draft(database, editor)).text == "Ngắn hơn"


@pytest.mark.parametrize("content", ["", "  \n ", "\u200b\u200d", "\x00"])
async def test_nothing_to_see_is_asked_for_again(
    database: Database, editor: Phone, content: str
) -> None:
    assert "Chưa thấy nội dung" in await editor.write(content)
    assert (await the_draft(database, editor)).state is BroadcastState.WRITING
    await editor.write(WORDS)
    assert (await the_draft(database, editor)).text == WORDS


async def test_an_album_is_answered_once(database: Database, editor: Phone) -> None:
    answer = await editor.write("Ảnh lễ hội", attachment=PHOTO, album="a1")
    assert "một ảnh hoặc một tệp" in answer
    assert await editor.write(attachment=PHOTO, album="a1") == ""
    assert await editor.write(attachment=PHOTO, album="a1") == ""
    assert "một ảnh hoặc một tệp" in await editor.write(attachment=PHOTO, album="a2")
    draft = await the_draft(database, editor)
    assert (draft.state, draft.attachment) == (BroadcastState.WRITING, None)
    await editor.write("Ảnh lễ hội", attachment=PHOTO)
    assert (await the_draft(database, editor)).attachment == PHOTO


async def test_an_album_behind_the_command_is_answered_once(
    town: Town, database: Database
) -> None:
    phone = await an_editor(town, database)
    caption = "/thongbao Ảnh lễ hội"
    assert "một ảnh" in await phone.write(caption, attachment=PHOTO, album="a1")
    assert await phone.write(attachment=PHOTO, album="a1") == ""
    await phone.write(WORDS)
    assert (await the_draft(database, phone)).text == WORDS


async def test_an_album_of_anybody_is_answered_once(town: Town) -> None:
    member, other = await town.subscriber(), await town.subscriber()
    assert await member.write(attachment=PHOTO, album="a1")
    assert await member.write(attachment=PHOTO, album="a1") == ""
    assert await other.write(attachment=PHOTO, album="a1")


async def test_after_a_restart_an_album_is_answered_once_more_and_stays_refused(
    town: Town, database: Database, editor: Phone
) -> None:
    await editor.write(attachment=PHOTO, album="a1")
    with_new_desk(editor, town, database)
    assert "một ảnh hoặc một tệp" in await editor.write(attachment=PHOTO, album="a1")
    assert (await the_draft(database, editor)).attachment is None


@pytest.mark.parametrize("caption", ["", "Video lễ hội"])
async def test_what_a_notice_cannot_carry_is_said(
    database: Database, editor: Phone, caption: str
) -> None:
    assert "không gửi được" in await editor.write(caption, other_media=True)
    assert (await the_draft(database, editor)).state is BroadcastState.WRITING


@pytest.mark.parametrize(
    ("size_bytes", "remark"),
    [
        pytest.param(25 * MEGABYTE, "nặng 25\u00a0MB", id="25 MB"),
        pytest.param(10 * MEGABYTE, "nặng 10\u00a0MB", id="10 MB"),
        pytest.param(10 * MEGABYTE - 1, "", id="less"),
    ],
)
async def test_a_large_document_is_taken_with_a_remark(
    database: Database, editor: Phone, size_bytes: int, remark: str
) -> None:
    answer = await editor.write("Kế hoạch", attachment=a_document(size_bytes))
    assert (await the_draft(database, editor)).attachment == a_document(size_bytes)
    assert ("điện thoại" in answer) == bool(remark)
    assert remark in answer


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        ("MẬT\nKế hoạch kiểm tra", None),
        ("Tài liệu lưu hành nội bộ", None),
        ("Kế hoạch", a_document(1000, "12-KH_ĐU_(MẬT).pdf")),
        ("", a_document(1000, "tài liệu lưu hành nội bộ.docx")),
    ],
)
async def test_what_is_marked_secret_is_refused_and_not_stored(
    database: Database, editor: Phone, content: str, attachment: Attachment | None
) -> None:
    assert "nên không được nhận" in await editor.write(content, attachment=attachment)
    draft = await the_draft(database, editor)
    assert (draft.text, draft.attachment) == ("", None)
    assert (await actions(database))[-1] == "broadcast_refused"


async def test_a_refused_replacement_leaves_what_was_there(town: Town, database: Database) -> None:
    phone = await an_editor(town, database)
    await a_draft(phone)
    await phone.press("Sửa nội dung")
    await phone.write("Tài liệu lưu hành nội bộ")
    await phone.press("Giữ nội dung cũ")
    assert (await the_draft(database, phone)).text == WORDS

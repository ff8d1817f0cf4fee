"""Whom a notice is for."""

import pytest

from storage.database import Database
from storage.records import Audience, AudienceRule
from tests.bot.commands.notices import a_draft, an_editor, the_draft
from tests.bot.commands.phone import BUTTONS_ONLY, Phone, Town

ALL = Audience(rule=AudienceRule.ALL)


async def _with(town: Town, *, topic: str = "", organisation: str = "") -> Phone:
    """A subscriber of this topic alone, in this organisation."""
    phone = await town.subscriber()
    await phone.say("/chuyenmuc")
    for label in phone.labels:
        if label.startswith("✓") and label != f"✓ {topic}":
            await phone.press(label)
    if organisation:
        await phone.say(f"/dangky {organisation}")
    return phone


@pytest.fixture
async def editor(town: Town, database: Database) -> Phone:
    """Before the list, with three subscribers."""
    await _with(town, topic="Xây dựng Đảng", organisation="Hội Nông dân")
    await _with(town, topic="Xây dựng Đảng")
    await _with(town, topic="Kinh tế - xã hội", organisation="Công đoàn")
    phone = await an_editor(town, database)
    await a_draft(phone)
    await phone.press("Người nhận")
    return phone


def _number(answer: str) -> int:
    """How many it says that there are."""
    if "Không có ai phù hợp." in answer:
        return 0
    before, _, _ = answer.partition("\u00a0người nhận")
    return int(before.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("ticks", "number", "words"),
    [
        ([], 3, "tất cả"),
        (["Xây dựng Đảng"], 2, "người theo dõi chuyên mục “Xây dựng Đảng”"),
        (
            ["Xây dựng Đảng", "Kinh tế - xã hội"],
            3,
            "người theo dõi một trong các chuyên mục “Xây dựng Đảng”, “Kinh tế - xã hội”",
        ),
        (["Hội Nông dân"], 1, "người thuộc tổ chức “Hội Nông dân”"),
        (
            ["Hội Nông dân", "Công đoàn"],
            2,
            "người thuộc một trong các tổ chức “Hội Nông dân”, “Công đoàn”",
        ),
        (
            ["Xây dựng Đảng", "Công đoàn", "Hội Nông dân"],
            1,
            "chuyên mục “Xây dựng Đảng” và thuộc một trong các tổ chức “Hội Nông dân”, “Công",
        ),
        (["Xây dựng Đảng", "Công đoàn"], 0, "và thuộc tổ chức “Công đoàn”"),
        (["Xây dựng Đảng", "✓ Xây dựng Đảng"], 0, "chưa chọn ai"),
        (["Xây dựng Đảng", "Tất cả"], 3, "tất cả"),
    ],
)
async def test_the_number_and_the_words_follow_each_press(
    editor: Phone, ticks: list[str], number: int, words: str
) -> None:
    assert editor.seen is not None
    answer = editor.seen.text.text
    for label in ticks:
        answer = await editor.press(label)
    assert _number(answer) == number
    assert words in answer
    panel = await editor.press("Xong")
    assert (f"Gửi tới {number}\u00a0người nhận" in panel) == (number > 0)
    assert words in panel


@BUTTONS_ONLY
async def test_a_double_press_ends_where_a_single_one_does(
    database: Database, editor: Phone
) -> None:
    shown = editor.seen
    first = await editor.press("Xây dựng Đảng")
    assert await editor.press("Xây dựng Đảng", on=shown) == first
    chosen = (Audience(rule=AudienceRule.TOPIC, value="2"),)
    assert (await the_draft(database, editor)).audience == chosen
    shown = editor.seen
    first = await editor.press("Tất cả")
    assert await editor.press("Tất cả", on=shown) == first
    assert (await the_draft(database, editor)).audience == (ALL,)


async def test_what_is_chosen_bears_a_tick_and_the_message_stays_the_same(editor: Phone) -> None:
    assert "✓ Tất cả" in editor.labels
    await editor.press("Hội Nông dân")
    assert [label for label in editor.labels if label.startswith("✓")] == ["✓ Hội Nông dân"]
    assert editor.seen is not None
    assert editor.seen.edit == editor.buttons
    assert editor.seen.above is None


@pytest.mark.parametrize("value", ["+t99", "+o99", "+t", "+x1", "-t99", "weather"])
async def test_what_is_no_longer_there_cannot_be_chosen(
    database: Database, editor: Phone, value: str
) -> None:
    draft = await the_draft(database, editor)
    assert "không còn trong danh sách" in await editor.press_data(
        f"thongbao:to:{draft.id}:{value}"
    )
    assert (await the_draft(database, editor)).audience == (ALL,)


async def test_a_notice_that_fits_nobody_is_not_sent(editor: Phone) -> None:
    await editor.press("Xây dựng Đảng")
    await editor.press("✓ Xây dựng Đảng")
    assert "Không có ai phù hợp" in await editor.press("Xong")
    assert "Không có ai phù hợp" in await editor.press("Gửi")
    assert "Gửi ngay" not in editor.labels


async def test_the_question_names_whom_it_goes_to(editor: Phone) -> None:
    await editor.press("Hội Nông dân")
    await editor.press("Xong")
    question = await editor.press("Gửi")
    whom = "tới 1\u00a0người nhận (1\u00a0người, 0\u00a0nhóm) ngay bây giờ?"
    assert f"Gửi “Kính mời họp lúc 14 giờ.” {whom}" in question
    assert "Phạm vi: người thuộc tổ chức “Hội Nông dân”." in question

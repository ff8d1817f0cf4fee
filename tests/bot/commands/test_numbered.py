"""Choices as numbered lines, and what a typed answer to them means."""

import pytest

from bot.commands.answers import answered, number_in
from bot.commands.command import Reply
from bot.commands.numbered import choices_of, numbered
from bot.commands.telex import without_telex
from bot.commands.wording import button
from jobs.messenger import Button
from jobs.rich_text import bold, plain
from storage.records import ChoiceKind

TOPICS = ["✓ Xây dựng Đảng", "Mặt trận và các tổ chức chính trị - xã hội", "✓ Lịch công tác"]


def _reply(*labels: str, back: str = "", is_tick_list: bool = False) -> Reply:
    rows = tuple((button(label, "x", label),) for label in labels)
    return Reply(text=bold("Hỏi?"), buttons=rows, back=back, is_tick_list=is_tick_list)


def _topics() -> Reply:
    return _reply(*TOPICS, "Xong", back="x:Xong", is_tick_list=True)


def _lines(reply: Reply, *, in_group: bool = False) -> list[str]:
    return numbered(reply, in_group=in_group).text.text.splitlines()[2:]


def _meant(text: str, reply: Reply) -> list[str]:
    return [each.data.removeprefix("x:") for each in answered(text, choices_of(reply))]


def test_a_tick_list_shows_what_is_ticked_and_how_to_answer() -> None:
    assert _lines(_topics()) == [
        "1. Xây dựng Đảng ✓",
        "2. Mặt trận và các tổ chức chính trị - xã hội",
        "3. Lịch công tác ✓",
        "0. Xong",
        "Trả lời bằng các số muốn chọn, ví dụ 1 3.",
    ]


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        (_reply("A"), "Trả lời 1."),
        (_reply("A", "B", "C"), "Trả lời 1, 2 hoặc 3."),
        (_reply(*"ABCDE"), "Trả lời bằng một số từ 1 đến 5."),
        (_reply(*"ABCDE", back="x:0"), "Trả lời bằng một số từ 0 đến 5."),
        (_reply("Gửi ngay", back="x:0"), "Trả lời 1 hoặc 0."),
        (_reply("Đồng ý", "Không"), "Trả lời 1 hoặc 2, hoặc gửi “có”, “không”."),
    ],
    ids=["one", "three", "many", "many and back", "one and back", "yes or no"],
)
def test_the_last_line_says_how_to_answer(reply: Reply, how: str) -> None:
    assert _lines(reply)[-1] == how


def test_in_a_group_only_a_reply_to_the_message_reaches_the_bot() -> None:
    assert _lines(_reply("A", "B"), in_group=True)[-1] == "Trả lời tin nhắn này bằng số 1 hoặc 2."
    assert _lines(_topics(), in_group=True)[-1].startswith("Trả lời tin nhắn này bằng các số")


def test_a_way_back_without_a_button_is_offered_too() -> None:
    assert _lines(_reply("A", back="caidat:"))[-2] == "0. Quay lại"


def test_styles_links_and_the_rest_of_a_reply_stay() -> None:
    read = Button(label="Đọc toàn văn", url="https://tanlap.example/1")
    reply = Reply(text=bold("Tin"), buttons=((read,), (button("A", "x"), read)), edit=True)
    shown = numbered(reply)
    assert shown.buttons == ((read,), (read,))
    assert shown.text.spans == reply.text.spans
    assert not shown.edit


def test_a_toast_is_said_when_there_is_nothing_else() -> None:
    only = numbered(Reply(text=plain(""), toast="Đã lưu."))
    assert (only.text.text, only.toast) == ("Đã lưu.", "")
    assert numbered(Reply(text=plain("Xong."), toast="Đã lưu.")).text.text == "Xong."


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("1", "A"),
        ("2.", "B"),
        ("số 2", "B"),
        ("chọn 2 ạ", "B"),
        ("２", ""),
        ("2️⃣", "B"),
        ("hai", "B"),
        ("0", "0"),
        ("quay lại", "0"),
        ("không", "0"),
        ("b", "B"),
        ("3", ""),
        ("1 2", ""),
        ("12", ""),
        ("99999999999", ""),
        ("có", ""),
        ("một hai", ""),
        ("", ""),
    ],
)
def test_one_of_several_is_meant(text: str, data: str) -> None:
    assert _meant(text, _reply("A", "B", back="x:0")) == ([data] if data else [])


@pytest.mark.parametrize(
    "text", ["có", "CO", "dạ có", "vâng ạ", "đồng ý", "ok", "được", "đc", "cos", "ddoongf ys", "1"]
)
def test_yes(text: str) -> None:
    assert _meant(text, _reply("Có, dừng nhận tin", "Không")) == ["Có, dừng nhận tin"]
    assert _meant(text, _reply("Gửi ngay", back="x:0")) == ["Gửi ngay"]


@pytest.mark.parametrize(
    "text", ["không", "KHONG", "ko", "k", "thôi", "dạ không ạ", "khoong", "0"]
)
def test_no(text: str) -> None:
    assert _meant(text, _reply("Có, dừng nhận tin", "Không")) == ["Không"]
    assert _meant(text, _reply("Gửi ngay", back="x:0")) == ["0"]


@pytest.mark.parametrize("text", ["ok", "vâng", "dạ", "cảm ơn"])
def test_a_courtesy_chooses_nothing_that_was_only_offered(text: str) -> None:
    assert _meant(text, _reply("Đổi chuyên mục")) == []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("1 2", [2, 1]),
        ("1,2", [2, 1]),
        ("1 và 2", [2, 1]),
        ("số 1, số 2 ạ", [2, 1]),
        ("chọn 1; 2", [2, 1]),
        ("một hai", [2, 1]),
        ("2", [0, 2, 1]),
        ("1 2 3", [1]),
        ("tất cả", [1]),
        ("thêm 2", [1]),
        ("bỏ 3", [2]),
        ("bỏ chọn 1 và 3", [0, 2]),
        ("bỏ hết", [0, 2]),
        ("mặt trận", [0, 2, 1]),
        ("thêm mặt trận", [1]),
        ("bỏ lịch công tác", [2]),
    ],
)
def test_numbers_say_what_shall_be_ticked(text: str, changed: list[int]) -> None:
    """What goes is said first."""
    assert _meant(text, _topics()) == [TOPICS[place] for place in changed]


@pytest.mark.parametrize("text", ["0", "xong", "1 3", "3,1", "không", "thêm 1"])
def test_what_changes_nothing_leads_back(text: str) -> None:
    assert _meant(text, _topics()) == ["Xong"]


@pytest.mark.parametrize("text", ["1 4", "0 1", "từ 1 đến 3", "1 hoặc 3", "x", "", "thêm", "có"])
def test_what_is_no_answer_to_a_tick_list_ticks_nothing(text: str) -> None:
    assert _meant(text, _topics()) == []


def test_without_a_question_there_is_no_answer() -> None:
    assert answered("1", []) == ()
    assert number_in("1", []) is None


def test_where_words_are_taken_as_they_are_only_a_bare_number_chooses() -> None:
    choices = choices_of(_reply("Giữ", "Bỏ", back="x:0"))
    assert choices[-1].kind is ChoiceKind.BACK
    found = [number_in(text, choices) for text in ("1", " 2. ", "0")]
    assert [each.data for each in found if each] == ["x:Giữ", "x:Bỏ", "x:0"]
    assert not any(number_in(text, choices) for text in ("3", "bỏ", "1 lít", "hai", "có", ""))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddawng kys", "dang ky"),
        ("ddangw ky", "dang ky"),
        ("huyr", "huy"),
        ("tin mowis nhaats", "tin moi nhat"),
        ("thoong baos", "thong bao"),
        ("trowj giups", "tro giup"),
        ("chuyeen mujc", "chuyen muc"),
        ("dwngf", "dung"),
        ("xoas duwx lieeuj", "xoa du lieu"),
        ("stop", "stop"),
        ("dk pn", "dk pn"),
    ],
)
def test_telex_that_was_not_turned_into_marks_is_read(typed: str, meant: str) -> None:
    assert without_telex(typed) == meant

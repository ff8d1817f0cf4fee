"""How words find a command."""

import unicodedata
from itertools import combinations

import pytest

from bot.commands.registry import COMMANDS, find, menu, suggest
from bot.commands.wording import MAX_LABEL
from jobs.text import fold
from storage.records import ChatKind, Role

OFFICE_COMMANDS = {"thongbao", "trangthai", "nguon"}


def _found(text: str) -> tuple[str, str] | None:
    found = find(text)
    return (found[0].name, found[1]) if found else None


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/dangky", "dangky", ""),
        ("/DangKy", "dangky", ""),
        ("/dangky@tanlapbot", "dangky", ""),
        ("/dangky@tanlapbot phụ nữ", "dangky", "phụ nữ"),
        ("Đăng ký", "dangky", ""),
        ("DANG KY", "dangky", ""),
        ("  đăng   ký  ", "dangky", ""),
        ("Đăng kí", "dangky", ""),
        ("dk", "dangky", ""),
        ("ĐK PN", "dangky", "PN"),
        ("đăng ký nhận tin", "dangky", ""),
        ("đăng ký nhận tin hội nông dân", "dangky", "hội nông dân"),
        ("/start xyz", "start", "xyz"),
        ("bắt đầu", "start", ""),
        ("chủ đề", "chuyenmuc", ""),
        ("tin mới", "moinhat", ""),
        ("Tin mới nhất.", "moinhat", ""),
        ("cài đặt", "caidat", ""),
        ("tạm dừng", "caidat", ""),
        ("Giờ nhận tin", "gionhan", ""),
        ("thông báo", "thongbao", ""),
        ("phát tin", "thongbao", ""),
        ("/thongbao Họp lúc 14 giờ", "thongbao", "Họp lúc 14 giờ"),
        ("ko nhan tin nua", "huy", ""),
        ("hủy", "huy", ""),
        ("huỷ đăng ký", "huy", ""),
        ("dừng", "huy", ""),
        ("dung", "huy", ""),
        ("STOP", "huy", ""),
        ("/dừng lại", "huy", "lại"),
        ("dữ liệu của tôi", "dulieu", ""),
        ("xoá dữ liệu", "xoadulieu", ""),
        ("trợ giúp 🙏", "trogiup", ""),
        ("huong dan", "trogiup", ""),
        ("trạng thái", "trangthai", ""),
        ("nguồn tin", "nguon", ""),
    ],
)
def test_a_command_is_found_however_it_is_typed(text: str, name: str, argument: str) -> None:
    assert _found(text) == (name, argument)


def test_both_unicode_forms_find_the_same_command() -> None:
    for command in COMMANDS:
        for alias in command.aliases:
            decomposed = unicodedata.normalize("NFD", alias)
            assert _found(decomposed) == (command.name, "")
            assert _found(f"/{decomposed.upper()}") == (command.name, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/weather",
        "tin mới hôm nay có gì",
        "dừng lại ở đâu",
        "thông báo họp chiều nay",
        "hủy cuộc họp chiều nay nhé",
        "hướng dẫn nộp hồ sơ thế nào",
        "đúng",
        "dùng",
        "đăng ký khai sinh cho con thì cần mang theo những giấy tờ gì",
        "chiều nay họp lúc mấy giờ",
    ],
)
def test_ordinary_words_are_no_command(text: str) -> None:
    assert find(text) is None


def test_no_two_commands_answer_to_the_same_words() -> None:
    words = [
        (command.name, {fold(text) for text in (command.name, *command.aliases)})
        for command in COMMANDS
    ]
    for (one, its_words), (other, others_words) in combinations(words, 2):
        assert not its_words & others_words, (one, other)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_help_text_is_one_short_sentence(command: object) -> None:
    text = getattr(command, "help")  # noqa: B009 - parametrize hands out objects
    assert text.endswith(".")
    assert text.count(".") == 1
    assert len(text) <= MAX_LABEL  # hints show it on a button


@pytest.mark.parametrize(
    ("text", "role", "name"),
    [
        ("dừng lại ở đâu", Role.MEMBER, "huy"),
        ("tin mới hôm nay có gì", Role.MEMBER, "moinhat"),
        ("/dangki", Role.MEMBER, "dangky"),
        ("trơ giup", Role.MEMBER, "trogiup"),
        ("chuyen mụcc", Role.MEMBER, "chuyenmuc"),
        ("trang thaii", Role.ADMIN, "trangthai"),
        ("nguồn tin hôm nay", Role.OWNER, "nguon"),
    ],
)
def test_what_may_have_been_meant_is_suggested(text: str, role: Role, name: str) -> None:
    suggestion = suggest(text, role)
    assert suggestion is not None
    assert suggestion.name == name


@pytest.mark.parametrize(
    "text", ["chiều nay họp lúc mấy giờ", "trang thaii", "nguồn tin hôm nay", "👍", ""]
)
def test_nothing_far_off_or_forbidden_is_suggested(text: str) -> None:
    assert suggest(text, Role.MEMBER) is None


def _menu_names(role: Role, kind: ChatKind, *, is_chat_admin: bool = True) -> set[str]:
    return {name for name, _ in menu(role, kind, is_chat_admin=is_chat_admin)}


def test_admins_see_their_own_menu() -> None:
    assert not _menu_names(Role.MEMBER, ChatKind.PERSON) & OFFICE_COMMANDS
    assert _menu_names(Role.ADMIN, ChatKind.PERSON) >= OFFICE_COMMANDS
    assert _menu_names(Role.OWNER, ChatKind.PERSON) >= OFFICE_COMMANDS


def test_a_group_sees_what_it_may_use() -> None:
    assert not _menu_names(Role.OWNER, ChatKind.GROUP) & OFFICE_COMMANDS
    assert "huy" in _menu_names(Role.MEMBER, ChatKind.GROUP)
    assert "huy" not in _menu_names(Role.MEMBER, ChatKind.GROUP, is_chat_admin=False)
    assert "moinhat" in _menu_names(Role.MEMBER, ChatKind.GROUP, is_chat_admin=False)


def test_linking_is_offered_only_where_it_works() -> None:
    assert "lienket" in _menu_names(Role.MEMBER, ChatKind.PERSON)
    assert "lienket" not in _menu_names(Role.MEMBER, ChatKind.GROUP)


def test_the_menu_is_in_the_order_of_the_help_text() -> None:
    names = [name for name, _ in menu(Role.OWNER, ChatKind.PERSON)]
    hidden = {each.name for each in COMMANDS if not each.in_menu}
    assert names == [command.name for command in COMMANDS if command.name not in hidden]

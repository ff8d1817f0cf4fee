"""How the bot puts things."""

import ast
from pathlib import Path

import pytest

import bot.commands
from bot.commands.command import Office, Reply
from bot.commands.wording import NO_BREAK, addressed, bulletin_of, button, counted, fitted
from jobs.rich_text import plain
from tests.bot.commands.phone import check_words


def _office(*, name: str = "Đảng ủy xã Tân Lập", form: str = "anh/chị") -> Office:
    return Office(name=name, address_form=form, contact="")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("anh/chị", "Anh/chị đã xong. Nếu anh/chị muốn, gửi lại."),
        ("đồng chí", "Đồng chí đã xong. Nếu đồng chí muốn, gửi lại."),
        ("quý vị", "Quý vị đã xong. Nếu quý vị muốn, gửi lại."),
        ("", "Đã xong. Nếu muốn, gửi lại."),
    ],
)
def test_people_are_addressed_as_the_office_sets_it(form: str, said: str) -> None:
    assert addressed(_office(form=form), "{You} đã xong. Nếu {you} muốn, gửi lại.") == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Đảng ủy xã Tân Lập", "Bản tin của Đảng ủy xã Tân Lập"),
        ("Bản tin", "Bản tin"),
        ("Bản tin xã Tân Lập", "Bản tin xã Tân Lập"),
    ],
)
def test_an_office_that_is_called_bulletin_is_not_named_twice(name: str, said: str) -> None:
    assert bulletin_of(_office(name=name)) == said


def test_numbers_are_grouped_and_kept_with_their_unit() -> None:
    assert counted(3500, "tin") == f"3.500{NO_BREAK}tin"


def test_a_long_label_is_cut_between_words() -> None:
    long = button("Mặt trận và các tổ chức chính trị - xã hội", "chuyenmuc", "+3")
    ((shown,),) = fitted(Reply(text=plain("Chọn"), buttons=((long,),))).buttons
    assert shown.label == "Mặt trận và các tổ chức chính trị - xã…"
    assert shown.data == long.data


def test_every_vietnamese_text_in_the_commands_is_polite_and_composed() -> None:
    texts = [
        node.value
        for path in Path(*bot.commands.__path__).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not node.value.isascii()
        if not node.value.endswith((" của tôi", " cho tôi"))  # as people say it
    ]
    assert len(texts) > 100
    for text in texts:
        check_words(text)

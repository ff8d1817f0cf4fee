"""Bytes → text: older code pages are read, what was written for older fonts is named."""

import pytest

from jobs.markup.decoding import decode
from jobs.markup.old_fonts import old_encoding
from jobs.source_errors import Unreadable
from storage.records import Health
from tests.saved_pages import SAVED, saved

# "Thông báo lịch tiếp công dân tháng 5 của Thường trực Huyện ủy, đề nghị các xã phối hợp"
TCVN3 = (
    "Th«ng b¸o lÞch tiÕp c«ng d©n th¸ng 5 cña Th\u00adêng trùc HuyÖn ñy, ®Ò nghÞ c¸c x· phèi hîp"
)
VNI = (
    "Thoâng baùo lòch tieáp coâng daân thaùng 5 cuûa Thöôøng tröïc Huyeän uûy,"
    " ñeà nghò caùc xaõ phoái hôïp"
)
PAGE = (
    "<html><head><style>p {{ font-family: .VnTime }}</style></head><body><p>{}</p></body></html>"
)


@pytest.mark.parametrize(("name", "text"), [("TCVN3", TCVN3), ("VNI", VNI)])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("declared", ["", "text/html; charset=iso-8859-1", "text/html"])
def test_text_for_older_fonts_is_named_whatever_the_server_calls_it(
    name: str, text: str, encoding: str, declared: str
) -> None:
    with pytest.raises(Unreadable, match=name) as caught:
        decode(PAGE.format(text).encode(encoding), declared)
    assert caught.value.health is Health.UNREADABLE


@pytest.mark.parametrize("name", SAVED)
def test_no_saved_page_is_taken_for_text_of_older_fonts(name: str) -> None:
    assert decode(saved(name))


@pytest.mark.parametrize(
    "text",
    [
        "Dùng phông .VnTime nhưng chữ là Unicode: Ủy ban nhân dân huyện thông báo lịch họp.",
        "© 2026 Xã Láng Cò ® «Tin mới» ½ ngày, 80 m³, 30 °C, 5 × 7",
        "Café, naïve, Zoë, señor, garçon, Müller: lời giới thiệu khách của Huyện đoàn.",
        "El niño y la niña: España, mañana, años, señora, compañía, pequeño",
        "Le maïs, naïf, aïeul, Noël, Israël, ambiguë, haïr, coïncidence",
        "hoà, toàn, khoá, thuỷ, quý, tuần, xuân, quê, khuê, oán, uống",
    ],
)
def test_other_languages_and_signs_are_no_older_fonts(text: str) -> None:
    assert old_encoding(text) == ""


def test_a_word_of_an_older_font_in_a_page_of_unicode_costs_nothing() -> None:
    page = f"<p>{'Ủy ban nhân dân huyện họp về việc giữ đất lúa. ' * 5}</p><p>{TCVN3}</p>"
    assert "Th«ng" in decode(page.encode())


def test_marks_that_stand_apart_and_invisible_signs_become_one_letter_and_none() -> None:
    assert decode("U\u0309y ban\x00\x0b".encode()) == "Ủy ban"

"""What somebody wrote, as a notice may say it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.broadcast_words import secrecy_mark, written
from jobs.rich_text import RichText, Span, Style, bold, link, plain, utf16_length


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        pytest.param(plain("  \n Họp lúc 14 giờ.\n\n\n "), plain("Họp lúc 14 giờ."), id="ends"),
        pytest.param(
            plain("Kính mời\n\n  - họp;\n\t- lao động."),
            plain("Kính mời\n\n  - họp;\n\t- lao động."),
            id="lines and indents stay",
        ),
        pytest.param(
            plain("  ") + bold("Khẩn") + plain(": họp "),
            bold("Khẩn") + plain(": họp"),
            id="a span behind white space",
        ),
        pytest.param(
            plain("a\x00\x07") + bold("b\x00c") + plain("\r\nd"),
            plain("a") + bold("bc") + plain("\nd"),
            id="control characters inside and before a span",
        ),
        pytest.param(
            plain("👨‍👩‍👧‍👦 ") + link("trang 🇻🇳", "https://tanlap.example/") + plain("\x00"),
            plain("👨‍👩‍👧‍👦 ") + link("trang 🇻🇳", "https://tanlap.example/"),
            id="emoji",
        ),
        pytest.param(
            plain("*đậm* <b>&amp;</b> _x_ [a](b)"),
            plain("*đậm* <b>&amp;</b> _x_ [a](b)"),
            id="markup",
        ),
        pytest.param(plain("מחר \u200f(2)"), plain("מחר \u200f(2)"), id="right to left"),
        pytest.param(plain("ab\u202egnp.exe"), plain("abgnp.exe"), id="turned round"),
        pytest.param(plain("a\ud800b"), plain("ab"), id="half a character"),
        pytest.param(bold("\x00\x01"), plain(""), id="only control characters"),
        pytest.param(plain(" \u200b\u200d\n\u00a0"), plain(""), id="nothing to see"),
        pytest.param(plain(""), plain(""), id="nothing"),
    ],
)
def test_words_stay_and_what_nobody_wrote_goes(content: RichText, kept: RichText) -> None:
    assert written(content) == kept


def test_words_stay_in_the_unicode_form_they_were_written_in() -> None:
    text = unicodedata.normalize("NFD", "Thông báo họp")
    assert written(plain(text)).text == text


@pytest.mark.parametrize(
    ("content", "words", "kept"),
    [
        (plain("/thongbao Họp\nlúc 14 giờ"), 1, plain("Họp\nlúc 14 giờ")),
        (plain("/thongbao\n\nHọp"), 1, plain("Họp")),
        (plain("/thông  báo Họp"), 2, plain("Họp")),
        (plain("/thongbao 🙏 ") + bold("Họp") + plain(" nhé"), 1,
         plain("🙏 ") + bold("Họp") + plain(" nhé")),
        (bold("/thongbao Họp"), 1, bold("Họp")),
        (plain("/thongbao"), 1, plain("")),
    ],
)  # fmt: skip
def test_the_command_is_no_part_of_the_notice(
    content: RichText, words: int, kept: RichText
) -> None:
    assert written(content, behind_words=words) == kept


_TEXTS = st.text(st.sampled_from("aệ \n\x00\u202e🙏é👍🏽."), max_size=30)


@given(before=_TEXTS, styled=_TEXTS, after=_TEXTS)
def test_spans_still_cover_what_they_covered(before: str, styled: str, after: str) -> None:
    rich = RichText(
        before + styled + after,
        (Span(style=Style.BOLD, start=utf16_length(before), length=utf16_length(styled)),),
    )
    kept = written(rich)
    shown = kept.text.encode("utf-16-le")
    for span in kept.spans:
        covered = shown[2 * span.start : 2 * (span.start + span.length)].decode("utf-16-le")
        assert covered == styled.replace("\x00", "").replace("\u202e", "").strip()


@pytest.mark.parametrize(
    "text",
    [
        "MẬT",
        "Mật",
        "Kính gửi các chi bộ\nTỐI MẬT\nNội dung",
        "[Tuyệt mật]",
        "Độ mật: Mật",
        "Mức độ mật: TỐI MẬT",
        "MẬT - HỎA TỐC",
        "Công văn MẬT số 12-CV/ĐU",
        "(MẬT) Về việc kiểm tra",
        "TÀI LIỆU TUYỆT MẬT",
        "BÁO CÁO TỐI MẬT CỦA CHI BỘ",
        "Tài liệu lưu hành nội bộ, không phổ biến.",
        "LƯU HÀNH NỘI BỘ",
        "tai lieu luu hanh noi bo",
        unicodedata.normalize("NFD", "Lưu hành nội bộ"),
        unicodedata.normalize("NFD", "TỐI MẬT"),
        "M\u200bẬT",
    ],
)
def test_what_is_marked_secret_is_found(text: str) -> None:
    assert secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tập huấn nuôi ong lấy mật ong rừng",
        "KỸ THUẬT NUÔI ONG LẤY MẬT",
        "GIÁ MẬT ONG HÔM NAY",
        "TUYÊN TRUYỀN LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "Hội nghị phổ biến Luật Bảo vệ bí mật nhà nước",
        "BUỔI TỐI MẬT ĐỘ GIAO THÔNG CAO",
        "Buổi tối mật độ xe tăng cao",
        "Đổi mật khẩu thường xuyên",
        "Giữ gìn quan hệ mật thiết với Nhân dân",
        "Mặt trận Tổ quốc, mắt, mất, MẶT BẰNG",
        "Thông tin nội bộ ngành được lưu hành rộng rãi",
    ],
)
def test_ordinary_words_are_no_mark_of_secrecy(text: str) -> None:
    assert secrecy_mark(text) == ""

"""Made articles of many shapes for hypothesis. Everything in them is invented."""

import textwrap
from dataclasses import dataclass

from hypothesis import strategies as st

FURNITURE = (
    "Xuất bản thông tin",
    "Chi tiết bài viết Tin tức",
    "Trang chủ | Tin tức - Sự kiện",
    "Lượt xem: 1.204",
    "Ngày đăng: 20/06/2023 15:42 | Lượt xem: 88",
    "Quang cảnh hội nghị. Ảnh: Cẩm Tú",
    "(Ảnh minh họa)",
    "Đoàn viên tham gia dọn vệ sinh. (Ảnh: Quốc Trãi)",
    "Tin, ảnh: Hồng Nhạn",
    "BT: Thanh Nhã + Hình: Quốc Trãi",
    "Nguồn: Cổng TTĐT huyện",
    "In bài viết",
    "Cẩm Tú",
    "Lâm Vĩ - Hồng Nhạn",
)
OF_FURNITURE = (  # none may be seen in a summary
    "Xuất bản thông tin",
    "Chi tiết bài viết",
    "Trang chủ |",
    "Lượt xem",
    "Ngày đăng",
    "Ảnh:",
    "Ảnh minh họa",
    "Quốc Trãi",
    "Hồng Nhạn",
    "Thanh Nhã",
    "Cổng TTĐT",
    "In bài viết",
    "Cẩm Tú",
    "Lâm Vĩ",
)

_WHEN = ("Sáng ngày 16/3/2021", "Chiều 07/4", "Ngày 14.5", "Sáng nay (11/8)", "Vừa qua", "Tối 2-9")
_WHO = (
    "Ban Thường vụ Huyện ủy Vàm Sậy",
    "UBND xã Tân Lựu",
    "Hội Liên hiệp Phụ nữ xã Đông Kiều",
    "Uỷ ban MTTQ Việt Nam huyện Gò Lức",
    "Huyện đoàn Bàu Lệ",
    "Đoàn kiểm tra số 3 của HĐND huyện",
)
_WHAT = (
    "tổ chức hội nghị sơ kết công tác 6 tháng đầu năm, triển khai nhiệm vụ 6 tháng cuối năm",
    "có buổi làm việc với Hội Nông dân huyện về công tác cán bộ",
    "kiểm tra công tác chuẩn bị bầu cử tại TT. Gò Lức, phát hiện 4 khu vực còn sai sót",
    "bàn giao nhà Đại đoàn kết cho hộ bà Thị Sa Rinh (58 tuổi, ấp Ô Răng)",
    "ra quân làm thủy lợi nội đồng, nhằm bảo đảm nước tưới cho 3.500 ha lúa Hè Thu",
    "họp bàn giữ 4.200 ha lúa, nhưng chưa thống nhất được mức hỗ trợ",
    "ban hành Kế hoạch số 125-KH/HU về chuẩn bị đại hội, trừ các chi bộ mới thành lập",
)
_CEREMONIES = (
    "Trong không khí phấn khởi của những ngày đầu năm, cán bộ và Nhân dân nô nức thi đua.",
    "Với tinh thần đoàn kết, những năm qua diện mạo nông thôn có nhiều khởi sắc.",
    "Được sự quan tâm của cấp ủy, công tác chuẩn bị đã được triển khai chu đáo.",
)
_ORDER = (
    "Kết luận buổi làm việc, đ/c Trương Công Rạng, Phó Bí thư Thường trực Huyện uỷ, yêu cầu các "
    "xã hoàn thành đại hội điểm trước ngày 25/4 và báo cáo về huyện."
)
_TOO_LONG = (
    "Thực hiện Kết luận số 96 của Ban Thường vụ Tỉnh uỷ khoá X về nâng cao chất lượng tổ chức và "
    "hoạt động của chi đoàn, chi hội khóm, ấp, các cấp Hội đã cụ thể hóa bằng kế hoạch của từng "
    "đơn vị, tập trung tuyên truyền, vận động đoàn viên, hội viên tham gia các nhiệm vụ trọng "
    "tâm của tỉnh, của huyện, gắn với xây dựng nông thôn mới và đô thị văn minh, không chạy theo "
    "thành tích, nếu có khó khăn thì báo cáo ngay với cấp ủy."
)
_REST = (
    "Dự hội nghị có đ/c Hà Văn Pẩu, Phó Bí thư Huyện uỷ; ThS. Mùa A Chứ cùng 72 đại biểu.",
    "Đến nay 11/13 cơ sở đã hoàn thành dự thảo văn kiện, đạt 84,6% kế hoạch.",
    "Tuy nhiên, hai xã còn chậm do thiếu nguồn cán bộ nữ dưới 35 tuổi.",
    "Theo đó, các xã phải báo cáo bằng văn bản trước 17 giờ ngày 16.5.",
    "Ông này cho biết gia đình chưa nhận được tiền hỗ trợ của địa phương.",
    _ORDER,
    "Căn nhà rộng 42 m2, tổng kinh phí 85 triệu đồng, trong đó công ty hỗ trợ 60 triệu đồng.",
    "“Có nhà mới rồi, mùa mưa này tôi hết lo.”",
    "Bà Sa Rinh xúc động: “Có nhà mới rồi. Mùa mưa này tôi hết lo”.",
    "Chị Cao Thị Ngọc Diễn được bầu giữ chức Chủ tịch Hội với 100% số phiếu.",
    _TOO_LONG,
    "Nhiệm kỳ 2021-2026.Thực hiện tốt công tác giám sát tại cơ sở.",
    "Nhân dịp này, Hội trao 20 suất học bổng, mỗi suất 1 triệu đồng, cho con hội viên nghèo.",
    "Để ứng phó, Ban Chỉ huy PCTT huyện yêu cầu:",
    "- Các xã ven sông sơ tán 214 hộ dân xong trước 15 giờ ngày 09/10/2024;",
    "1. Phê duyệt kế hoạch tổ chức đại hội điểm cấp cơ sở năm nay.",
    "Vì sao nước lên nhanh như vậy?",
    "Danh sách còn thiếu…",
)


@dataclass(frozen=True, kw_only=True)
class Made:
    title: str
    lead: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


def wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


@st.composite
def articles(draw: st.DrawFn) -> Made:
    who, what = draw(st.sampled_from(_WHO)), draw(st.sampled_from(_WHAT))
    title = f"{who} {what}"[: draw(st.integers(20, 120))].rstrip(" ,(")
    event = f"{draw(st.sampled_from(_WHEN))}, {who} {what}."
    rest = draw(st.lists(st.sampled_from(_REST), max_size=9))
    told = draw(st.lists(st.sampled_from(_CEREMONIES), max_size=1))
    told += draw(st.lists(st.just(event), max_size=1))
    sentences = [*told, *rest]
    paragraphs: list[str] = []
    for sentence in sentences:
        goes_on: bool = draw(st.booleans())
        if paragraphs and goes_on and not sentence.startswith(("-", "1.")):
            paragraphs[-1] += f" {sentence}"
        else:
            paragraphs.append(sentence)
    before = draw(st.lists(st.sampled_from((*FURNITURE, title, f"null {title}")), max_size=3))
    between = draw(st.lists(st.sampled_from(FURNITURE), max_size=2))
    after = draw(st.lists(st.sampled_from(FURNITURE), max_size=2))
    place = draw(st.integers(0, len(paragraphs)))
    lead = draw(st.sampled_from(("", "", title, event, f"{event[:60]}…", "Đọc tiếp", *_REST[:3])))
    every = (*before, *paragraphs[:place], *between, *paragraphs[place:], *after)
    return Made(title=title, lead=lead, paragraphs=every)

"""Words of Vietnamese local news and what they tell about a sentence. Pure."""

import re
from collections.abc import Iterable
from itertools import pairwise

_SYLLABLE = re.compile(r"[^\W_]+")
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def syllables(text: str) -> list[str]:
    """Lower case, one tone placement (hoà = hòa); `text` is NFC."""
    return [
        found if found[-2:] not in _TONES or found[0] == "q" else found[:-2] + _TONES[found[-2:]]
        for found in _SYLLABLE.findall(text.lower())
    ]


def pairs(words: list[str]) -> list[str]:
    return [f"{left} {right}" for left, right in pairwise(words)]


def _terms(text: str) -> frozenset[str]:
    return frozenset(" ".join(syllables(term)) for term in text.split(","))


ORGANISATION = _terms(
    "ubnd,hđnd,ủy ban,hội đồng,huyện ủy,tỉnh ủy,thành ủy,quận ủy,thị ủy,đảng ủy,đảng bộ,chi bộ,"
    "mặt trận,ubmttq,mttq,liên hiệp,lhpn,phụ nữ,nông dân,cựu chiến,chữ thập,đoàn thanh,công đoàn,"
    "liên đoàn,công an,quân sự,bộ chỉ,ban chỉ,ban thường,thường trực,ban chấp,ban tổ,ban quản,"
    "ban tuyên,ban dân,trung tâm,văn phòng,phòng giáo,phòng tài,phòng nông,phòng kinh,phòng y,"
    "sở,bộ,cục,chi cục,chính phủ,quốc hội,thanh tra,viện kiểm,tòa án,tand,bệnh viện,"
    "trạm y,trường,công ty,nhà máy,điện lực,ngân hàng,hợp tác,htx,đoàn công,đoàn kiểm,đoàn giám,"
    "đoàn đại,hội nông,hội cựu,hội chữ,hội khuyến,hội người,tỉnh đoàn,huyện đoàn,xã đoàn,đài khí,"
    "ban biên,tổ công,kiểm lâm,biên phòng,bảo hiểm,kho bạc,đội quản,ban đại"
)
PLACE = _terms("xã,huyện,tỉnh,phường,quận,thị trấn,thành phố,thị xã,ấp,khóm,thôn,tp,bản,tt,tx")
EVENT = _terms(
    "tổ chức,khai mạc,bế mạc,tổng kết,sơ kết,làm việc,kiểm tra,giám sát,thăm,tặng,trao,khởi công,"
    "khánh thành,ra mắt,ra quân,phát động,triển khai,công bố,đón nhận,tiếp nhận,bàn giao,tiếp xúc,"
    "ký kết,tuyên dương,khen thưởng,khai trương,khai giảng,tập huấn,diễn tập,thông báo,ban hành,"
    "tiếp công,đối thoại,gặp mặt,họp,hội nghị,đại hội,bầu,khảo sát,chủ trì,dự,diễn ra,vừa có,"
    "tạm ngừng,cảnh báo,mừng thọ,viếng,dâng hương,hiến máu,giải quyết,hoàn thành,bổ nhiệm,"
    "điều động,luân chuyển,kết nạp,trưng bày,hội thi,hội thao,xử phạt,bắt giữ,đính chính,"
    "phê duyệt,tuyển,đấu giá,cưỡng chế,thu hồi,vận hành,ghi nhận,xảy ra,khống chế,tiêu hủy,"
    "đạt chuẩn,mưa lớn,ngập,sạt lở,cháy,tai nạn,dịch bệnh,sáp nhập"
)
DIRECTION = _terms(
    "yêu cầu,chỉ đạo,đề nghị,giao,lưu ý,nhấn mạnh,kết luận,kiến nghị,quán triệt,khuyến cáo,"
    "đôn đốc,kêu gọi,phải,cần"
)
DECISION = _terms(
    "quyết định,thông qua,thống nhất,bầu,bổ nhiệm,phê duyệt,ban hành,đính chính,quyết nghị,"
    "kỷ luật,cách chức,khởi tố,xử phạt,thu hồi,tạm dừng,đình chỉ,nghị quyết,được bầu,đắc cử,"
    "trúng cử,phê chuẩn,miễn nhiệm,giữ chức,bãi bỏ,hủy bỏ,áp dụng,hiệu lực"
)
SAYING = _terms(
    "cho biết,cho hay,cho rằng,theo ông,theo bà,khẳng định,chia sẻ,bày tỏ,phát biểu,nhận định,nói,"
    "trả lời,thông tin,đánh giá,phản ánh,nêu,giải thích,xác nhận"
)
RESULT = _terms(
    "kết quả,đạt,tăng,giảm,vượt,huy động,vận động,tiếp nhận,giải quyết,hoàn thành,hỗ trợ,đóng góp,"
    "tổng kinh,kinh phí,trị giá,thu nhập,tỷ lệ,phát hiện,xây dựng,toàn huyện,toàn xã,toàn tỉnh"
)
TIME = _terms(
    "ngày,sáng,chiều,tối,hôm nay,hôm qua,sáng nay,chiều nay,tháng,tuần,giờ,vừa qua,mới đây,vừa"
)
SPEAKER = _terms("tôi,chúng tôi,chúng ta,mình,em,cháu")
# a sentence without any of these may have no verb: a heading, an item of a list
VERBAL = _terms("đã,đang,sẽ,được,bị,là,có,vừa,phải,cần,yêu,đề,chỉ,cho,tổ,đạt,tăng,giảm,tặng,trao")
DOUBT = _terms("nhưng,tuy nhiên,song,nếu,mặc dù,dù,không,chưa")
PERSON = _terms("ông,bà,anh,chị,đồng chí,đ c,chủ tịch,bí thư,giám đốc,trưởng ban,trưởng phòng,phó")


def has(terms: frozenset[str], words: Iterable[str]) -> bool:
    return not terms.isdisjoint(words)


# 16/3 · 16.3.2021 · ngày 7-5 · tháng 11/2025
DATE = re.compile(
    r"(?<![\d.,])(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{1,2}/\d{4}|tháng \d{1,2})(?![\d])"
)
_TIME_OF_DAY = re.compile(r"\d{1,2}\s?(?:giờ|h)(?:\s?\d{2}(?: phút)?)?\b")
_FIGURE = re.compile(r"(?<![\d.,/])\d+(?:[.,]\d+)*")
_MONEY = re.compile(r"\d (?:tỷ|tỉ|triệu|nghìn|ngàn)?\s?(?:tỷ|tỉ )?(?:đồng|USD)|\d tr\.? ?đồng")
_SHARE = re.compile(r"\d\s?%")
DEADLINE = re.compile(
    r"\b(?:trước|chậm nhất|muộn nhất|đến hết|hết|kể từ|áp dụng từ|dự kiến|hạn chót|hạn cuối)"
    r"(?: là| vào| tổ chức| hoàn thành| diễn ra| khai mạc| lúc)*"
    r" (?:ngày |\d{1,2} giờ |\d{1,2}h|tháng |quý |cuối (?:năm|tháng))",
    re.IGNORECASE,
)


def figures(text: str) -> int:
    """How many numbers are neither dates nor times of day."""
    rest = _TIME_OF_DAY.sub(" ", DATE.sub(" ", text))
    return len(_FIGURE.findall(rest))


def has_money(text: str) -> bool:
    return _MONEY.search(text) is not None


def has_share(text: str) -> bool:
    return _SHARE.search(text) is not None

"""How a source is, in words for a clerk."""

from bot.commands.wording import capitalised, lines
from jobs.bulletin_text import show_moment
from storage.records import Health, Source, SourceKind

KIND_WORDS = {
    SourceKind.FEED: "nguồn RSS",
    SourceKind.LIFERAY: "trang danh sách Liferay",
    SourceKind.HTML_LIST: "trang danh sách tin",
    SourceKind.WORDPRESS: "trang WordPress",
    SourceKind.SITEMAP: "sơ đồ trang (sitemap)",
}
_WELL = (Health.NEW, Health.OK)
_TROUBLES = {
    Health.EMPTY: "trang không có nội dung",
    Health.LAYOUT_CHANGED: "không còn thấy danh sách tin, có thể trang đã đổi giao diện",
    Health.NOT_A_FEED: "địa chỉ này không phải nguồn tin RSS",
    Health.BROKEN: "nội dung bị hỏng hoặc bị cắt ngang",
    Health.UNSAFE: "nội dung không an toàn nên không được đọc",
    Health.TOO_LARGE: "trang quá lớn",
    Health.UNREADABLE: "trang dùng bảng mã cũ, không phải Unicode",
    Health.CHALLENGE: "trang đòi xác minh trình duyệt",
    Health.BLOCKED: "trang từ chối truy cập",
    Health.TLS: "chứng thư bảo mật của trang không hợp lệ",
    Health.MOVED: "trang danh sách tin đã chuyển đi",
    Health.GONE: "địa chỉ này không còn",
    Health.UNREACHABLE: "không kết nối được với trang",
}


_INSECURE = "⚠️ Chứng thư bảo mật của trang này không được kiểm tra."


def is_ill(source: Source) -> bool:
    return source.health not in _WELL


def health_line(source: Source) -> str:
    """One line, without the reason."""
    if source.health is Health.NEW:
        return "chưa đọc lần nào"
    if not is_ill(source):
        return "đọc tốt"
    if source.last_ok_at is None:
        return "chưa đọc được lần nào"
    return f"không đọc được, lần cuối đọc tốt {show_moment(source.last_ok_at)}"


def health_lines(source: Source) -> str:
    """With the reason and the last good time."""
    last_ok = source.last_ok_at
    return lines(
        _state(source),
        f"Lần đọc tốt gần nhất: {show_moment(last_ok) if last_ok else 'chưa có'}",
        f"Số lần lỗi liên tiếp: {source.failures}" if is_ill(source) else "",
        f"Tin mới gần nhất: {show_moment(source.last_new_at)}" if source.last_new_at else "",
        _INSECURE if source.is_insecure else "",
    )


def _state(source: Source) -> str:
    if source.health is Health.NEW:
        return "Chưa đọc lần nào."
    if not is_ill(source):
        return "Đọc tốt."
    reason = source.health_reason or capitalised(_TROUBLES[source.health]) + "."
    return f"Không đọc được. {reason}"

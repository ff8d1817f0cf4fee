"""Why a bulletin did not reach somebody, in words for a clerk."""

from collections.abc import Mapping
from typing import Final

from storage.records import Reason

# each may follow a name ("Lê Thị Mẫu: …") or a number ("15 …")
REASON_WORDS: Final[Mapping[Reason, str]] = {
    Reason.CHAT_GONE: "đã chặn hoặc xóa Bản tin",
    Reason.REJECTED: "bị từ chối vì nội dung không gửi được",
    Reason.UNCONFIRMED: "chưa rõ đã nhận hay chưa",
    Reason.UNREACHABLE: "không kết nối được",
    Reason.THROTTLED: "phải chờ vì gửi quá nhanh",
    Reason.MOVED: "đã chuyển sang nhóm mới",
    Reason.LEFT: "đã dừng nhận tin",
    Reason.STALE: "quá thời hạn gửi",
    Reason.STOPPED: "được cơ quan dừng gửi",
    Reason.REFUSED: "bị từ chối, có thể đã chặn hoặc xóa Bản tin",
    Reason.QUOTA: "phải chờ vì đã hết số tin được gửi trong tháng",
    Reason.IN_DIGEST: "đã gộp vào bản tổng hợp",
    Reason.WITHDRAWN: "đã được gỡ khỏi trang nguồn",
}


def reason_words(reason: Reason | None) -> str:
    return REASON_WORDS[reason] if reason is not None else "không rõ lý do"

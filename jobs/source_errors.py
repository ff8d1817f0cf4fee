"""Why a page cannot be used: the source's health and, for a clerk, the reason in words.

SourceError
├── NothingThere      no bytes, or only white space
├── NoArticles        a list or feed that is in order but has no articles
├── NotAFeed          a page, not a feed
├── NoArticleList     a page without a list of articles
├── NoArticleText     a page without an article
├── CutOff            the end is missing
├── Malformed         bytes that are neither
├── TooLarge          far more tags or articles than a portal's page has
└── Dangerous         made to do harm: an XML bomb, thousands of attributes
"""

from storage.records import Health


class SourceError(Exception):
    health = Health.BROKEN
    reason = "Không đọc được nội dung của trang."

    def __init__(self, reason: str = "") -> None:
        self.reason = reason or self.reason
        super().__init__(self.reason)


class NothingThere(SourceError):
    health = Health.EMPTY
    reason = "Trang trả về không có nội dung."


class NoArticles(SourceError):
    health = Health.EMPTY
    reason = "Danh sách trên trang chưa có bài viết nào."


class NotAFeed(SourceError):
    health = Health.NOT_A_FEED
    reason = "Địa chỉ này không phải nguồn tin RSS."

    def __init__(self, title: str = "") -> None:
        """`title`: the page's own, so that the clerk sees what came instead."""
        found = f"Địa chỉ này trả về trang web “{title}”, không phải nguồn tin RSS."
        super().__init__(found if title else "")


class NoArticleList(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Trang mở được nhưng không tìm thấy danh sách bài viết."


class NoArticleText(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Trang mở được nhưng không tìm thấy nội dung bài viết."


class CutOff(SourceError):
    reason = "Nội dung bị cắt ngang, chưa tải về đủ."


class Malformed(SourceError):
    reason = "Nội dung bị hỏng, không đọc được."


class TooLarge(SourceError):
    health = Health.TOO_LARGE
    reason = "Trang quá lớn nên không được đọc."


class Dangerous(SourceError):
    health = Health.UNSAFE
    reason = "Nội dung chứa cấu trúc nguy hiểm nên không được đọc."

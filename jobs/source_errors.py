"""Why a page cannot be used: the source's health and, for a clerk, the reason and what to try.

SourceError
├── NothingThere      no bytes, or only white space
├── NoArticles        a list or feed that is in order but has no articles
├── ListEmptied       a list that had articles and has none
├── PagesMissing      the list goes on, on a page that cannot be had
├── LedHome           the start page came instead of the list
├── NotAFeed          a page, not a feed
├── NotASitemap       a page, not a sitemap
├── NotOpen           a WordPress whose list of articles is closed to us
├── NoArticleList     a page without a list of articles
├── NoArticleText     a page without an article
├── AnArticle         an article where a list was wanted
├── NeedsJavaScript   a page that a browser's scripts must fill first
├── Challenge         a page that wants a cookie or a proof of being human first
├── Unreadable        written for TCVN3 or VNI fonts, not in Unicode
├── CutOff            the end is missing
├── Malformed         bytes that are neither
├── TooLarge          far more tags or articles than a portal's page has
├── TooCostly         reading it took more time or memory than any page may
├── Dangerous         made to do harm: an XML bomb, thousands of attributes
├── BadRules          the source's own rules are wrong
└── ReaderFailed      our own fault
"""

from storage.records import Health


class SourceError(Exception):
    health = Health.BROKEN
    reason = "Không đọc được nội dung của trang."
    advice = "Mở trang bằng trình duyệt để xem trang còn hoạt động không, rồi thử lại sau."

    def __init__(self, reason: str = "") -> None:
        self.reason = reason or self.reason
        super().__init__(self.reason)


class NothingThere(SourceError):
    health = Health.EMPTY
    reason = "Trang trả về không có nội dung."


class NoArticles(SourceError):
    health = Health.EMPTY
    reason = "Danh sách trên trang chưa có bài viết nào."
    advice = "Thử trang chuyên mục khác của cổng thông tin, nơi đã có bài viết."


class ListEmptied(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Danh sách tin nay trống, trong khi trước đây có tin: có thể trang đã đổi giao diện."
    advice = "Mở trang bằng trình duyệt; nếu tin nằm ở trang khác, hãy thêm địa chỉ mới."


class PagesMissing(SourceError):
    health = Health.UNREACHABLE
    reason = "Danh sách tin còn trang tiếp theo chưa đọc được; lần tới sẽ đọc lại cả danh sách."


class LedHome(SourceError):
    health = Health.MOVED
    reason = "Địa chỉ này nay dẫn về trang chủ: trang danh sách tin đã bị bỏ hoặc chuyển đi."
    advice = "Tìm trang chuyên mục tin trên cổng thông tin hiện nay, rồi thêm địa chỉ đó."


class NotAFeed(SourceError):
    health = Health.NOT_A_FEED
    reason = "Địa chỉ này không phải nguồn tin RSS."
    advice = "Thử địa chỉ trang danh sách tin (trang chuyên mục) thay cho địa chỉ RSS."

    @classmethod
    def but(cls, title: str) -> "NotAFeed":
        """`title`: the page's own, so that the clerk sees what came instead."""
        found = f"Địa chỉ này trả về trang web “{title}”, không phải nguồn tin RSS."
        return cls(found if title else "")


class NotASitemap(SourceError):
    health = Health.NOT_A_FEED
    reason = "Địa chỉ này không phải sơ đồ trang (sitemap)."
    advice = "Thử địa chỉ trang danh sách tin (trang chuyên mục)."


class NotOpen(SourceError):
    health = Health.BLOCKED
    reason = "Trang WordPress này không mở danh sách bài viết cho bên ngoài."
    advice = "Thử địa chỉ RSS của trang (thêm /feed/ vào cuối) hoặc trang chuyên mục."


class NoArticleList(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Trang mở được nhưng không tìm thấy danh sách bài viết."
    advice = "Thử địa chỉ trang chuyên mục (ví dụ trang Tin tức), hoặc địa chỉ RSS nếu có."


class NoArticleText(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Trang mở được nhưng không tìm thấy nội dung bài viết."


class AnArticle(SourceError):
    health = Health.LAYOUT_CHANGED
    reason = "Địa chỉ này là trang của một bài viết, không phải danh sách tin."
    advice = "Thử địa chỉ trang chuyên mục có bài viết này (ví dụ trang Tin tức)."


class NeedsJavaScript(SourceError):
    health = Health.CHALLENGE
    reason = "Trang chỉ hiện nội dung bằng JavaScript nên không đọc được."
    advice = "Hỏi đơn vị quản trị cổng thông tin xem có địa chỉ RSS không, rồi thêm địa chỉ đó."


class Challenge(SourceError):
    health = Health.CHALLENGE
    reason = "Trang bắt xác minh trình duyệt (cookie hoặc mã xác nhận) nên không đọc được."
    advice = "Đề nghị đơn vị quản trị cổng thông tin cho phép đọc, hoặc hỏi địa chỉ RSS."


class Unreadable(SourceError):
    health = Health.UNREADABLE
    reason = "Trang dùng bảng mã cũ, không phải Unicode, nên không đọc được tiếng Việt."
    advice = "Đề nghị đơn vị quản trị chuyển trang sang Unicode, hoặc tìm trang khác có cùng tin."


class CutOff(SourceError):
    reason = "Nội dung bị cắt ngang, chưa tải về đủ."


class Malformed(SourceError):
    reason = "Nội dung bị hỏng, không đọc được."


class TooLarge(SourceError):
    health = Health.TOO_LARGE
    reason = "Trang quá lớn nên không được đọc."


class TooCostly(SourceError):
    health = Health.TOO_LARGE
    reason = "Đọc trang này tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng lại."


class Dangerous(SourceError):
    health = Health.UNSAFE
    reason = "Nội dung chứa cấu trúc nguy hiểm nên không được đọc."
    advice = "Không nên dùng nguồn này. Báo cho đơn vị quản trị cổng thông tin."


class BadRules(SourceError):
    reason = "Quy tắc đọc trang của nguồn này không hợp lệ."
    advice = "Xóa quy tắc riêng của nguồn để chương trình tự tìm, hoặc sửa lại quy tắc."


class ReaderFailed(SourceError):
    reason = "Chương trình gặp lỗi khi đọc trang này."
    advice = "Báo cho người phát triển, kèm địa chỉ trang."
    where = ""  # in our code

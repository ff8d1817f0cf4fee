"""What ends a command: each error that a person can mend is one sentence for him."""

import errno

from bot.bots.office_bot import CannotStart
from bot.rehearsal.server import PortTaken
from bot.settings import WrongSetting
from jobs.messenger import TokenRefused
from storage.problems import DatabaseProblem


class Refused(Exception):
    """What was asked cannot be done; its text says why and what to do."""


class Stopped(Exception):
    """The person broke off (Ctrl-C) or there was nobody to answer; its text says what is kept."""


_REASONS = {
    errno.ENOENT: "không có tệp hay thư mục này",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EEXIST: "đã có một tệp trùng tên",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EFBIG: "ổ đĩa đã đầy hoặc tệp quá lớn",
    errno.ENAMETOOLONG: "tên quá dài",
}


def reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or "hệ điều hành báo lỗi")


def sentence_for(error: BaseException) -> str | None:
    """None for what only a programmer can mend. Tasks raise their errors in groups."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(sentence_for, error.exceptions)), None)
    match error:
        case TokenRefused():
            return "Telegram không nhận mã bot này. Hãy lấy mã mới ở @BotFather: bantin init"
        case PortTaken():
            return (
                f"Cổng {error.port} đang có chương trình khác dùng. "
                "Hãy chọn cổng khác, hoặc --port 0 để lấy một cổng còn trống."
            )
        case Refused() | Stopped() | CannotStart() | DatabaseProblem() | WrongSetting():
            return str(error)
        case _:
            return None

"""A page that was fetched, and why one was not.

PageError                 `reason` for a clerk, `health` of the source, what the server told
├── Unreachable           no connection, no answer in time, a server error: later it may work
│   └── LedAround         from one address to the next without end
├── Untrusted             its certificate does not prove who it is
├── Broken                the answer is cut off or makes no sense
├── Refused               401, 403, 429: the server does not want us
│   └── Disallowed        its robots.txt says so
├── Challenged            it wants a browser's JavaScript or cookies first
├── NotThere              404
│   └── GoneForGood       410
├── TooLarge
└── BadAddress            not a web address, or one that must not be read
"""

from dataclasses import dataclass
from datetime import timedelta

from storage.records import Health

LIMIT_BYTES = 8 * 1024 * 1024
DEADLINE = timedelta(seconds=20)
CUT_OFF = "Trang bị cắt ngang giữa chừng."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one fetch brought. Relative links in it start from `final_url`."""

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str  # with its charset, as sent
    etag: str
    last_modified: str
    not_modified: bool = False
    fresh_for: timedelta | None = None  # as Cache-Control says
    moved_to: str = ""  # the address to which permanent redirects alone lead
    leads_home: bool = False  # redirected to a start page, though another page was asked for


class PageError(Exception):
    """A page that was not fetched. Its text holds no address."""

    health: Health

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        status: int | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after  # as told with 429 and 503
        self.status = status  # when the server answered
        self.body = body  # what came instead of the page, at most 256 KB, for repair


class Unreachable(PageError):
    health = Health.UNREACHABLE


class LedAround(Unreachable):
    def __init__(self) -> None:
        super().__init__("Trang chuyển hướng quá nhiều lần.")


class Untrusted(PageError):
    health = Health.TLS


class Broken(PageError):
    health = Health.BROKEN


class Refused(PageError):
    health = Health.BLOCKED


class Disallowed(Refused):
    def __init__(self) -> None:
        super().__init__("Trang đề nghị không đọc tự động (robots.txt).")


class Challenged(PageError):
    health = Health.CHALLENGE

    def __init__(self, *, status: int | None = None, body: bytes = b"") -> None:
        reason = "Trang đòi xác minh bằng trình duyệt (JavaScript hoặc cookie) nên không đọc được."
        super().__init__(reason, status=status, body=body)


class NotThere(PageError):
    health = Health.GONE


class GoneForGood(NotThere):
    pass


class TooLarge(PageError):
    health = Health.TOO_LARGE


class BadAddress(PageError):
    health = Health.UNSAFE

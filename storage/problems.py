"""What can be wrong with the database itself, each with a sentence for the person who runs it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError


class DatabaseProblem(Exception):
    """The database cannot be used; its text says why and what to do."""


class DatabaseBusy(DatabaseProblem):
    """Another program holds the database now; later it will be free again."""


class AlreadyThere(Exception):
    """What was to be added exists."""


_RESTORE = "Hãy khôi phục từ bản sao lưu."
_SENTENCES = {
    sqlite3.SQLITE_FULL: (
        "Ổ đĩa đã đầy nên không ghi được dữ liệu. Hãy giải phóng chỗ trống rồi chạy lại."
    ),
    sqlite3.SQLITE_READONLY: (
        "Cơ sở dữ liệu chỉ đọc, không ghi được. Hãy kiểm tra quyền ghi của tệp và thư mục."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "Không mở được tệp cơ sở dữ liệu. Hãy kiểm tra đường dẫn và quyền truy cập."
    ),
    sqlite3.SQLITE_NOTADB: f"Tệp này không phải là cơ sở dữ liệu, hoặc đã hỏng. {_RESTORE}",
    sqlite3.SQLITE_CORRUPT: f"Cơ sở dữ liệu đã hỏng. {_RESTORE}",
    sqlite3.SQLITE_IOERR: (
        "Ổ đĩa báo lỗi khi đọc hoặc ghi cơ sở dữ liệu. Hãy kiểm tra ổ đĩa rồi chạy lại."
    ),
    sqlite3.SQLITE_BUSY: (
        "Cơ sở dữ liệu đang bị một chương trình khác khóa. Hãy đóng chương trình đó rồi thử lại."
    ),
}


@contextmanager
def translated() -> Iterator[None]:
    """Raises DatabaseProblem in place of a driver's error about the database as a whole."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
        # the low byte is the primary code; sqlite.org/rescode.html
        sentence = _SENTENCES.get(code & 0xFF) if code is not None else None
        if sentence is None:
            raise
        is_busy = code is not None and code & 0xFF == sqlite3.SQLITE_BUSY
        raise (DatabaseBusy if is_busy else DatabaseProblem)(sentence) from error

"""What can be wrong with the database itself, each with a sentence for the person who runs it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty


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


_UNREACHABLE = (
    "Không kết nối được tới máy chủ cơ sở dữ liệu PostgreSQL. "
    "Hãy kiểm tra máy chủ đó và địa chỉ trong cài đặt database_url."
)
_REFUSED = (
    "Máy chủ cơ sở dữ liệu PostgreSQL từ chối. Hãy kiểm tra tên người dùng, mật khẩu "
    "và tên cơ sở dữ liệu trong cài đặt database_url."
)
# SQLSTATE, or how it begins; postgresql.org/docs/18/errcodes-appendix.html
_REFUSING = ("28", "3D", "42501")  # credentials, no such database, no privilege
_PASSING = {
    "53100": "Ổ đĩa của máy chủ cơ sở dữ liệu PostgreSQL đã đầy. Hãy giải phóng chỗ trống.",
    "53300": (
        "Máy chủ cơ sở dữ liệu PostgreSQL không nhận thêm kết nối (max_connections). "
        "Hãy bớt chương trình hoặc tăng mức này."
    ),
    "25006": (
        "Máy chủ cơ sở dữ liệu PostgreSQL đang chỉ cho đọc (máy dự phòng). "
        "Hãy kiểm tra địa chỉ trong cài đặt database_url."
    ),
    "25P03": "Cơ sở dữ liệu đã đóng một kết nối bị treo. Hãy thử lại.",
    "40": "Cơ sở dữ liệu đang bận. Hãy thử lại.",  # serialization, deadlock
    "55": "Cơ sở dữ liệu đang bận. Hãy thử lại.",  # a lock
    "08": _UNREACHABLE,
    "53": _UNREACHABLE,  # resources
    "57": _UNREACHABLE,  # shut down, or not up yet
}


@contextmanager
def translated(*, is_server: bool = False) -> Iterator[None]:
    """Raises DatabaseProblem in place of a driver's error about the database as a whole."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, asyncpg.PostgresError) as error:
        problem = _of_sqlite(error) or _of_postgresql(error)
        if problem is None:
            raise
        raise problem from error
    except (OSError, asyncpg.InterfaceError, PoolIsEmpty) as error:  # TimeoutError is an OSError
        if not is_server:
            raise
        raise DatabaseBusy(_UNREACHABLE) from error


def _of_sqlite(error: Exception) -> DatabaseProblem | None:
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    if code is None:
        return None
    code &= 0xFF  # the low byte is the primary code; sqlite.org/rescode.html
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return None
    return (DatabaseBusy if code == sqlite3.SQLITE_BUSY else DatabaseProblem)(sentence)


def _of_postgresql(error: Exception) -> DatabaseProblem | None:
    """While connecting, SQLAlchemy wraps nothing."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseBusy(_UNREACHABLE)
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if state is None:
        return None
    if state.startswith(_REFUSING):
        return DatabaseProblem(_REFUSED)
    found = (sentence for start, sentence in _PASSING.items() if state.startswith(start))
    sentence = next(found, None)
    return DatabaseBusy(sentence) if sentence else None

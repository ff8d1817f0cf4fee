"""Only one program may work an SQLite file's outbox."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.database import Database
from storage.problems import DatabaseBusy, DatabaseProblem, translated

_LOOKS_PASS_SECONDS = 1.0  # `is_worked` looks for no longer than that


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Raises DatabaseProblem when another program has it. A kill sets it free at once.

    A second SQLite file beside the first is locked: that works on every system, and
    `bantin status` can still read the database meanwhile.
    """
    path = database.engine.url.database
    if not database.is_sqlite or not path or path == ":memory:":
        yield
        return
    with closing(sqlite3.connect(f"{path}.lock", timeout=_LOOKS_PASS_SECONDS)) as lock:
        try:
            with translated():
                lock.execute("BEGIN EXCLUSIVE")
        except DatabaseBusy as busy:
            raise DatabaseProblem(
                "Một chương trình bantin khác đang chạy với cơ sở dữ liệu này. "
                "Hãy dừng chương trình đó trước."
            ) from busy
        yield


def is_worked(path: Path) -> bool:
    """Whether a program works this SQLite file now. Changes nothing."""
    lock = path.with_name(f"{path.name}.lock")
    if not lock.exists():
        return False
    address = f"{lock.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    return False

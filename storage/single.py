"""Only one program may work an SQLite file's outbox."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from storage.database import Database
from storage.problems import DatabaseProblem


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
    with closing(sqlite3.connect(f"{path}.lock", timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise DatabaseProblem(
                "Một chương trình bantin khác đang chạy với cơ sở dữ liệu này. "
                "Hãy dừng chương trình đó trước."
            ) from error
        yield

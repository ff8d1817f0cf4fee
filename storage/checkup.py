"""Looks at an SQLite database without changing it, beside a running program."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from storage.database import Database
from storage.problems import translated
from storage.upgrade import versions

_STEPS = 10_000  # of SQLite's virtual machine, between two looks at whether to go on


class Fit(StrEnum):
    """How a database's version fits this program."""

    NEWEST = "newest"
    OLDER = "older"
    FOREIGN = "foreign"  # a newer program's, or no database of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    version: str
    fit: Fit
    size_bytes: int  # what is not merged yet included


class Interrupted(Exception):
    """Told to give up."""


def file_of(database: Database) -> Path | None:
    """None where it is no file: another kind of database, or one in memory."""
    path = database.engine.url.database
    return Path(path) if database.is_sqlite and path and path != ":memory:" else None


def files_of(path: Path) -> list[Path]:
    """The database and what SQLite keeps beside it, as far as they are there."""
    beside = (path.with_name(path.name + end) for end in ("", "-wal", "-shm"))
    return [each for each in beside if each.exists()]


def state_of(path: Path) -> State:
    """Raises DatabaseProblem."""
    with reading(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE name='alembic_version'")
        has_version = tables.fetchone() is not None
        found = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if has_version
            else None
        )
    version = found[0] if found else ""
    size_bytes = sum(each.stat().st_size for each in files_of(path))
    return State(version=version, fit=fit_of(version), size_bytes=size_bytes)


def damage_in(path: Path, *, given_up: Callable[[], bool]) -> str:
    """SQLite's words for what is broken, empty when nothing is. Blocks for long on a large one.

    Raises DatabaseProblem, Interrupted when `given_up` says so.
    """
    with reading(path) as connection:
        connection.set_progress_handler(lambda: int(given_up()), _STEPS)
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Interrupted from error
            raise
    return "" if found == "ok" else str(found)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes nothing and holds no writer up. Raises DatabaseProblem."""
    with translated():
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection


def fit_of(version: str) -> Fit:
    known = versions()
    if version not in known:
        return Fit.FOREIGN
    return Fit.NEWEST if version == known[0] else Fit.OLDER

"""Copies an SQLite database beside a running program; puts a copy in its place again."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from storage.checkup import Fit, damage_in, files_of, reading, state_of
from storage.problems import DatabaseProblem

_ONLY_MINE = 0o600  # people's names and chats are in it


def back_up(path: Path, target: Path) -> int:
    """One whole, sound file, as it stood at one moment; its bytes. Overwrites nothing.

    Raises DatabaseProblem; FileExistsError and other OSError about the target.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_MINE))
    try:
        with reading(path) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        # VACUUM INTO does not wait for the disk; sqlite.org/lang_vacuum.html
        _wait_for_disk(target)
        _check(target)
    except BaseException:
        target.unlink()
        raise
    return target.stat().st_size


def restore(
    source: Path, path: Path, *, aside: Path, prepare: Callable[[Path], None] | None = None
) -> None:
    """`source` becomes the database at `path`; what stood there is kept at `aside`.

    `prepare` changes the new file before it takes its place. Nobody else may work the database
    meanwhile. Raises DatabaseProblem, OSError.
    """
    _check(source)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_MINE))
    shutil.copyfile(source, fresh)
    if prepare is not None:
        prepare(fresh)
    _wait_for_disk(fresh)
    for old in files_of(path):  # with its -wal, without which it would not be whole
        old.replace(aside.with_name(aside.name + old.name.removeprefix(path.name)))
    fresh.replace(path)


def _check(copy: Path) -> None:
    if not copy.exists():
        raise DatabaseProblem(f"Không có tệp {copy}.")
    if state_of(copy).fit is Fit.FOREIGN:
        raise DatabaseProblem(
            f"{copy} không phải bản sao lưu của Bản tin, hoặc của một phiên bản mới hơn."
        )
    if damage_in(copy, given_up=lambda: False):
        raise DatabaseProblem(f"Bản sao lưu {copy} đã hỏng.")


def _wait_for_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

"""`bantin backup`, `bantin restore`"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.checks.machine import size
from bot.cli.problem import Refused, reason
from bot.cli.screen import confirm, say, stopping
from bot.cli.waiting import waiting
from bot.settings import load
from jobs.clock import SystemClock
from jobs.vietnamese_date import VIETNAM
from storage import backup as files
from storage.checkup import file_of
from storage.database import Database, open_database
from storage.single import alone

BACKUP_HELP = "Sao lưu dữ liệu vào một tệp; Bản tin cứ chạy."
RESTORE_HELP = "Lấy lại dữ liệu từ tệp sao lưu; Bản tin phải đang dừng."


def backup(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu, chưa có sẵn.", metavar="FILE")],
) -> None:
    path = _path(_database())
    if not path.exists():
        raise Refused(f"Chưa có dữ liệu để sao lưu: không có tệp {path}.")
    try:
        with waiting("Đang sao lưu…"):
            size_bytes = files.back_up(path, file)
    except OSError as error:
        raise Refused(f"Không ghi được {file}: {reason(error)}.") from error
    say(f"Đã sao lưu {size(size_bytes)} vào {file}.")
    say("Tệp này chứa dữ liệu cá nhân: hãy cất ở nơi an toàn, cùng với bantin.toml.")


def restore(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu.", metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")] = False,
) -> None:
    database = _database()
    path = _path(database)
    moment = SystemClock().now().astimezone(VIETNAM)
    aside = path.with_name(f"{path.name}.{moment:%Y%m%d-%H%M%S}")
    if not yes:
        with stopping("Không thay đổi gì."):
            if not confirm(f"Thay dữ liệu đang có bằng {file}?"):
                raise typer.Abort
    try:
        with alone(database), waiting("Đang khôi phục…"):
            had_data = path.exists()
            files.restore(file, path, aside=aside)
    except OSError as error:
        raise Refused(f"Không khôi phục được: {reason(error)}.") from error
    say(f"Đã khôi phục dữ liệu từ {file}. Hãy chạy lại: bantin run")
    if had_data:
        say(f"Dữ liệu trước đó được giữ trong {aside}.")


def _database() -> Database:
    """Raises DatabaseProblem."""
    return open_database(load().database_url.get_secret_value())  # connects to nothing


def _path(database: Database) -> Path:
    path = file_of(database)
    if path is None:
        raise Refused("Chỉ sao lưu được SQLite. Với cơ sở dữ liệu khác hãy dùng công cụ của nó.")
    return path

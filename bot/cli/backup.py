"""`bantin backup`, `bantin restore`"""

import asyncio
import shlex
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import hold
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
from storage.postgresql import for_its_own_tools
from storage.single import alone
from storage.upgrade import upgrade

BACKUP_HELP = "Sao lưu dữ liệu vào một tệp; Bản tin cứ chạy."
RESTORE_HELP = "Lấy lại dữ liệu từ tệp sao lưu; Bản tin phải đang dừng."
MOVED_HELP = "Chuyển máy: Bản tin đã dừng trước khi sao lưu và từ đó không chạy lại."


def backup(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu, chưa có sẵn.", metavar="FILE")],
) -> None:
    database = _database()
    path = _path(database, otherwise=_dumping(database, file))
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
    moved: Annotated[bool, typer.Option("--moved", help=MOVED_HELP)] = False,
) -> None:
    database = _database()
    path = _path(database, otherwise=_restoring(database, file))
    moment = SystemClock().now().astimezone(VIETNAM)
    aside = path.with_name(f"{path.name}.{moment:%Y%m%d-%H%M%S}")
    if not yes:
        with stopping("Không thay đổi gì."):
            if not confirm(f"Thay dữ liệu đang có bằng {file}?"):
                raise typer.Abort
    try:
        with alone(database), waiting("Đang khôi phục…"):
            had_data = path.exists()
            waited: list[int] = []
            files.restore(
                file,
                path,
                aside=aside,
                prepare=None
                if moved
                else lambda fresh: waited.append(asyncio.run(_put_aside(fresh))),
            )
    except OSError as error:
        raise Refused(f"Không khôi phục được: {reason(error)}.") from error
    say(f"Đã khôi phục dữ liệu từ {file}. Hãy chạy lại: bantin run")
    if had_data:
        say(f"Dữ liệu trước đó được giữ trong {aside}.")
    for deliveries in waited:
        hold.tell(deliveries)


async def _put_aside(fresh: Path) -> int:
    """Before it is anybody's database: a kill meanwhile leaves the old one where it is."""
    database = open_database(f"sqlite+aiosqlite:///{fresh}")
    try:
        await upgrade(database)
        return await hold.put_aside(database)
    finally:
        await database.close()


def _database() -> Database:
    """Raises DatabaseProblem."""
    return open_database(load().database_url.get_secret_value())  # connects to nothing


def _path(database: Database, *, otherwise: str) -> Path:
    """Raises Refused: a server has tools of its own, which know more than we do."""
    path = file_of(database)
    if path is None:
        raise Refused(
            "Dữ liệu nằm trên máy chủ PostgreSQL, nên dùng công cụ của PostgreSQL "
            f"(hỏi mật khẩu, hoặc đọc từ ~/.pgpass):\n  {otherwise}"
        )
    return path


def _dumping(database: Database, file: Path) -> str:
    address = shlex.quote(for_its_own_tools(database.engine.url))
    return f"pg_dump --format=custom --file={shlex.quote(str(file))} --dbname={address}"


def _restoring(database: Database, file: Path) -> str:
    address = shlex.quote(for_its_own_tools(database.engine.url))
    how = "--clean --if-exists --no-owner --single-transaction"
    return f"pg_restore {how} --dbname={address} {shlex.quote(str(file))}"

"""`bantin move-database`: from the SQLite file to a PostgreSQL server, or back."""

import asyncio
from typing import Annotated

import typer

from bot.cli import settings_file
from bot.cli.problem import Refused, Stopped
from bot.cli.progress_bar import progress_bar
from bot.cli.screen import ask, complain, confirm, say, stopping
from bot.settings import FILE, Settings, load, variable
from jobs.text import with_dots
from storage.database import Database, open_database
from storage.move import Step, move
from storage.server import is_there

HELP = "Chuyển toàn bộ dữ liệu sang cơ sở dữ liệu khác; Bản tin phải đang dừng."

_UNCHANGED = "Không thay đổi gì."
_STEPS = {Step.COPY: "Đã chép", Step.CHECK: "Đã kiểm tra lại"}


def move_database(
    to_url: Annotated[
        str,
        typer.Argument(
            help="Địa chỉ mới, viết như database_url; để trống thì được hỏi.", metavar="[ĐỊA-CHỈ]"
        ),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Không hỏi lại, và ghi địa chỉ mới vào cài đặt.")
    ] = False,
) -> None:
    settings = load()
    with stopping(_UNCHANGED):
        to_url = to_url or ask("Địa chỉ cơ sở dữ liệu mới (không hiện khi gõ)", hidden=True)
        wanted = load(database_url=to_url)
        source, target = _opened(settings), _opened(wanted)
        if source.address == target.address:
            raise Refused(f"Dữ liệu đang ở chính nơi đó: {source.address}")
        if not (yes or confirm(f"Chuyển dữ liệu từ {source.address} sang {target.address}?")):
            raise Stopped(_UNCHANGED)
    with stopping(f"{_UNCHANGED} Dữ liệu vẫn ở {source.address}."):
        moved = asyncio.run(_move(source, target))
    tables = sum(1 for rows in moved.values() if rows)
    say(f"Đã chuyển và kiểm tra {with_dots(sum(moved.values()))} dòng của {tables} bảng.")
    with stopping(f"Chưa ghi gì vào {FILE}."):
        _use(wanted, target.address, yes=yes)
    say(f"Dữ liệu cũ còn nguyên ở {source.address}.")
    say("Đừng chạy Bản tin với dữ liệu cũ nữa: tin đang chờ sẽ được gửi hai lần.", style="bold")


def _opened(settings: Settings) -> Database:
    """Raises DatabaseProblem."""
    return open_database(settings.database_url.get_secret_value())  # connects to nothing


async def _move(source: Database, target: Database) -> dict[str, int]:
    """Raises Refused, DatabaseProblem."""
    try:
        if not await is_there(source):
            raise Refused(f"Chưa có dữ liệu để chuyển ở {source.address}.")
        with progress_bar() as show:

            def tell(step: Step, done: int, total: int) -> None:
                words = f"{_STEPS[step]} {with_dots(done)}/{with_dots(total)} dòng"
                behind = total if step is Step.CHECK else 0
                show(behind + done, 2 * total, words)

            return await move(source, target, tell)
    finally:
        await source.close()
        await target.close()


def _use(wanted: Settings, shown: str, *, yes: bool) -> None:
    say(f"Từ nay {FILE} cần có dòng này (*** là mật khẩu, nếu có):")
    say(f'\n   database_url = "{shown}"\n', style="bold")
    if not (yes or confirm(f"Ghi vào {FILE.absolute()}?")):
        return
    answers = settings_file.read()
    settings_file.write({**answers, "database_url": wanted.database_url.get_secret_value()})
    say(f"Đã ghi {FILE.absolute()}. Chạy tiếp: bantin run")
    if load().database_url != wanted.database_url:
        complain(
            f"Lưu ý: biến môi trường {variable('database_url')} đang được đặt và được dùng thay "
            "cho giá trị vừa ghi. Hãy sửa hoặc bỏ biến đó."
        )

"""Puts the subcommands together; an error that a person can mend is one sentence, no traceback."""

import sys

import typer

from bot.app import CannotStart
from bot.cli import demo, extract, init, look, run, source
from bot.cli.screen import complain
from bot.platforms.telegram.errors import TokenRefused
from bot.rehearsal.server import PortTaken
from bot.settings import WrongSetting
from storage.problems import DatabaseProblem

_MENDABLE = (CannotStart, DatabaseProblem, TokenRefused, PortTaken, WrongSetting)

app = typer.Typer(
    help="Bản tin: theo dõi cổng thông tin, tóm tắt tin mới và gửi tới người đăng ký.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show tokens
)
app.command(help="Hỏi vài câu, thử mã bot và nguồn tin, rồi ghi bantin.toml.")(init.init)
app.command(help="Chạy Bản tin cho tới khi được dừng (Ctrl-C).")(run.run)
app.command(help="Chạy thử trên máy này: không cần mã bot, không cần mạng.")(demo.demo)
app.add_typer(source.app, name="source", help="Thêm, xem, thử và bỏ nguồn tin.")
app.command(help="Cho xem những gì đọc được từ một danh sách, nguồn tin hay bài viết.")(
    extract.extract
)
app.command(help="Nâng cấp cơ sở dữ liệu lên phiên bản mới nhất.")(look.upgrade)
app.command(help="Tình trạng nguồn tin, người nhận và tin chờ gửi.")(look.status)


def main() -> None:
    try:
        app()
    except _MENDABLE as problem:
        complain(str(problem))
        sys.exit(1)

"""Puts the subcommands together; an error that a person can mend is one sentence, no traceback."""

import logging
import os
import sys

import typer

from bot import logs
from bot.cli import (
    backup,
    broadcast,
    check,
    demo,
    extract,
    hold,
    init,
    look,
    move_database,
    preview,
    run,
    source,
    summarise,
)
from bot.cli.problem import sentence_for
from bot.cli.screen import complain

logger = logging.getLogger(__name__)

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
app.command(help=broadcast.HELP, epilog=broadcast.EXIT_CODES)(broadcast.broadcast)
app.command(help="Cho xem người nhận sẽ thấy một bài viết như thế nào, không gửi gì.")(
    preview.preview
)
app.command(help=summarise.HELP)(summarise.summarise)
app.command(help=check.HELP, epilog=check.EXIT_CODES)(check.check)
app.command(help=backup.BACKUP_HELP)(backup.backup)
app.command(help=backup.RESTORE_HELP)(backup.restore)
app.command(help=hold.HELP)(hold.hold)
app.command("move-database", help=move_database.HELP)(move_database.move_database)
app.command(help="Nâng cấp cơ sở dữ liệu lên phiên bản mới nhất.")(look.upgrade)
app.command(help="Tình trạng nguồn tin, người nhận và tin chờ gửi.")(look.status)


def main() -> None:
    os.umask(0o077)  # what it writes holds the token and people: nobody else may read it
    logs.set_up("WARNING")
    try:
        app()
    except Exception as error:  # nothing is caught behind this, and tracebacks may hold tokens
        sentence = sentence_for(error)
        if sentence is None:
            logger.exception("the program failed", extra={"action": "program_failed"})
            sentence = (
                "Bản tin gặp lỗi ngoài dự kiến và đã dừng. "
                "Hãy gửi những dòng trên cho người phát triển."
            )
        complain(sentence)
        sys.exit(1)

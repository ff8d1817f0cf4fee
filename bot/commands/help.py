"""/trogiup: the commands one may use, and whom to ask."""

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import contact_line, lines, paragraphs
from storage.records import Role


async def show_help(request: Request) -> Reply:
    if request.in_group:
        return _in_group(request)
    mine = [each for each in request.commands if each.in_menu and request.role.includes(each.role)]
    return Reply(
        text=paragraphs(
            "Bấm vào một lệnh dưới đây, hoặc gõ chữ như “tin mới”. Có dấu hay không dấu đều được.",
            _list([each for each in mine if each.role is Role.MEMBER]),
            _office_part([each for each in mine if each.role is not Role.MEMBER]),
            contact_line(request.office),
        )
    )


def _in_group(request: Request) -> Reply:
    shown = [each for each in request.commands if each.in_menu and each.role is Role.MEMBER]
    return Reply(
        text=paragraphs(
            lines(
                "Ai cũng dùng được:",
                _list([each for each in shown if not each.changes_chat]),
            ),
            lines(
                "Dành cho quản trị viên của nhóm:",
                _list([each for each in shown if each.changes_chat]),
            ),
            contact_line(request.office),
        )
    )


def _office_part(commands: list[Command]) -> str:
    return lines("Dành cho người phụ trách:", _list(commands)) if commands else ""


def _list(commands: list[Command]) -> str:
    return lines(*(f"/{each.name} - {each.help}" for each in commands))


COMMAND = Command(
    name="trogiup",
    aliases=("trợ giúp", "hướng dẫn", "help"),
    help="Xem hướng dẫn.",
    run=show_help,
)

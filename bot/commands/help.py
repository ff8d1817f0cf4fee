"""/trogiup: the commands one may use, and whom to ask."""

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import contact_line, lines, paragraphs
from storage.records import Role

_WHO_SET_IT_UP = "người đã đăng ký cho nhóm"


async def show_help(request: Request) -> Reply:
    if request.in_group:
        return _in_group(request)
    how = (
        "Bấm vào một lệnh dưới đây, hoặc gõ chữ như “tin mới”."
        if request.has_buttons
        else "Gửi những chữ đứng đầu dòng, ví dụ “cài đặt”."
    )
    mine = [
        each
        for each in request.commands
        if each.in_menu
        and request.role.includes(each.role)
        and (not each.on_several or await _is_elsewhere(request))
    ]
    return Reply(
        text=paragraphs(
            f"{how} Có dấu hay không dấu đều được.",
            _list(request, [each for each in mine if each.role is Role.MEMBER]),
            _office_part(request, [each for each in mine if each.role is not Role.MEMBER]),
            contact_line(request.office),
        )
    )


def _in_group(request: Request) -> Reply:
    shown = [
        each
        for each in request.commands
        if each.in_menu and each.in_groups and each.role is Role.MEMBER
    ]
    admins = "quản trị viên của nhóm" if request.incoming.tells_admins else _WHO_SET_IT_UP
    return Reply(
        text=paragraphs(
            lines(
                "Ai cũng dùng được:",
                _list(request, [each for each in shown if not each.changes_chat]),
            ),
            lines(
                f"Dành cho {admins}:",
                _list(request, [each for each in shown if each.changes_chat]),
            ),
            contact_line(request.office),
        )
    )


async def _is_elsewhere(request: Request) -> bool:
    async with request.database.transaction() as tx:
        return bool(await tx.bots.platforms(without=[request.incoming.address.platform]))


def _office_part(request: Request, commands: list[Command]) -> str:
    return lines("Dành cho người phụ trách:", _list(request, commands)) if commands else ""


def _list(request: Request, commands: list[Command]) -> str:
    """Where nothing can be pressed, by the words that people type."""
    return lines(
        *(
            f"/{each.name} - {each.help}"
            if request.has_buttons
            else f"- {each.aliases[0]}: {each.help}"
            for each in commands
        )
    )


COMMAND = Command(
    name="trogiup",
    aliases=("trợ giúp", "hướng dẫn", "help"),
    help="Xem hướng dẫn.",
    run=show_help,
)

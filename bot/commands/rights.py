"""Who may do what; who may not is told so, and it is written down."""

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import contact_line
from jobs.rich_text import plain

FOR_OFFICE = "Chức năng này dành cho quản trị viên của cơ quan."
FOR_CHAT_ADMINS = "Việc này dành cho quản trị viên của nhóm."


async def refusal(request: Request, command: Command) -> Reply | None:
    """None: he may. Asks the platform who administers a group, so no transaction may be open."""
    if not request.role.includes(command.role):
        text = f"{FOR_OFFICE} {contact_line(request.office)}".strip()
    elif await _is_for_chat_admins(request, command):
        text = FOR_CHAT_ADMINS
    else:
        return None
    async with request.database.transaction() as tx:
        await tx.audit.record(
            "refused", at=request.now, actor_id=request.actor_id, target=command.name
        )
    if request.incoming.data and request.in_group:
        return Reply(text=plain(""), edit=False, toast=text)  # the others need not read it
    return Reply(text=plain(text), edit=False)


async def _is_for_chat_admins(request: Request, command: Command) -> bool:
    if not (request.in_group and command.changes_chat):
        return False
    return not await request.incoming.is_chat_admin()

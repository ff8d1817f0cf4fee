"""Who may do what; who may not is told so, and it is written down."""

import hashlib

from bot.commands.command import Command, Reply, Request
from bot.commands.wording import contact_line
from jobs.rich_text import plain
from storage.records import Role

FOR_OFFICE = "Chức năng này dành cho quản trị viên của cơ quan."
FOR_CHAT_ADMINS = "Việc này dành cho quản trị viên của nhóm."
FOR_WHO_SET_IT_UP = "Việc này dành cho người đã đăng ký cho nhóm và người phụ trách của cơ quan."


async def refusal(request: Request, command: Command) -> Reply | None:
    """None: he may. Asks the platform who administers a group, so no transaction may be open."""
    if not request.role.includes(command.role):
        text = f"{FOR_OFFICE} {contact_line(request.office)}".strip()
    else:
        text = await _about_chat(request, command)
    if not text:
        return None
    async with request.database.transaction() as tx:
        await tx.audit.record(
            "refused", at=request.now, actor_id=request.actor_id, target=command.name
        )
    if request.incoming.data and request.in_group:
        return Reply(text=plain(""), edit=False, toast=text)  # the others need not read it
    return Reply(text=plain(text), edit=False)


async def _about_chat(request: Request, command: Command) -> str:
    """Empty: he may change this chat, or the command does not."""
    if not (request.in_group and command.changes_chat):
        return ""
    is_chat_admin = request.incoming.is_chat_admin
    if is_chat_admin is not None:
        return "" if await is_chat_admin() else FOR_CHAT_ADMINS
    if await _answers_for_it(request):
        return ""
    return f"{FOR_WHO_SET_IT_UP} {contact_line(request.office)}".strip()


async def _answers_for_it(request: Request) -> bool:
    """Where nobody tells who administers the group: anybody before it receives, then who set it
    up, or who answers for organisations.
    """
    group, actor = request.subscriber, request.actor_id
    if group is None or not request.is_subscribed or request.role.includes(Role.HEAD):
        return True
    async with request.database.transaction() as tx:
        entry = await tx.audit.last("subscribed", f"subscriber:{group.id}")
        if entry is None or actor is None:
            return entry is not None and entry.detail == mark_in_group(request)
        his = {actor, *await tx.people.merged_into(actor)}
        return entry.actor_id in his or entry.detail == mark_in_group(request)


def mark_in_group(request: Request) -> str:
    """By which who set a group up is known again, there and nowhere else, without his name."""
    incoming = request.incoming
    if incoming.tells_admins or not incoming.in_group:
        return ""
    who = f"{incoming.bot_id}|{incoming.address.chat}|{incoming.person}"
    return hashlib.sha256(who.encode()).hexdigest()

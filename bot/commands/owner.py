"""The first owner: a one-time code, sent in a private chat, makes its sender the owner."""

import asyncio
from datetime import timedelta
from typing import Final, NamedTuple

from bot.commands.codes import hashed, is_same, new_code, new_salt, read_code, shown
from bot.commands.command import Reply, Request
from bot.commands.consent import consent_question
from bot.commands.journal import record
from bot.commands.link_code import about_wrong_code, answer_link_code, is_any_open
from bot.commands.wording import addressed, bulletin_of, paragraphs
from storage.records import OwnerCode, Role

OWNER_CODE_LIFETIME: Final = timedelta(minutes=10)
OWNER_CODE_TRIES: Final = 5

_EXPLAINED: Final = timedelta(days=1)  # so long a code that ended is told to have ended
_LINK_NOT_HERE: Final = (
    "Mã không dùng được trong nhóm. Chỉ gửi mã trong cuộc trò chuyện riêng. "
    "Mã gửi vào nhóm thì người khác đã thấy: hãy lấy mã mới."
)


class NewOwnerCode(NamedTuple):
    code: str  # XXXX-XXXX, to be shown once
    salt: str
    code_hash: str


def new_owner_code() -> NewOwnerCode:
    code, salt = new_code(), new_salt()
    return NewOwnerCode(shown(code), salt, hashed(code, salt))


async def answer_code(request: Request, text: str = "") -> Reply | None:
    """The owner's code, or one that links; None when it is neither, nor could be.

    `text`: where it does not stand alone in what was said.
    """
    code = read_code(text or request.incoming.text)
    if code is None:
        return None
    if request.in_group:
        return await _answer_group(request)
    return (
        await answer_link_code(request, code)
        or await _answer_owner_code(request, code)
        or await about_wrong_code(request)
    )


async def _answer_group(request: Request) -> Reply | None:
    async with request.database.transaction() as tx:
        is_owners = await tx.owner_codes.open(request.now) is not None
        is_link = await is_any_open(tx, request.now)
    if is_owners:
        return _not_here()
    return Reply(text=paragraphs(_LINK_NOT_HERE)) if is_link else None


async def _answer_owner_code(request: Request, code: str) -> Reply | None:
    async with request.database.transaction() as tx:
        stored = await tx.owner_codes.open(request.now)
        ended_lately = await tx.owner_codes.was_open_after(request.now - _EXPLAINED)
        may_try = stored is not None and await tx.owner_codes.count_try(stored.id, request.now)
    if stored is None or not may_try:
        return await _ended(request) if ended_lately else None
    if not is_same(await asyncio.to_thread(hashed, code, stored.salt), stored.code_hash):
        return Reply(text=paragraphs("Mã không đúng. Xin kiểm tra lại rồi gửi lại."))
    return await _make_owner(request, stored)


async def _make_owner(request: Request, stored: OwnerCode) -> Reply:
    return _welcome(request) if await _is_made_owner(request, stored) else await _ended(request)


async def _is_made_owner(request: Request, stored: OwnerCode) -> bool:
    incoming = request.incoming
    async with request.database.transaction() as tx:
        if not await tx.owner_codes.mark_used(stored.id, request.now):
            return False
        found = await tx.subscribers.at(incoming.where)
        if found is None:
            subscriber_id = await tx.subscribers.add(
                incoming.where,
                kind=incoming.address.kind,
                name=incoming.chat_title,
                now=request.now,
            )
        else:
            subscriber_id = found[1].id
        await tx.subscribers.set_role(subscriber_id, Role.OWNER)
        await record(tx, request, "role_changed", subscriber_id, detail=Role.OWNER)
    return True


def _welcome(request: Request) -> Reply:
    confirmed = addressed(
        request.office,
        f"Đã xác nhận. {{You}} là người quản lý hệ thống của {bulletin_of(request.office)}.",
    )
    commands = (
        "Các lệnh dành cho người quản lý: /thongbao, /dagui, /trangthai, /nguon. "
        "Tất cả các lệnh: /trogiup."
    )
    if request.is_subscribed:
        return Reply(text=paragraphs(confirmed, commands))
    return consent_question(request, introduction=f"{confirmed}\n\n{commands}")


async def _ended(request: Request) -> Reply:
    if request.role is Role.OWNER:  # his own code, heard twice
        text = addressed(request.office, "{You} đã là người quản lý hệ thống.")
        return Reply(text=paragraphs(text))
    about_link = await about_wrong_code(request)
    return Reply(
        text=paragraphs(
            "" if about_link else "Mã không đúng hoặc không còn hiệu lực.",
            about_link.text.text if about_link else "",
            "Mã quản lý chỉ do người vận hành máy chủ lấy được, bằng lệnh "
            "bantin init --owner-code.",
        )
    )


def _not_here() -> Reply:
    return Reply(
        text=paragraphs(
            "Mã quản lý không dùng được trong nhóm. Chỉ gửi mã trong cuộc trò chuyện riêng.",
            "Mã gửi vào nhóm thì người khác đã thấy. "
            "Để lấy mã mới, chạy lệnh bantin init --owner-code trên máy chủ.",
        )
    )

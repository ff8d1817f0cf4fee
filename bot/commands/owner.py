"""The first owner: a one-time code, sent in a private chat, makes its sender the owner."""

import asyncio
import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from typing import Final, NamedTuple

from bot.commands.command import Reply, Request
from bot.commands.consent import consent_question
from bot.commands.journal import record
from bot.commands.wording import addressed, bulletin_of, paragraphs
from storage.records import OwnerCode, Role

OWNER_CODE_LIFETIME: Final = timedelta(minutes=10)
OWNER_CODE_TRIES: Final = 5

_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks alike: I L O 0 1
_CODE: Final = re.compile(rf"(?=.*[A-Z])(?=.*\d)[{_ALPHABET}]{{8}}")  # no word is a code
_EXPLAINED: Final = timedelta(days=1)  # so long a code that ended is told to have ended


class NewOwnerCode(NamedTuple):
    code: str  # XXXX-XXXX, to be shown once
    salt: str
    code_hash: str


def new_owner_code() -> NewOwnerCode:
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        if _CODE.fullmatch(code):
            salt = secrets.token_hex(16)
            return NewOwnerCode(f"{code[:4]}-{code[4:]}", salt, _hash(code, salt))


def _hash(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _fits(code: str, stored: OwnerCode) -> bool:
    return hmac.compare_digest(_hash(code, stored.salt), stored.code_hash)


async def answer_code(request: Request) -> Reply | None:
    """None when the text is no code, or there is none that it could be."""
    code = re.sub(r"[\s–—-]", "", request.incoming.text.upper())
    if not _CODE.fullmatch(code):
        return None
    async with request.database.transaction() as tx:
        stored = await tx.owner_codes.open(request.now)
        ended_lately = await tx.owner_codes.was_open_after(request.now - _EXPLAINED)
        may_try = (
            stored is not None
            and not request.in_group
            and await tx.owner_codes.count_try(stored.id, request.now)
        )
    if request.in_group:
        return _not_here() if stored else None
    if stored is None or not may_try:
        return _ended(request) if ended_lately else None
    if not await asyncio.to_thread(_fits, code, stored):
        return Reply(text=paragraphs("Mã không đúng. Xin kiểm tra lại rồi gửi lại."))
    return await _make_owner(request, stored)


async def _make_owner(request: Request, stored: OwnerCode) -> Reply:
    incoming = request.incoming
    async with request.database.transaction() as tx:
        if not await tx.owner_codes.mark_used(stored.id, request.now):
            return _ended(request)
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
    return _welcome(request)


def _welcome(request: Request) -> Reply:
    confirmed = addressed(
        request.office,
        f"Đã xác nhận. {{You}} là người quản lý hệ thống của {bulletin_of(request.office)}.",
    )
    commands = (
        "Các lệnh dành cho người quản lý: /thongbao, /trangthai, /nguon. "
        "Tất cả các lệnh: /trogiup."
    )
    if request.is_subscribed:
        return Reply(text=paragraphs(confirmed, commands))
    return consent_question(request, introduction=f"{confirmed}\n\n{commands}")


def _ended(request: Request) -> Reply:
    if request.role is Role.OWNER:  # his own code, heard twice
        text = addressed(request.office, "{You} đã là người quản lý hệ thống.")
        return Reply(text=paragraphs(text))
    return Reply(
        text=paragraphs(
            "Mã này không còn hiệu lực.",
            "Để lấy mã mới, chạy lệnh bantin init --owner-code trên máy chủ.",
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

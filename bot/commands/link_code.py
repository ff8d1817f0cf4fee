"""The one-time code of /lienket: given on one platform, typed on another, and confirmed there."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.commands.codes import hashed, is_same, new_code, new_salt, shown
from bot.commands.command import CommandError, Reply, Request
from bot.commands.journal import record
from bot.commands.places import place_names
from bot.commands.wording import ROLE_NAMES, button, lines, paragraphs
from jobs.messenger import PLATFORM_NAMES
from storage.database import Transaction
from storage.records import ChatKind, LinkCode, Platform, Role, Subscriber

NAME: Final = "lienket"
YES, NO = "yes", "no"
LINK_CODE_LIFETIME: Final = timedelta(minutes=15)
LINK_CODE_TRIES: Final = 5  # of one chat in that time; there are 31**8 codes
_EXPLAINED: Final = timedelta(days=1)  # so long a code that ended is told to have ended


async def give_code(request: Request, subscriber: Subscriber) -> Reply:
    here = request.incoming.address.platform
    async with request.database.transaction() as tx:
        elsewhere = await tx.bots.platforms(without=[here])
        salt = await tx.link_codes.salt(request.now) or new_salt()
    if not elsewhere:
        raise CommandError("Bản tin chưa có ở ứng dụng nào khác, nên chưa có gì để liên kết.")
    code = new_code()
    code_hash = await asyncio.to_thread(hashed, code, salt)
    async with request.database.transaction() as tx:
        await tx.link_codes.replace(
            subscriber.id,
            platform=here,
            salt=salt,
            code_hash=code_hash,
            expires_at=request.now + LINK_CODE_LIFETIME,
        )
    names = place_names(elsewhere, " hoặc ")
    return Reply(
        text=paragraphs(
            f"Mã liên kết: {shown(code)}",
            f"Mở Bản tin trên {names} và gửi mã này trong 15 phút. Mã chỉ dùng một lần.",
            "Sau khi liên kết, mỗi tin chỉ gửi tới một nơi. "
            "Khi không gửi được tới nơi đó thì nơi kia nhận thay.",
            lines(
                _about_role(subscriber),
                "Không đưa mã cho người khác: ai dùng mã này sẽ xem và đổi được mọi lựa chọn.",
            ),
        )
    )


async def is_any_open(tx: Transaction, now: datetime) -> bool:
    return await tx.link_codes.salt(now) is not None


async def answer_link_code(request: Request, code: str) -> Reply | None:
    """Asks whether to link; None when it is none of the open codes."""
    who = _who(request)
    async with request.database.transaction() as tx:
        codes = await tx.link_codes.open(who, request.now)
        may_try = bool(codes) and await tx.link_codes.count_try(
            who, request.now, most=LINK_CODE_TRIES, within=LINK_CODE_LIFETIME
        )
    if not codes:
        return None
    if not may_try:
        return Reply(text=paragraphs("Đã gửi sai mã nhiều lần. Mong thử lại sau 15 phút."))
    found = await asyncio.to_thread(_find, code, codes)
    return await _ask(request, found) if found else None


def _find(code: str, codes: Sequence[LinkCode]) -> LinkCode | None:
    """Those that are open together mostly share their salt: one hash will do."""
    hashes = {salt: hashed(code, salt) for salt in {each.salt for each in codes}}
    fitting = [each for each in codes if is_same(hashes[each.salt], each.code_hash)]
    return fitting[0] if fitting else None


async def about_wrong_code(request: Request) -> Reply | None:
    """None when nobody has asked for a code lately."""
    async with request.database.transaction() as tx:
        is_likely = await tx.link_codes.was_open_after(request.now - _EXPLAINED)
    return wrong_code() if is_likely else None


def wrong_code() -> Reply:
    return Reply(
        text=paragraphs(
            "Mã không đúng hoặc không còn hiệu lực.",
            f"Lấy mã mới: gửi /{NAME} ở nơi đang nhận tin.",
        )
    )


def _who(request: Request) -> str:
    """Tells chats apart without naming them: strangers have not consented to be stored."""
    where = request.incoming.where
    return hashlib.sha256(f"{where.platform}|{where.bot_id}|{where.address}".encode()).hexdigest()


async def _ask(request: Request, code: LinkCode) -> Reply:
    here = request.incoming.address.platform
    if code.platform is here:
        other = place_names(set(Platform) - {here}, " hoặc ")
        text = f"Mã này lấy ở {PLATFORM_NAMES[here]}, nên phải gửi cho Bản tin trên {other}."
        return Reply(text=paragraphs(text))
    async with request.database.transaction() as tx:
        until = request.now + LINK_CODE_LIFETIME
        if not await tx.link_codes.enter(code.id, _who(request), now=request.now, until=until):
            return wrong_code()
        other_half = await tx.subscribers.get(code.subscriber_id)
    whose = f"“{other_half.name}”" if other_half.name else "một người chưa có tên hiển thị"
    kept = "" if request.subscriber else " Hệ thống lưu thêm mã của cuộc trò chuyện này."
    return Reply(
        text=paragraphs(
            f"Liên kết cuộc trò chuyện này với {PLATFORM_NAMES[code.platform]} của {whose}?",
            f"Hai nơi dùng chung các lựa chọn, mỗi tin chỉ gửi tới một nơi.{kept}",
            _about_role(request.subscriber, other_half),
            "Chỉ chọn “Có” khi cả hai là của cùng một người.",
        ),
        buttons=((button("Có, liên kết", NAME, YES),), (button("Không", NAME, NO),)),
    )


def _about_role(*both: Subscriber | None) -> str:
    roles = [each.role for each in both if each is not None]
    highest = max(roles, key=list(Role).index, default=Role.MEMBER)
    if highest is Role.MEMBER:
        return ""
    return f"Quyền “{ROLE_NAMES[highest]}” dùng được ở cả hai nơi."


async def decline(request: Request) -> Reply:
    async with request.database.transaction() as tx:
        code = await tx.link_codes.entered(_who(request), request.now)
        if code is not None:
            await tx.link_codes.mark_used(code.id, request.now)
    return Reply(text=paragraphs("Không liên kết. Mã vừa gửi không dùng được nữa."))


async def accept(request: Request) -> bool:
    """Links what was asked about. False when there is nothing to answer any more."""
    async with request.database.transaction() as tx:
        code = await tx.link_codes.entered(_who(request), request.now)
        if code is None or not await tx.link_codes.mark_used(code.id, request.now):
            return False
        await _join(tx, request, code.subscriber_id)
    return True


async def _join(tx: Transaction, request: Request, subscriber_id: int) -> None:
    """This chat becomes his, with all that whoever is known here has."""
    where = request.incoming.where
    found = await tx.subscribers.at(where)
    if found is None and await tx.subscribers.add_chat(subscriber_id, where, ChatKind.PERSON):
        await record(tx, request, "linked", subscriber_id)
        return
    found = found or await tx.subscribers.at(where)
    if found is None or found[1].id == subscriber_id:
        return
    both = {subscriber_id, found[1].id}
    kept = await tx.people.merge(subscriber_id, found[1].id, request.now)
    (gone,) = both - {kept}
    await record(tx, request, "linked", kept, detail=f"subscriber:{gone}")

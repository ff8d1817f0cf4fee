"""/ghidanh: the office enrols who cannot ask for it himself, by the code that the bot told him."""

import re
from typing import Final

from bot.commands.command import Command, CommandError, Incoming, Reply, Request
from bot.commands.journal import record
from bot.commands.subscribe import take_in
from bot.commands.wording import Rows, button, paragraphs, read_id
from jobs.text import clean
from storage.database import Transaction
from storage.records import ChatKind, Reachability, Role, SubscriberState
from storage.repositories.subscribers import ChatAddress

NAME: Final = "ghidanh"
_STOP: Final = "stop"
_CODE: Final = re.compile(r"(\d{1,9})-([A-Za-z0-9_-]{1,40})")
_CONSENT: Final = "Chỉ ghi danh khi người đó, hoặc người giám hộ, đã đồng ý nhận tin."


def code_of(incoming: Incoming) -> str:
    """Names the bot and the chat, so that nothing is stored of who has not consented."""
    return f"{incoming.bot_id}-{incoming.address.chat}"


async def enrol(request: Request) -> Reply:
    verb, _, code = request.choice.partition("=")
    if verb == _STOP:
        return await _stop(request, code)
    if not request.argument:
        return _explain()
    code, _, name = request.argument.partition(" ")
    return await _enrol(request, code, clean(name))


def _explain() -> Reply:
    return Reply(
        text=paragraphs(
            "Ghi danh giúp người gửi tin nhắn mà Bản tin không đọc được.",
            "Khi người đó nhắn cho Bản tin, câu trả lời có kèm một mã. "
            f"Gửi mã ấy và tên người nhận, ví dụ:\n/{NAME} 2-6ede9afa66b8 Trần Văn Mẫu",
            _CONSENT,
        )
    )


async def _enrol(request: Request, code: str, name: str) -> Reply:
    async with request.database.transaction() as tx:
        where = await _where(tx, code)
        found = await tx.subscribers.at(where)
        if found is not None and found[0].kind is ChatKind.GROUP:
            raise CommandError("Mã này là của một nhóm. Nhóm tự đăng ký bằng /dangky.")
        if found is not None and found[0].reachability is Reachability.GONE:
            await tx.subscribers.mark_back(where)  # he has just written, or nobody had the code
        if found is not None and found[1].state is SubscriberState.ACTIVE:
            return Reply(text=paragraphs("Người này đang nhận tin."), buttons=_stop_button(code))
        subscriber_id, _ = await take_in(
            tx, where, kind=ChatKind.PERSON, name=name, now=request.now
        )
        await record(tx, request, "enrolled", subscriber_id)
    who = f"“{name}”" if name else "người đó"
    return Reply(
        text=paragraphs(f"Đã ghi danh {who}. Từ nay tin mới được gửi tới đó.", _CONSENT),
        buttons=_stop_button(code),
    )


def _stop_button(code: str) -> Rows:
    return ((button("Dừng gửi tin tới đó", NAME, f"{_STOP}={code}"),),)


async def _stop(request: Request, code: str) -> Reply:
    async with request.database.transaction() as tx:
        found = await tx.subscribers.at(await _where(tx, code))
        if found is None:
            raise CommandError("Chưa có ai được ghi danh bằng mã này.")
        subscriber_id = found[1].id
        if await tx.subscribers.deactivate(subscriber_id, request.now):
            await record(tx, request, "unenrolled", subscriber_id)
        await tx.deliveries.cancel_for(subscriber_id, request.now)
    return Reply(text=paragraphs("Đã dừng gửi tin tới người đó."))


async def _where(tx: Transaction, code: str) -> ChatAddress:
    """Raises CommandError."""
    matched = _CODE.fullmatch(code)
    bot_id = read_id(matched[1]) if matched else 0
    bot = next((each for each in await tx.bots.all() if each.id == bot_id), None)
    if matched is None or bot is None:
        raise CommandError(f"Mã ghi danh không đúng. Xem cách làm: /{NAME}")
    return ChatAddress(platform=bot.platform, bot_id=bot.id, address=matched[2])


COMMAND = Command(
    name=NAME,
    aliases=("ghi danh",),
    help="Ghi danh giúp người không nhắn được.",
    run=enrol,
    argument="mã và tên",
    role=Role.ADMIN,
    in_menu=False,
)

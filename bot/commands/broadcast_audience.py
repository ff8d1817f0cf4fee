"""Whom a notice is for: all, topics, organisations, to tick; a button says the wanted end."""

from collections.abc import Sequence

from bot.commands.broadcast_buttons import AUDIENCE, SHOW, Wish, broadcast_button
from bot.commands.broadcast_draft import own_draft, ready_draft
from bot.commands.broadcast_panel import Draft, audience_of, how_many, panel, read_draft
from bot.commands.command import CommandError, Reply, Request
from bot.commands.wording import Rows, paragraphs, ticked
from jobs.messenger import Button
from storage.database import Transaction
from storage.records import Audience, AudienceRule, Organisation, Topic

EVERYBODY = "all"
ADD = "+"  # before t or o and the id
REMOVE = "-"

_ALL = Audience(rule=AudienceRule.ALL)
_LETTERS = {"t": AudienceRule.TOPIC, "o": AudienceRule.ORGANISATION}


async def choose_audience(request: Request, wish: Wish) -> Reply:
    async with request.database.transaction() as tx:
        broadcast = await ready_draft(tx, request, wish)
        if wish.value:
            chosen = await _chosen(tx, broadcast.audience, wish.value)
            await tx.broadcasts.address(broadcast.id, chosen, request.now)
            broadcast = await own_draft(tx, request, wish)
        draft = await read_draft(tx, broadcast)
    return _list(request, draft)


async def show_panel(request: Request, wish: Wish) -> Reply:
    """Back from a question: the preview still stands above."""
    async with request.database.transaction() as tx:
        draft = await read_draft(tx, await ready_draft(tx, request, wish))
    return panel(request, draft)


async def _chosen(tx: Transaction, audience: Sequence[Audience], value: str) -> Sequence[Audience]:
    """Everybody, or one more or less of what is chosen; in the end that may be nobody."""
    if value == EVERYBODY:
        return (_ALL,)
    wanted = Audience(rule=_LETTERS.get(value[1:2], AudienceRule.ALL), value=value[2:])
    known: list[Topic | Organisation] = [*await tx.topics.all(), *await tx.organisations.all()]
    if wanted not in map(audience_of, known):
        raise CommandError("Mục này không còn trong danh sách. Xin chọn lại người nhận.")
    others = [each for each in audience if each not in (_ALL, wanted)]
    return [*others, wanted] if value.startswith(ADD) else others


def _list(request: Request, draft: Draft) -> Reply:
    total = draft.recipients.total
    how = " Bấm vào tên để chọn hoặc bỏ chọn." if request.has_buttons else ""
    done = broadcast_button("Xong", SHOW, draft.broadcast.id)
    return Reply(
        text=paragraphs(
            f"Gửi cho ai?{how}",
            f"Đang chọn: {draft.whom}.",
            f"Hiện có {how_many(draft.recipients)}." if total else "Không có ai phù hợp.",
            "Chọn cả chuyên mục và tổ chức thì chỉ gửi cho người có cả hai.",
        ),
        buttons=(*_rows(draft), (done,)),
        is_tick_list=True,
        back=done.data,
    )


def _rows(draft: Draft) -> Rows:
    one, audience = draft.broadcast.id, draft.broadcast.audience
    everybody = broadcast_button(ticked("Tất cả", _ALL in audience), AUDIENCE, one, EVERYBODY)
    choices: list[Topic | Organisation] = [*draft.topics, *draft.organisations]
    return ((everybody,), *((_choice(one, audience, each),) for each in choices))


def _choice(one: int, audience: Sequence[Audience], each: Topic | Organisation) -> Button:
    is_in = audience_of(each) in audience
    letter = "t" if isinstance(each, Topic) else "o"
    value = f"{REMOVE if is_in else ADD}{letter}{each.id}"
    return broadcast_button(ticked(each.name, is_in), AUDIENCE, one, value)

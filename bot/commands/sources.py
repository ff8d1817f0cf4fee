"""/nguon: each source and its health; to read again, to add one, to settle what is held."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from bot.commands import source_adding, source_floods
from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.health import health_lines
from bot.commands.wording import Rows, button, counted, lines, paragraphs
from jobs.rich_text import bold, join, plain
from storage.records import Flood, Role, Source

READ_AGAIN = "now"


async def sources(request: Request) -> Reply:
    if not request.choice:
        asked = request.argument
        return await (source_adding.ask_trial(request, asked) if asked else show_sources(request))
    verb, _, value = request.choice.partition(":")
    act = _ACTS.get(verb)
    if act is None:
        raise CommandError("Nút này không còn dùng được. Xem các nguồn tin: /nguon")
    return await act(request, value)


async def show_sources(request: Request) -> Reply:
    async with request.database.transaction() as tx:
        stored = await tx.sources.all()
        floods = {flood.source_id: flood for flood in await tx.sources.floods()}
    if not stored:
        add = "Thêm nguồn tin bằng cách gửi: /nguon https://… (địa chỉ trang tin hoặc nguồn RSS)."
        server = "Trên máy chủ: bantin source add"
        return Reply(text=paragraphs("Chưa có nguồn tin nào.", add, server))
    each = (
        join(bold(one.name), plain(_state(one, floods.get(one.id))), between="\n")
        for one in stored
    )
    return Reply(text=join(*each, between="\n\n"), buttons=_buttons(tuple(floods.values())))


def _state(source: Source, flood: Flood | None) -> str:
    held = f"Đang giữ lại {counted(flood.articles, 'tin')} đến cùng lúc." if flood else ""
    return lines(health_lines(source), held)


def _buttons(floods: Sequence[Flood]) -> Rows:
    held = tuple(
        (button(f"Tin giữ lại: {flood.source_name}", "nguon", f"held:{flood.source_id}"),)
        for flood in floods
    )
    return (
        *held,
        (button("Đọc lại ngay", "nguon", READ_AGAIN),),
        (button("Thêm nguồn tin", "nguon", "add"),),
    )


async def _read_again(request: Request, _: str) -> Reply:
    async with request.database.transaction() as tx:
        await tx.sources.visit_now(request.now)
        is_any = await tx.sources.count() > 0
    if not is_any:
        return await show_sources(request)
    return Reply(
        text=paragraphs("Các nguồn tin sẽ được đọc lại ngay. Xem kết quả sau ít phút."),
        buttons=((button("Xem kết quả", "nguon"),),),
        toast="Sẽ đọc lại ngay",
    )


_ACTS: Final[Mapping[str, Callable[[Request, str], Awaitable[Reply]]]] = {
    READ_AGAIN: _read_again,
    "add": source_adding.explain,
    "trial": source_adding.show_trial,
    "save": source_adding.save,
    "held": source_floods.show_held,
    "send": source_floods.send,
    "drop": source_floods.drop,
}

COMMAND = Command(
    name="nguon",
    aliases=("nguồn tin", "nguồn"),
    help="Xem và thêm nguồn tin.",
    run=sources,
    role=Role.ADMIN,
)

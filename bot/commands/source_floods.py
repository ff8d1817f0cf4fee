"""News that came all at once and waits for an admin's word: shown, sent or dropped."""

from bot.commands.command import CommandError, Reply, Request
from bot.commands.wording import button, counted, lines, paragraphs
from jobs.elsewhere import release_flood
from storage.database import Transaction
from storage.records import Flood

_NONE = "Không còn tin nào bị giữ lại. Xem các nguồn tin: /nguon"


async def show_held(request: Request, value: str) -> Reply:
    async with request.database.transaction() as tx:
        flood = await _flood(tx, value)
    number = counted(flood.articles, "tin")
    some = (f"• {title}" for title in flood.titles)
    return Reply(
        text=paragraphs(
            f"Nguồn “{flood.source_name}” có {number} đến cùng lúc nên chưa gửi cho ai.",
            lines(*some, "…" if flood.articles > len(flood.titles) else ""),
            "Gửi đi thì mỗi người nhận được từng tin một. Bỏ thì không gửi những tin này.",
        ),
        buttons=(
            (button(f"Gửi {number}", "nguon", f"send:{flood.source_id}"),),
            (button(f"Bỏ {number}", "nguon", f"drop:{flood.source_id}"),),
            (button("Để sau", "nguon"),),
        ),
        back="nguon:",
    )


async def send(request: Request, value: str) -> Reply:
    async with request.database.transaction() as tx:
        flood = await _flood(tx, value)
        number = await release_flood(tx, flood.source_id, request.now)
        await _record(tx, request, "news_released", flood)
    return Reply(
        text=paragraphs(
            f"{counted(number, 'tin')} của “{flood.source_name}” sẽ được gửi trong ít phút."
        )
    )


async def drop(request: Request, value: str) -> Reply:
    async with request.database.transaction() as tx:
        flood = await _flood(tx, value)
        number = await tx.sources.drop_held(flood.source_id)
        await _record(tx, request, "news_dropped", flood)
    return Reply(text=paragraphs(f"Đã bỏ {counted(number, 'tin')} của “{flood.source_name}”."))


async def _flood(tx: Transaction, value: str) -> Flood:
    """Raises CommandError when somebody was faster."""
    for flood in await tx.sources.floods():
        if value == str(flood.source_id):
            return flood
    raise CommandError(_NONE)


async def _record(tx: Transaction, request: Request, action: str, flood: Flood) -> None:
    await tx.audit.record(
        action,
        at=request.now,
        actor_id=request.actor_id,
        target=f"source:{flood.source_id}",
        detail=str(flood.articles),
    )

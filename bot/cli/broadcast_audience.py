"""Whom a broadcast is for, as the command line says it."""

from collections.abc import Iterable, Sequence

from bot.cli.problem import Refused
from bot.commands.broadcast_panel import audience_of
from jobs.text import fold
from storage.database import Transaction
from storage.records import Audience, AudienceRule

_FORMS = "all, topic:MÃ hoặc organisation:TÊN"


async def read_audience(tx: Transaction, to: Sequence[str]) -> list[Audience]:
    """Topics are alternatives, so are organisations; of both kinds each must hold.

    Raises Refused.
    """
    if "all" in to:
        if len(to) > 1:
            raise Refused("--to all đã gồm mọi người, không thêm người nhận nào khác được.")
        return [Audience(rule=AudienceRule.ALL)]
    return [await _one(tx, each) for each in to]


async def _one(tx: Transaction, wanted: str) -> Audience:
    kind, _, name = wanted.partition(":")
    match kind:
        case "topic":
            topics = {topic.slug: topic for topic in await tx.topics.all()}
            if name not in topics:
                known = (f"{slug} ({topic.name})" for slug, topic in topics.items())
                raise Refused(_unknown("chuyên mục", name, known))
            return audience_of(topics[name])
        case "organisation":
            return await _organisation(tx, name)
        case _:
            raise Refused(f"Không hiểu --to “{wanted}”. Cần: {_FORMS}.")


async def _organisation(tx: Transaction, name: str) -> Audience:
    """By its name or another that people use, marks and capitals or not."""
    organisations = await tx.organisations.all()
    ids = {**await tx.organisations.aliases(), **{fold(one.name): one.id for one in organisations}}
    found = next((one for one in organisations if one.id == ids.get(fold(name))), None)
    if found is None:
        raise Refused(_unknown("tổ chức", name, (one.name for one in organisations)))
    return audience_of(found)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    listed = "\n".join(f"  {each}" for each in known)
    return f"Không có {kind} “{name}”. Đang có:\n{listed}"

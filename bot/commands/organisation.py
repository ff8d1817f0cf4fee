"""Choosing the organisation one belongs to: from the list, or by a name people use."""

from collections.abc import Mapping, Sequence

from bot.commands.command import CommandError, Reply, Request
from bot.commands.overview import overview
from bot.commands.preferences import read_preferences
from bot.commands.wording import button, paragraphs, read_id
from jobs.text import fold
from storage.records import Organisation

ORGANISATION = "org"  # what the buttons say to dangky: the list, or "org=3"
NO_ORGANISATION = "0"


async def organisation_named(request: Request) -> Organisation | None:
    """The one meant by what was typed behind the command."""
    async with request.database.transaction() as tx:
        organisations = await tx.organisations.all()
        aliases = await tx.organisations.aliases()
    return find_organisation(request.argument, organisations, aliases)


def find_organisation(
    text: str, organisations: Sequence[Organisation], aliases: Mapping[str, int]
) -> Organisation | None:
    """`phụ nữ`, `PN`, `Hội Nông dân xã Tân Lập`; of several names the longest counts."""
    words = fold(text)
    if not words:
        return None
    by_id = {each.id: each for each in organisations}
    ids = {**aliases, **{fold(each.name): each.id for each in organisations}}
    named = [
        name for name in ids if name == words or (" " in name and f" {name} " in f" {words} ")
    ]
    if named:
        return by_id.get(ids[max(named, key=len)])
    around = [each for each in organisations if f" {words} " in f" {fold(each.name)} "]
    return around[0] if len(around) == 1 else None


async def choose_organisation(request: Request, wanted: str, *, remark: str = "") -> Reply:
    """The list, or when one is wanted the settings with it."""
    if not wanted:
        return await _list(request, remark)
    organisation_id = None if wanted == NO_ORGANISATION else read_id(wanted)
    await set_organisation(request, organisation_id)
    return await overview(request, "Đã lưu tổ chức.")


async def set_organisation(request: Request, organisation_id: int | None) -> None:
    async with request.database.transaction() as tx:
        if organisation_id is not None and await tx.organisations.get(organisation_id) is None:
            raise CommandError("Tổ chức này không còn trong danh sách. Gửi /dangky để chọn lại.")
        found = await tx.subscribers.at(request.incoming.where)
        if found is not None:
            await tx.subscribers.set_organisation(found[1].id, organisation_id)


async def _list(request: Request, remark: str) -> Reply:
    preferences = await read_preferences(request.database, request.incoming.where)
    chosen = preferences.organisation if preferences else None
    async with request.database.transaction() as tx:
        organisations = await tx.organisations.all()
    question = (
        "Nhóm này thuộc tổ chức nào?" if request.in_group else "Chọn tổ chức đang sinh hoạt."
    )
    rows = [
        (button(_ticked(each, chosen), "dangky", f"{ORGANISATION}={each.id}"),)
        for each in organisations
    ]
    none = button("Không thuộc tổ chức nào", "dangky", f"{ORGANISATION}={NO_ORGANISATION}")
    return Reply(text=paragraphs(remark, question), buttons=(*rows, (none,)))


def _ticked(organisation: Organisation, chosen: Organisation | None) -> str:
    return f"✓ {organisation.name}" if organisation == chosen else organisation.name

"""Choosing the organisation one belongs to: from the list, or by a name people use."""

from collections.abc import Mapping, Sequence

from bot.commands.command import CommandError, Reply, Request
from bot.commands.journal import record
from bot.commands.overview import overview
from bot.commands.preferences import NEWS_BESIDES, read_preferences
from bot.commands.wording import button, paragraphs, read_id, ticked
from jobs.text import fold
from storage.records import Organisation, Platform, Role, Subscriber

ORGANISATION = "org"  # what the buttons say to dangky: the list, or "org=3"
NO_ORGANISATION = "0"
INSTEAD = "instead"  # a group gets it for the members
BESIDES = "besides"  # and they by themselves as before


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
    if wanted in (INSTEAD, BESIDES):
        return await _stand_for_members(request, is_so=wanted == INSTEAD)
    organisation_id = None if wanted == NO_ORGANISATION else read_id(wanted)
    await set_organisation(request, organisation_id)
    return await organisation_saved(request)


async def organisation_saved(request: Request) -> Reply:
    """The question for groups on Zalo, else the settings."""
    return await stand_in_question(request) or await overview(request, "Đã lưu tổ chức.")


async def stand_in_question(request: Request) -> Reply | None:
    """Whether this group on Zalo gets it for the members; None when that is not to be asked.

    Only who answers for organisations is asked: it changes what others receive.
    """
    is_zalo_group = request.in_group and request.incoming.address.platform is Platform.ZALO
    if not is_zalo_group or not request.role.includes(Role.HEAD):
        return None
    preferences = await read_preferences(request.database, request.incoming.where)
    if preferences is None or preferences.organisation is None:
        return None
    name = preferences.organisation.name
    return Reply(
        text=paragraphs(
            f"Đã lưu tổ chức. Nhóm này nhận thay cho từng hội viên của {name}?",
            f"Nếu có, {_what_changes(preferences.subscriber)}. "
            "Chỉ chọn “Có” khi hội viên nhận tin đều ở trong nhóm.",
        ),
        buttons=(
            (button("Có, đăng một lần trong nhóm", "dangky", f"{ORGANISATION}={INSTEAD}"),),
            (button("Không, vẫn gửi riêng", "dangky", f"{ORGANISATION}={BESIDES}"),),
        ),
    )


def _what_changes(group: Subscriber) -> str:
    what, besides = "tin", " (trừ bản tổng hợp mà hội viên đã chọn)"
    if group.digest_hour is not None:
        what, besides = "thông báo", f"; {NEWS_BESIDES}"
    once = f"{what} chỉ đăng một lần trong nhóm, không gửi riêng cho từng hội viên trên Zalo"
    return once + besides


async def _stand_for_members(request: Request, *, is_so: bool) -> Reply:
    if not request.role.includes(Role.HEAD):
        raise CommandError("Việc này dành cho người phụ trách tổ chức.")
    if request.incoming.address.platform is not Platform.ZALO or request.subscriber is None:
        raise CommandError("Chỉ nhóm Zalo mới nhận thay cho hội viên được.")
    async with request.database.transaction() as tx:
        if not await tx.subscribers.stand_for_members(request.subscriber.id, is_so=is_so):
            raise CommandError("Nhóm này chưa có tổ chức. Gửi /dangky để chọn.")
        action = "stands_for_members" if is_so else "stands_for_itself"
        await record(tx, request, action, request.subscriber.id)
    return await overview(request, "Đã lưu.")


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
        (button(ticked(each.name, each == chosen), "dangky", f"{ORGANISATION}={each.id}"),)
        for each in organisations
    ]
    none = button("Không thuộc tổ chức nào", "dangky", f"{ORGANISATION}={NO_ORGANISATION}")
    return Reply(text=paragraphs(remark, question), buttons=(*rows, (none,)))

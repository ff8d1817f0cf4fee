"""/lienket: one person's chats on two platforms become one subscriber, or part again."""

from typing import Final

from bot.commands.codes import read_code
from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.journal import record
from bot.commands.link_code import (
    NAME,
    NO,
    YES,
    accept,
    answer_link_code,
    decline,
    give_code,
    wrong_code,
)
from bot.commands.overview import SETTINGS
from bot.commands.places import Places, place_names, read_places
from bot.commands.wording import Rows, addressed, button, lines, paragraphs, ticked
from jobs.messenger import PLATFORM_NAMES

_PREFER: Final = "at"
_PART: Final = "off"


async def link(request: Request) -> Reply:
    if request.in_group:
        raise CommandError("Chỉ liên kết được trong cuộc trò chuyện riêng với Bản tin.")
    if code := read_code(request.argument):
        return await answer_link_code(request, code) or wrong_code()
    if request.choice == NO:
        return await decline(request)
    is_new = request.choice == YES and await accept(request)
    places = await read_places(request)
    if places is None or not places.others:
        return await _begin(request, places)
    return await _change(request, places, is_new=is_new)


async def _begin(request: Request, places: Places | None) -> Reply:
    if request.choice == YES:
        return wrong_code()
    return await give_code(request, places.subscriber) if places else _not_yet(request)


async def _change(request: Request, places: Places, *, is_new: bool) -> Reply:
    """Of who is at several places."""
    verb, _, value = request.choice.partition("=")
    if verb == _PREFER:
        return await _prefer(request, places, value)
    if verb == _PART:
        return await _part(request, places, value)
    names = place_names(places.platforms, " và ")
    return _show(places, f"Đã liên kết {names}." if is_new else f"Đang liên kết {names}.")


def _not_yet(request: Request) -> Reply:
    return Reply(
        text=paragraphs(
            "Liên kết để Telegram và Zalo của cùng một người là một nơi nhận tin.",
            "Nếu đã có mã liên kết lấy ở nơi kia, gửi mã đó vào đây.",
            addressed(request.office, "Nếu chưa, {you} đăng ký nhận tin trước đã."),
        ),
        buttons=((button("Đăng ký nhận tin", "dangky"),),),
    )


def _show(places: Places, heading: str) -> Reply:
    return Reply(
        text=paragraphs(
            heading,
            lines(*places.lines()),
            "" if places.is_subscribed else "Hiện chưa nhận tin. Đăng ký: /dangky",
        ),
        buttons=(*_choices(places), (button("Bỏ liên kết", NAME, _PART),)),
        back=SETTINGS,
    )


def _choices(places: Places) -> Rows:
    return tuple(
        (
            button(
                ticked(f"Nhận tin ở {PLATFORM_NAMES[each]}", each is places.usual),
                NAME,
                f"{_PREFER}={each}",
            ),
        )
        for each in places.platforms
    )


async def _prefer(request: Request, places: Places, value: str) -> Reply:
    wanted = next((each for each in places.platforms if each == value), None)
    if wanted is None:
        raise CommandError(f"Nơi này không còn được liên kết. Xem lại: /{NAME}")
    async with request.database.transaction() as tx:
        await tx.people.prefer(places.subscriber.id, wanted, request.now)
        await record(tx, request, "platform_chosen", places.subscriber.id, detail=wanted)
        chosen = await read_places(request, tx)
    return _show(chosen or places, "Đã lưu.")


async def _part(request: Request, places: Places, value: str) -> Reply:
    names = place_names({each.platform for each in places.others}, " và ")
    if value == NO:
        return _show(places, "Vẫn liên kết như trước.")
    if value != YES:
        return Reply(
            text=paragraphs(
                f"Bỏ liên kết với {names}?",
                f"{names} sẽ không nhận tin nữa, và hệ thống không còn lưu gì về nơi đó. "
                "Cuộc trò chuyện này giữ nguyên mọi lựa chọn.",
            ),
            buttons=(
                (button("Có, bỏ liên kết", NAME, f"{_PART}={YES}"),),
                (button("Không, giữ lại", NAME, f"{_PART}={NO}"),),
            ),
        )
    async with request.database.transaction() as tx:
        for each in places.others:
            await tx.people.part(places.subscriber.id, each.id, request.now)
        await record(tx, request, "unlinked", places.subscriber.id)
    return Reply(
        text=paragraphs(
            f"Đã bỏ liên kết với {names}.",
            f"Khi nào muốn nhận tin ở đó, gửi /dangky trong {names}.",
        )
    )


COMMAND = Command(
    name=NAME,
    aliases=("liên kết", "liên kết Zalo", "liên kết Telegram"),
    help="Dùng chung Telegram và Zalo.",
    run=link,
    argument="mã",
    in_groups=False,
    on_several=True,
)

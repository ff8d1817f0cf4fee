"""/xoadulieu: asks once, then erases; what stays is counts without a name."""

from bot.commands.command import Command, Reply, Request
from bot.commands.journal import record
from bot.commands.my_data import nothing_stored
from bot.commands.places import Places, place_names, read_places
from bot.commands.wording import ROLE_NAMES, addressed, button, paragraphs
from storage.records import Role, Subscriber

ERASE = "yes"
KEEP = "no"


async def erase(request: Request) -> Reply:
    subscriber = request.subscriber
    if subscriber is None:
        return nothing_stored(request)
    if request.choice == ERASE:
        return await _erase(request, subscriber.id)
    if request.choice == KEEP:
        return Reply(text=paragraphs("Dữ liệu được giữ nguyên."))
    what = " của nhóm này" if request.in_group else ""
    places = await read_places(request)
    return Reply(
        text=paragraphs(
            f"Xóa toàn bộ dữ liệu đã lưu{what}?",
            _about_other_places(places),
            "Sau khi xóa sẽ không nhận tin nữa và không khôi phục lại được.",
            await _warning(request, subscriber),
        ),
        buttons=(
            (button("Có, xóa dữ liệu", "xoadulieu", ERASE),),
            (button("Không, giữ lại", "xoadulieu", KEEP),),
        ),
    )


def _about_other_places(places: Places | None) -> str:
    if places is None or not places.others:
        return ""
    return f"Gồm cả các nơi đã liên kết: {place_names(places.platforms)}."


async def _warning(request: Request, subscriber: Subscriber) -> str:
    """What else is lost by who holds a role."""
    if subscriber.role is Role.MEMBER:
        return ""
    if subscriber.role is Role.OWNER and await _is_only_owner(request):
        return addressed(
            request.office,
            "Lưu ý: {you} là người quản lý hệ thống duy nhất. Sau khi xóa, phải chạy lệnh "
            "bantin init --owner-code trên máy chủ để lấy mã cho người quản lý mới.",
        )
    return f"Lưu ý: quyền “{ROLE_NAMES[subscriber.role]}” cũng mất theo."


async def _is_only_owner(request: Request) -> bool:
    async with request.database.transaction() as tx:
        owners = await tx.subscribers.with_role(Role.OWNER)
    return len({owner.id for owner, _ in owners}) <= 1


async def _erase(request: Request, subscriber_id: int) -> Reply:
    async with request.database.transaction() as tx:
        places = await read_places(request, tx)
        await tx.deliveries.cancel_for(subscriber_id, request.now)
        if await tx.subscribers.erase(subscriber_id, request.now):
            await record(tx, request, "erased", subscriber_id)
    return Reply(
        text=paragraphs(
            "Đã xóa: mã và tên của cuộc trò chuyện, lựa chọn nhận tin, tổ chức, vai trò.",
            _about_other_places(places),
            "Còn lại số tin đã gửi và nhật ký thao tác, không kèm tên và mã cuộc trò chuyện.",
            "Khi nào muốn nhận tin trở lại, gửi /dangky.",
        )
    )


COMMAND = Command(
    name="xoadulieu",
    aliases=("xóa dữ liệu", "xóa dữ liệu của tôi"),
    help="Xóa dữ liệu đã lưu.",
    run=erase,
    changes_chat=True,
)

"""/huy: asks once, ends the subscription, keeps the choices until they are erased."""

from bot.commands.command import Command, Reply, Request
from bot.commands.consent import not_subscribed
from bot.commands.journal import record
from bot.commands.wording import button, paragraphs

STOP = "yes"
KEEP = "no"


async def stop(request: Request) -> Reply:
    if request.subscriber is None:
        return not_subscribed(request)
    if request.choice == STOP:
        return await _stop(request, request.subscriber.id)
    if not request.is_subscribed:
        return not_subscribed(request)
    if request.choice == KEEP:
        return Reply(text=paragraphs("Vẫn nhận tin như trước."))
    question = "Dừng gửi tin vào nhóm này?" if request.in_group else "Dừng nhận tin?"
    return Reply(
        text=paragraphs(question, "Các lựa chọn được giữ lại, để khi cần thì nhận tin trở lại."),
        buttons=(
            (button("Có, dừng nhận tin", "huy", STOP),),
            (button("Không, giữ nguyên", "huy", KEEP),),
        ),
    )


async def _stop(request: Request, subscriber_id: int) -> Reply:
    async with request.database.transaction() as tx:
        if await tx.subscribers.deactivate(subscriber_id, request.now):
            await record(tx, request, "stopped", subscriber_id)
        await tx.deliveries.cancel_for(subscriber_id, request.now)
    return Reply(
        text=paragraphs(
            "Đã dừng nhận tin.",
            "Muốn nhận tin trở lại: gửi /dangky.\nMuốn xóa dữ liệu đã lưu: gửi /xoadulieu.",
        )
    )


COMMAND = Command(
    name="huy",
    aliases=(
        "hủy đăng ký",
        "hủy đăng kí",
        "hủy nhận tin",
        "dừng",
        "dừng nhận tin",
        "ngừng",
        "ngưng",
        "ngừng nhận tin",
        "thôi nhận tin",
        "không nhận tin",
        "không nhận tin nữa",
        "không nhận nữa",
        "tắt tin",
        "stop",
    ),
    help="Dừng nhận tin.",
    run=stop,
    changes_chat=True,
)

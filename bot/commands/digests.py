"""/gionhan: each article at once, or one digest a day at an hour."""

from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.consent import not_subscribed
from bot.commands.overview import SETTINGS, overview
from bot.commands.preferences import rhythm
from bot.commands.wording import TICK, Rows, button, lines, paragraphs, ticked
from jobs.messenger import Button
from storage.records import Subscriber

AT_ONCE = "now"
_AT_ONCE = "Từng tin ngay khi có"
HOURS = (6, 7, 11, 17, 19)  # in Viet Nam


async def choose_hour(request: Request) -> Reply:
    subscriber = request.subscriber
    if subscriber is None or not request.is_subscribed:
        return not_subscribed(request)
    if request.choice:
        return await _choose(request, subscriber)
    return Reply(
        text=paragraphs(
            "Nhận tin vào lúc nào?",
            lines(
                f"Đang chọn: {rhythm(subscriber)}.",
                "Thông báo của cơ quan luôn được gửi riêng, không chờ bản tổng hợp.",
            ),
        ),
        buttons=_rows(subscriber) if request.has_buttons else _others(subscriber),
        back=SETTINGS,
    )


def _rows(subscriber: Subscriber) -> Rows:
    return (
        (_button(_AT_ONCE, None, subscriber),),
        *(
            tuple(_button(f"{hour} giờ", hour, subscriber) for hour in row)
            for row in (HOURS[:3], HOURS[3:])
        ),
    )


def _others(subscriber: Subscriber) -> Rows:
    """All but the chosen one: so a typed 6 is never the sixth, which is another hour."""
    each = (button for row in _rows(subscriber) for button in row)
    return tuple((button,) for button in each if not button.label.startswith(TICK))


def _button(label: str, hour: int | None, subscriber: Subscriber) -> Button:
    is_chosen = hour == subscriber.digest_hour
    return button(ticked(label, is_chosen), "gionhan", AT_ONCE if hour is None else str(hour))


async def _choose(request: Request, subscriber: Subscriber) -> Reply:
    hours = {AT_ONCE: None} | {str(hour): hour for hour in HOURS}
    if request.choice not in hours:
        raise CommandError("Không có giờ này. Gửi /gionhan để chọn lại.")
    hour = hours[request.choice]
    if hour == subscriber.digest_hour:  # pressed twice: what waits for the digest still waits
        return await overview(request, "Đã lưu.")
    async with request.database.transaction() as tx:
        await tx.subscribers.read_digests(subscriber.id, hour, request.now)
    if subscriber.digest_hour is None:
        return await overview(request, "Đã lưu.")
    since_then = "Tin có từ bản tổng hợp gần nhất đến nay không gửi lại, xem bằng /moinhat."
    return await overview(request, f"Đã lưu. {since_then}")


COMMAND = Command(
    name="gionhan",
    aliases=("giờ nhận tin",),
    help="Chọn giờ nhận tin.",
    run=choose_hour,
    changes_chat=True,
    in_menu=False,  # /caidat leads to it
)

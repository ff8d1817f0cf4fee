"""/tinquahan: news that came too late to be sent by itself, offered as one digest."""

from collections.abc import Sequence

from bot.commands.command import Command, CommandError, Reply, Request
from bot.commands.wording import Rows, button, counted, lines, paragraphs
from jobs.late_news import compose_late, find_late
from jobs.watch import LATE_NEWS
from storage.records import LateNews, Role

NAME = "tinquahan"
SEND = "send"
DROP = "drop"
_SHOWN = 10
NONE_LEFT = "Không có tin nào quá hạn cần gửi."


async def late_news(request: Request) -> Reply:
    async with request.database.transaction() as tx:
        late = await find_late(tx, request.now)
        if not late:
            return Reply(text=paragraphs(NONE_LEFT))
        if request.choice not in {SEND, DROP}:
            return _question(late)
        people = await compose_late(tx, request.now) if request.choice == SEND else 0
        if request.choice == DROP:
            await tx.bulletins.mark_offered([each.bulletin_id for each in late], request.now)
        await tx.alarms.forget(LATE_NEWS)
        await tx.audit.record(
            f"late_news_{request.choice}",
            at=request.now,
            actor_id=request.actor_id,
            detail=f"articles:{len(late)} people:{people}",
        )
    return Reply(text=paragraphs(_done(request.choice, len(late), people)))


def choices() -> Rows:
    return (
        (button("Gửi một bản tổng hợp", NAME, SEND),),
        (button("Không gửi nữa", NAME, DROP),),
    )


def _question(late: Sequence[LateNews]) -> Reply:
    titles = (f"- {each.title}" for each in late[:_SHOWN])
    more = len(late) - _SHOWN
    return Reply(
        text=paragraphs(
            f"{counted(len(late), 'tin')} quá hạn, chưa gửi được tới đủ người nhận:",
            lines(*titles, f"và {counted(more, 'tin')} khác" if more > 0 else ""),
            "Nếu gửi, mỗi người nhận một bản tổng hợp gồm những tin mà người đó chưa nhận được.",
        ),
        buttons=choices(),
    )


def _done(choice: str, articles: int, people: int) -> str:
    if choice == DROP:
        return f"Sẽ không gửi {counted(articles, 'tin')} quá hạn nữa. Xem lại bằng /moinhat."
    if not people:
        raise CommandError("Không có ai cần nhận những tin này.")
    return f"Đang gửi bản tổng hợp tới {counted(people, 'nơi')} nhận tin."


COMMAND = Command(
    name=NAME,
    aliases=("tin quá hạn",),
    help="Xem và gửi gộp những tin đã quá hạn.",
    run=late_news,
    role=Role.ADMIN,
    in_menu=False,
)

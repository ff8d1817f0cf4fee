"""/start: who this is, and the consent question; in a group, who can set it up."""

from bot.commands.command import Command, Reply, Request
from bot.commands.consent import DECLINED, consent_question
from bot.commands.owner import answer_code
from bot.commands.preferences import rhythm_line
from bot.commands.wording import addressed, bulletin_of, button, paragraphs


async def introduce(request: Request) -> Reply:
    """A deep link may bring a code along: core.telegram.org/bots/features#deep-linking."""
    if request.argument and (about_code := await answer_code(request, request.argument)):
        return about_code
    if request.is_subscribed:
        return _already_here(request)
    if request.choice == DECLINED:
        return _declined(request)
    return consent_question(request)


def _already_here(request: Request) -> Reply:
    who = "Nhóm này" if request.in_group else "{You}"
    return Reply(
        text=paragraphs(
            addressed(request.office, f"{who} đang nhận {bulletin_of(request.office)}."),
            f"{rhythm_line(request.subscriber)}." if request.subscriber else "",
        ),
        buttons=(
            (button("Xem tin mới nhất", "moinhat"),),
            (button("Cài đặt", "caidat"), button("Hướng dẫn", "trogiup")),
        ),
    )


def _declined(request: Request) -> Reply:
    stored = "" if request.subscriber is not None else " và không lưu dữ liệu nào"
    return Reply(
        text=paragraphs(
            f"Bản tin sẽ không gửi tin{stored}.",
            "Khi nào muốn nhận tin, chỉ cần gửi /dangky. "
            "Chưa đăng ký vẫn xem được tin bằng /moinhat.",
        )
    )


COMMAND = Command(
    name="start",
    aliases=("bắt đầu",),
    help="Giới thiệu Bản tin.",
    run=introduce,
    in_menu=False,
)

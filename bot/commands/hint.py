"""What is answered to words that are no command, and to buttons that do nothing any more."""

from bot.commands.command import Reply, Request
from bot.commands.registry import suggest
from bot.commands.wording import button, paragraphs
from jobs.messenger import Button
from jobs.rich_text import plain

GONE_BUTTON = "Nút này không còn dùng được."


def hint(request: Request) -> Reply:
    text = request.incoming.text
    if not text.strip():
        return _useful(request, "Bản tin chỉ đọc được chữ.")
    meant = suggest(text, request.role)
    if meant is None:
        return _useful(request, "Bản tin chưa hiểu câu này.")
    wish = meant.help.removesuffix(".")
    first = button(wish, meant.name)
    return _useful(
        request, f"Bản tin chưa hiểu câu này. Nếu ý là “{wish}”, chọn mục đầu tiên.", first
    )


def gone_button(request: Request) -> Reply:
    if request.in_group:
        return Reply(text=plain(""), edit=False, toast=GONE_BUTTON)
    return _useful(request, GONE_BUTTON, toast=GONE_BUTTON)


def _useful(request: Request, what: str, *first: Button, toast: str = "") -> Reply:
    own = (
        ("Cài đặt nhận tin", "caidat") if request.is_subscribed else ("Đăng ký nhận tin", "dangky")
    )
    usual = (
        button("Xem tin mới nhất", "moinhat"),
        button(*own),
        button("Xem hướng dẫn", "trogiup"),
    )
    suggested = {each.data for each in first}
    shown = (*first, *(each for each in usual if each.data not in suggested))
    return Reply(
        text=paragraphs(what, "Chọn một việc dưới đây, hoặc gửi /trogiup để xem hướng dẫn."),
        buttons=tuple((each,) for each in shown),
        edit=False,
        toast=toast,
    )

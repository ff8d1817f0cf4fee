"""/nguon: each source and its health, for admins; a button has all read again."""

from bot.commands.command import Command, Reply, Request
from bot.commands.health import health_lines
from bot.commands.wording import button, paragraphs
from jobs.rich_text import bold, join, plain
from storage.records import Role

READ_AGAIN = "now"


async def show_sources(request: Request) -> Reply:
    async with request.database.transaction() as tx:
        if request.choice == READ_AGAIN:
            await tx.sources.visit_now(request.now)
        sources = await tx.sources.all()
    if not sources:
        add = "Thêm nguồn tin trên máy chủ bằng lệnh: bantin source add"
        return Reply(text=paragraphs("Chưa có nguồn tin nào.", add))
    if request.choice == READ_AGAIN:
        return Reply(
            text=paragraphs("Các nguồn tin sẽ được đọc lại ngay. Xem kết quả sau ít phút."),
            buttons=((button("Xem kết quả", "nguon"),),),
            toast="Sẽ đọc lại ngay",
        )
    each = (join(bold(one.name), plain(health_lines(one)), between="\n") for one in sources)
    return Reply(
        text=join(*each, between="\n\n"),
        buttons=((button("Đọc lại ngay", "nguon", READ_AGAIN),),),
    )


COMMAND = Command(
    name="nguon",
    aliases=("nguồn tin", "nguồn"),
    help="Xem các nguồn tin.",
    run=show_sources,
    role=Role.ADMIN,
)

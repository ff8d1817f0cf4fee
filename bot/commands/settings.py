"""/caidat: what is chosen, with a button to change each."""

from bot.commands.command import Command, Reply, Request
from bot.commands.overview import overview


async def show_settings(request: Request) -> Reply:
    return await overview(request, "Cài đặt nhận tin")


COMMAND = Command(
    name="caidat",
    aliases=("cài đặt", "tạm dừng"),
    help="Xem và đổi cài đặt nhận tin.",
    run=show_settings,
)

"""Opens all bots that the settings name, and listens for those that are called."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.bots.office_bot import CannotStart, House, OfficeBot
from bot.bots.telegram import open_telegram
from bot.bots.tokens import forget_absent
from bot.bots.zalo import hooks_for, open_zalo
from bot.settings import Settings
from bot.web.server import AddressTaken, serving


def check_tokens(settings: Settings) -> None:
    """Raises CannotStart."""
    if settings.telegram_token is None and not settings.each_zalo_token:
        raise CannotStart(
            "Chưa có mã bot Telegram (telegram_token) hay Zalo (zalo_tokens). "
            "Hãy chạy: bantin init"
        )


@asynccontextmanager
async def open_bots(house: House) -> AsyncIterator[list[OfficeBot]]:
    """Raises CannotStart."""
    settings = house.settings
    check_tokens(settings)
    hooks = hooks_for(settings)
    async with AsyncExitStack() as stack:
        bots = []
        if settings.telegram_token is not None:
            bots.append(await stack.enter_async_context(open_telegram(house)))
        bots += [
            await stack.enter_async_context(open_zalo(house, token, hooks))
            for token in settings.each_zalo_token
        ]
        await forget_absent(house.database, {bot.row.id for bot in bots})
        if settings.each_zalo_token and settings.zalo_webhook_url:
            host, port = settings.web_address
            try:
                await stack.enter_async_context(serving(hooks, host=host, port=port))
            except AddressTaken as error:
                raise CannotStart(
                    f"Không mở được {error} để nhận tin từ Zalo: có chương trình khác đang dùng, "
                    "hoặc máy không có địa chỉ đó. Hãy đổi web_listen."
                ) from error
        yield bots

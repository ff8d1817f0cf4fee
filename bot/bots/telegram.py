"""The office's bot on Telegram."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from bot.bots.menu_keeper import MenuKeeper
from bot.bots.office_bot import CannotStart, House, OfficeBot
from bot.bots.tokens import note_accepted
from bot.commands.dispatch import FrontDesk
from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.platforms.telegram.updates import Receiver
from bot.settings import Settings
from jobs.line import Line
from jobs.pacing import Pacer
from storage.records import Platform

MOST_AT_ONCE = 256  # sends in flight: 1000 a second, each answered within a quarter of one


def office_bot(settings: Settings) -> AbstractAsyncContextManager[TelegramBot]:
    """Says nothing to Telegram yet. Raises CannotStart."""
    proxy = settings.telegram_proxy
    return open_bot(
        _token(settings),
        api_url=settings.telegram_api_url,
        proxy=proxy.get_secret_value() if proxy else None,
    )


@asynccontextmanager
async def open_telegram(house: House) -> AsyncIterator[OfficeBot]:
    """Says nothing to Telegram yet: news is collected also while it cannot be reached."""
    settings, database, clock = house.settings, house.database, house.clock
    row = await house.register(Platform.TELEGRAM, _token(settings))
    async with office_bot(settings) as bot:
        messenger = TelegramMessenger(bot)
        pacer = Pacer(
            clock,
            slots=house.slots(row.id),
            per_second=settings.messages_per_second,
            paid_per_second=settings.paid_messages_per_second,
        )
        receiver = Receiver(
            bot=bot,
            bot_id=row.id,
            handler=FrontDesk(database=database, office=house.office, clock=clock, bot_id=row.id),
            messenger=messenger,
            pacer=pacer,
            clock=clock,
            apology=house.apology,
            accepted=partial(note_accepted, database, row, clock),
        )
        menu = MenuKeeper(
            bot=bot, database=database, clock=clock, on_several=len(settings.platforms) > 1
        )
        yield OfficeBot(
            row=row,
            line=Line(messenger=messenger, pacer=pacer, at_once=MOST_AT_ONCE),
            works=(receiver.run, menu.run),
        )


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise CannotStart("Chưa có mã bot Telegram (telegram_token). Hãy chạy: bantin init")
    return settings.telegram_token.get_secret_value()

"""What becomes of a bot whose token the platform takes or refuses; the admins are told."""

import logging
from collections.abc import Collection

from jobs.clock import Clock
from storage.database import Database
from storage.problems import DatabaseBusy
from storage.records import Bot, Platform

logger = logging.getLogger(__name__)

TOKEN_REFUSED = "token_refused"  # noqa: S105 - an alarm's kind

_NEW_TOKEN = {
    Platform.TELEGRAM: "Telegram không nhận mã bot này. Hãy lấy mã mới ở @BotFather: bantin init",
    Platform.ZALO: (
        "Zalo không nhận mã của bot {account}. Hãy lấy mã mới ở Zalo Bot Creator: bantin init"
    ),
}
_TOLD = {
    Platform.TELEGRAM: "Telegram không nhận mã bot (token) nữa nên không gửi được tin qua đó. "
    "Cần người vận hành lấy mã mới ở @BotFather.",
    Platform.ZALO: "Zalo không nhận mã (token) của bot {account} nữa nên không gửi được tin qua "
    "bot đó. Cần người vận hành lấy mã mới ở Zalo Bot Creator.",
}


def sentence(bot: Bot) -> str:
    """For the person who runs it, when nothing else is left."""
    return _NEW_TOKEN[bot.platform].format(account=bot.account)


async def note_refused(database: Database, bot: Bot, clock: Clock) -> None:
    """Its platform counts as down from now on: others may take over what waits for it."""
    logger.error(
        "the platform refuses a bot's token, nothing goes through this bot until it is replaced",
        extra={"action": "token_refused", "platform": bot.platform, "account": bot.account},
    )
    text, now = _TOLD[bot.platform].format(account=bot.account), clock.now()
    try:
        async with database.transaction() as tx:
            await tx.alarms.raise_(TOKEN_REFUSED, str(bot.id), text, now)
            await tx.bots.mark_down(bot.id, now)
    except DatabaseBusy:
        logger.warning("the database is busy", extra={"action": "alarm_waits"})


async def note_accepted(database: Database, bot: Bot, clock: Clock) -> None:
    try:
        async with database.transaction() as tx:
            await tx.alarms.clear(TOKEN_REFUSED, str(bot.id), clock.now())
            await tx.bots.mark_up(bot.id)
    except DatabaseBusy:
        logger.warning("the database is busy", extra={"action": "alarm_waits"})


async def forget_absent(database: Database, present: Collection[int]) -> None:
    """Of bots whose tokens were taken out of the settings nothing more is told."""
    async with database.transaction() as tx:
        for bot in await tx.bots.all():
            if bot.id not in present:
                await tx.alarms.forget(TOKEN_REFUSED, str(bot.id))

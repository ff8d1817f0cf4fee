"""Tells Telegram which commands to show to whom."""

import logging
from collections.abc import Mapping, Sequence

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.platforms.telegram.errors import translate
from jobs.messenger import ChatGone, Rejected

logger = logging.getLogger(__name__)

Menu = Sequence[tuple[str, str]]  # command and what it does


async def publish_menu(
    bot: Bot, *, private: Menu, groups: Menu, group_admins: Menu, staff: Mapping[str, Menu]
) -> None:
    """`staff`: what single persons see, by private chat; () is what everybody sees.

    Raises SendError, but not Rejected: a menu that Telegram does not take is logged, as is a
    person of the staff who cannot be reached. To ask again would change neither.
    """
    await _publish_for_all(bot, private, BotCommandScopeAllPrivateChats())
    await _publish_for_all(bot, groups, BotCommandScopeAllGroupChats())
    await _publish_for_all(bot, group_admins, BotCommandScopeAllChatAdministrators())
    for chat, menu in staff.items():
        try:
            await _publish(bot, menu, BotCommandScopeChat(chat))
        except (ChatGone, Rejected) as error:
            logger.warning(
                "a person's command menu could not be set: %s",
                error,
                extra={"action": "menu_failed"},
            )


async def _publish_for_all(bot: Bot, menu: Menu, scope: BotCommandScope) -> None:
    try:
        await _publish(bot, menu, scope)
    except Rejected as error:
        logger.error(  # noqa: TRY400 - the traceback says nothing more
            "Telegram does not take the command menu of %s: %s",
            scope.type,
            error,
            extra={"action": "menu_refused"},
        )


async def _publish(bot: Bot, menu: Menu, scope: BotCommandScope) -> None:
    try:
        if menu:
            await bot.set_my_commands(list(menu), scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        raise translate(error) from None

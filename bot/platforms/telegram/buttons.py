"""Ends the waiting sign on pressed buttons."""

import logging
from dataclasses import dataclass
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

logger = logging.getLogger(__name__)

_TOAST_LIMIT: Final = 200  # characters; core.telegram.org/bots/api#answercallbackquery, 2026-01


@dataclass(frozen=True, slots=True)
class PressedButtons:
    bot: Bot

    async def release(self, query: str, toast: str = "", *, alert: bool = False) -> None:
        """Never fails."""
        try:
            await self.bot.answer_callback_query(
                query, text=toast[:_TOAST_LIMIT] or None, show_alert=alert
            )
        except TelegramError as error:  # often: the button was pressed too long ago
            logger.info(
                "a pressed button could not be answered: %s",
                type(error).__name__,
                extra={"action": "button_not_answered"},
            )

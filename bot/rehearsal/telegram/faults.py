"""What can go wrong on request here: for one chat and method, or for all."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from bot.rehearsal.faults import AnyFault, Faults
from bot.rehearsal.telegram.records import Json

DESCRIPTIONS = {
    HTTPStatus.BAD_REQUEST: "Bad Request: chat not found",
    HTTPStatus.FORBIDDEN: "Forbidden: bot was blocked by the user",
}


@dataclass(slots=True, kw_only=True)
class Fault(AnyFault):
    """Applies to one chat, or to all where None."""

    MESSAGES: ClassVar = frozenset(
        {
            "sendMessage",
            "sendPhoto",
            "sendDocument",
            "sendMediaGroup",
            "editMessageText",
            "editMessageCaption",
            "editMessageMedia",
            "editMessageReplyMarkup",
        }
    )
    chat: int | None = None

    def concerns(self, method: str, chat: int | None) -> bool:
        return self.concerns_method(method) and self.chat in {None, chat}

    def to_json(self) -> Json:
        return AnyFault.to_json(self) | {"chat": self.chat}


TelegramFaults = Faults[Fault]

"""What can go wrong on request here: for one bot, chat and method, or for all."""

from dataclasses import dataclass
from typing import ClassVar

from bot.rehearsal.faults import AnyFault, Faults
from bot.rehearsal.zalo.records import Json


@dataclass(slots=True, kw_only=True)
class Fault(AnyFault):
    """Applies to one bot and chat, or to all where empty. A code 403 is a server error here."""

    MESSAGES: ClassVar = frozenset({"sendMessage", "sendPhoto", "sendSticker", "sendVoice"})
    account: str = ""  # of the bot
    chat: str = ""

    def concerns(self, account: str, method: str, chat: str) -> bool:
        is_there = self.account in {"", account} and self.chat in {"", chat}
        return is_there and self.concerns_method(method)

    def to_json(self) -> Json:
        return AnyFault.to_json(self) | {"chat": self.chat}


ZaloFaults = Faults[Fault]

"""Who administers a group, asked of Telegram and remembered for a minute."""

from typing import Final

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.platforms.telegram.errors import translate
from jobs.clock import Clock
from jobs.messenger import ChatGone, Rejected

_REMEMBERED_SECONDS: Final = 60.0
_ADMINS: Final = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


class ChatAdmins:
    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[bool, float]] = {}

    async def include(self, chat: str, person: str) -> bool:
        """Raises SendError when Telegram does not answer.

        Then nothing is changed and the person is told to try again: "no" would be a lie to an
        admin and would stand in the audit as a refusal.
        """
        now = self._clock.monotonic()
        self._known = {key: known for key, known in self._known.items() if known[1] > now}
        if (chat, person) not in self._known:
            answer = await self._ask(chat, person)
            self._known[chat, person] = (answer, now + _REMEMBERED_SECONDS)
        return self._known[chat, person][0]

    async def _ask(self, chat: str, person: str) -> bool:
        try:
            member = await self._bot.get_chat_member(chat, int(person))
        except TelegramError as error:
            meaning = translate(error)
            if isinstance(meaning, (ChatGone, Rejected)):
                return False  # Telegram answered: it knows no such member, or does not tell
            raise meaning from None
        return member.status in _ADMINS

"""Sends and edits on Telegram; every way to fail is said in delivery's words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from telegram import LinkPreviewOptions
from telegram.error import BadRequest, TelegramError

from bot.platforms.telegram.bot import TelegramBot
from bot.platforms.telegram.errors import is_not_modified, translate
from bot.platforms.telegram.letter import letter_of
from bot.platforms.telegram.markup import TEXT_LIMIT, entities_of, keyboard_of, parts_of
from jobs.messenger import Address, Capabilities, Content, MaybeSent, Part
from storage.records import Platform

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_LETTERS: Final = 64  # parts of the bulletins that go out at the same time


class TelegramMessenger:
    """A jobs.messenger.Messenger."""

    def __init__(self, bot: TelegramBot) -> None:
        self._bot = bot
        self._letter_of = lru_cache(_LETTERS)(letter_of)

    @property
    def platform(self) -> Platform:
        return Platform.TELEGRAM

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(text_limit=TEXT_LIMIT, buttons=True, edits=True)

    def render(self, content: Content) -> Sequence[Part]:
        return parts_of(content)

    async def ping(self) -> None:
        with _in_our_words():
            await self._bot.get_me()

    async def send(self, to: Address, part: Part) -> str:
        letter = self._letter_of(part)
        body = letter.to(to)
        with _in_our_words():
            message = await self._bot.send_encoded(letter.method, body)
            return str(int(message["message_id"]))

    async def edit(self, to: Address, message_id: str, part: Part) -> None:
        """Of a message that is text; nothing edits what has an attachment.

        Raises also MessageGone, a Rejected, when there is no such message any more.
        """
        number = int(message_id)
        entities, keyboard = entities_of(part.text), keyboard_of(part.buttons)
        with _in_our_words():
            try:
                await self._bot.edit_message_text(
                    chat_id=to.chat,
                    message_id=number,
                    text=part.text.text,
                    entities=entities,
                    reply_markup=keyboard,
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as error:
                if not is_not_modified(error):
                    raise


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Without a cause: PTB's texts may hold the token, an address or the server's whole answer."""
    try:
        yield
    except TelegramError as error:
        raise translate(error) from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # no message's id in a 200: Telegram has it, under an id that is not known
        raise MaybeSent(f"the answer could not be read ({type(error).__name__})") from None

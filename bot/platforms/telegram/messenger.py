"""Sends and edits on Telegram; every way to fail is said in delivery's words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import BadRequest, TelegramError

from bot.platforms.telegram.errors import is_not_modified, translate
from bot.platforms.telegram.markup import TEXT_LIMIT, entities_of, keyboard_of, parts_of
from jobs.messenger import Address, Capabilities, Content, MaybeSent, Part
from storage.records import AttachmentKind, Platform

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class TelegramMessenger:
    """A jobs.messenger.Messenger."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

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
        how: dict[str, Any] = {
            "chat_id": to.chat,
            "message_thread_id": int(to.thread) if to.thread else None,
            "reply_markup": keyboard_of(part.buttons),
            "disable_notification": part.silent,
        }
        with _in_our_words():
            message = await self._post(part, how)
            return str(message.message_id)

    async def _post(self, part: Part, how: dict[str, Any]) -> Message:
        text, entities, file = part.text.text, entities_of(part.text), part.attachment
        if file is None:
            return await self._bot.send_message(
                text=text, entities=entities, link_preview_options=_NO_PREVIEW, **how
            )
        how = {"caption": text or None, "caption_entities": entities, **how}
        match file.kind:
            case AttachmentKind.PHOTO:
                return await self._bot.send_photo(photo=file.file_id, **how)
            case AttachmentKind.DOCUMENT:
                return await self._bot.send_document(document=file.file_id, **how)

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
        # PTB could not read the Message in a 200: Telegram has it, its id is not known.
        raise MaybeSent(f"the answer could not be read ({type(error).__name__})") from None

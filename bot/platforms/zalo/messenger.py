"""Sends on Zalo; every way to fail is said in delivery's words."""

from collections.abc import Sequence
from typing import NoReturn

from bot.platforms.errors import MessageGone
from bot.platforms.events import Json
from bot.platforms.zalo.client import ZaloClient
from bot.platforms.zalo.errors import StylesRefused
from bot.platforms.zalo.render import TEXT_LIMIT, parts_of, styles_of
from jobs.messenger import Address, Capabilities, Content, Part
from storage.records import Platform


class ZaloMessenger:
    """A jobs.messenger.Messenger. A send costs one message of the month's, a failed one none."""

    def __init__(self, client: ZaloClient) -> None:
        self._client = client
        self._takes_styles = True  # newer than the platform; some accounts may not have it

    @property
    def platform(self) -> Platform:
        return Platform.ZALO

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(text_limit=TEXT_LIMIT, buttons=False, edits=False)

    def render(self, content: Content) -> Sequence[Part]:
        return parts_of(content)

    async def ping(self) -> None:
        await self._client.who_am_i()

    async def send(self, to: Address, part: Part) -> str:
        try:
            return await self._send(to, part)
        except StylesRefused:
            if not self._takes_styles:
                raise
            self._takes_styles = False
        return await self._send(to, part)

    async def edit(self, to: Address, message_id: str, part: Part) -> NoReturn:  # noqa: ARG002 - as promised
        """Zalo changes no message. Always raises MessageGone, a Rejected."""
        raise MessageGone("Zalo changes no message")

    async def _send(self, to: Address, part: Part) -> str:
        if part.attachment is not None:
            caption: Json = {"caption": part.text.text} if part.text.text else {}
            photo = part.attachment.file_id
            told = await self._client.call("sendPhoto", chat_id=to.chat, photo=photo, **caption)
        else:
            styles = styles_of(part.text) if self._takes_styles else []
            styled: Json = {"text_styles": styles} if styles else {}
            told = await self._client.call(
                "sendMessage", chat_id=to.chat, text=part.text.text, **styled
            )
        # taken, also where no id is told: nothing here ever asks for it again
        return str(told.get("message_id") or "") if isinstance(told, dict) else ""

"""Says what the bot answers: paced, in the order of each chat, tried again a few times."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from bot.commands.command import Incoming, Reply
from bot.platforms.errors import MessageGone
from jobs.messenger import (
    PLATFORM_NAMES,
    Address,
    ChatGone,
    ChatMoved,
    Content,
    Messenger,
    Part,
    Rejected,
    SendError,
    Throttled,
    TokenRefused,
    Unreachable,
)
from jobs.pacing import Pacer
from jobs.rich_text import RichText
from storage.records import ChatKind

logger = logging.getLogger(__name__)

_TRIES: Final = 4
_MOST_WAITING: Final = 20  # of one chat; who hammers is heard, but not answered each time
_NOT_SHOWN: Final = (
    "Không hiển thị được nội dung xem trước: {platform} không nhận ảnh hoặc tài liệu này. "
    "Cần gửi lại ảnh hoặc tài liệu cho Bản tin."
)


@dataclass(slots=True)
class _Line:
    """The replies of one chat that are not out yet."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    newest: dict[str, Reply] = field(default_factory=dict)  # message id → its latest edit


class Replies:
    def __init__(self, messenger: Messenger, pacer: Pacer) -> None:
        self._messenger = messenger
        self._pacer = pacer
        self._lines: dict[str, _Line] = {}

    async def say(self, reply: Reply, incoming: Incoming) -> None:
        """Returns when it is out or was given up, which is logged. Raises no SendError.

        What stands `above` comes first, so the reply then comes below it, also when it would
        have changed the pressed button's message: that one stays as it is.
        """
        can_edit = self._messenger.capabilities.edits
        edits = can_edit and reply.edit and reply.above is None
        address, message_id = incoming.address, incoming.message_id if edits else ""
        line = self._lines.setdefault(address.chat, _Line())
        if line.waiting >= _MOST_WAITING and not message_id:
            logger.warning(
                "a chat asks faster than it may be answered",
                extra={"action": "reply_dropped", "bot_id": incoming.bot_id},
            )
            return
        line.waiting += 1
        if message_id:
            line.newest[message_id] = reply
        try:
            async with line.turn:
                is_outdated = message_id and line.newest[message_id] is not reply
                if not is_outdated:
                    if reply.above is not None:
                        await self._show_above(reply.above, address)
                    await self._say_in_turn(reply.content, address, message_id)
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[address.chat]

    async def _show_above(self, content: Content, to: Address) -> None:
        """Nobody shall take what he did not see for seen: a refused file is told."""
        failure = await self._say_in_turn(content, to)
        if isinstance(failure, Rejected) and content.attachment is not None:
            told = _NOT_SHOWN.format(platform=PLATFORM_NAMES[to.platform])
            await self._say_in_turn(Content(text=RichText(told)), to)

    async def _say_in_turn(
        self, content: Content, to: Address, message_id: str = ""
    ) -> SendError | None:
        """Why it did not get through."""
        try:
            await self._send_all(self._messenger.render(content), to, message_id)
        except SendError as error:
            logger.log(
                _level(error),
                "a reply did not get through: %s",
                error,
                extra={"action": "reply_failed"},
            )
            return error
        return None

    async def _send_all(self, parts: Sequence[Part], to: Address, message_id: str) -> None:
        for part in parts:
            to = await self._send(part, to, message_id)
            message_id = ""  # only the first part replaces a message

    async def _send(self, part: Part, to: Address, message_id: str) -> Address:
        """Where it went at last."""
        attempt = 1
        while True:
            await self._pacer.reply(to.chat, is_group=to.kind is ChatKind.GROUP)
            try:
                if message_id:
                    await self._messenger.edit(to, message_id, part)
                else:
                    await self._messenger.send(to, part)
            except SendError as error:
                if attempt == _TRIES:
                    raise
                to, message_id = self._next_try(error, attempt, to, message_id)
                attempt += 1
            else:
                return to

    def _next_try(
        self, error: SendError, attempt: int, to: Address, message_id: str
    ) -> tuple[Address, str]:
        """What may have arrived is not repeated: whoever misses an answer asks again."""
        match error:
            case MessageGone() if message_id:
                return to, ""
            case ChatMoved():
                return replace(to, chat=error.address), ""
            case Throttled():
                self._pacer.pause(error.wait, chat=None if error.whole_bot else to.chat)
            case TokenRefused():
                raise error
            case Unreachable():
                self._pacer.pause(timedelta(seconds=2**attempt), chat=to.chat)
            case _:
                raise error
        return to, message_id


def _level(error: SendError) -> int:
    match error:
        case Rejected():
            return logging.ERROR  # our bug
        case ChatGone():
            return logging.INFO
        case _:
            return logging.WARNING

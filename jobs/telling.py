"""Says something to each of some people, at the first of his chats that takes it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from jobs.clock import Clock
from jobs.line import Line
from jobs.messenger import ChatGone, Content, MaybeSent, SendError, Throttled, address_of
from jobs.rich_text import plain
from storage.records import Chat

logger = logging.getLogger(__name__)


async def tell(
    lines: Mapping[int, Line], people: Iterable[Sequence[Chat]], content: Content, clock: Clock
) -> bool:
    """Whether anybody was reached. Each of `people` are one person's chats, the best first."""
    reached = False
    for chats in people:
        for chat in chats:
            if await _tell_at(lines[chat.bot_id], chat, content, clock):
                reached = True
                break
    return reached


async def _tell_at(line: Line, chat: Chat, content: Content, clock: Clock) -> bool:
    to = address_of(chat)
    try:
        for part in line.messenger.render(_for(line, content)):
            await line.pacer.reply(to.chat, is_group=False)
            await line.messenger.send(to, part)
    except (MaybeSent, ChatGone) as error:
        return isinstance(error, MaybeSent)
    except SendError as error:
        if isinstance(error, Throttled):
            await line.throttled(error.wait, to.chat, clock, whole_bot=error.whole_bot)
        logger.warning("an admin could not be told: %s", error, extra={"action": "alarm_not_told"})
        return False
    return True


def _for(line: Line, content: Content) -> Content:
    """Where nothing can be pressed it is said what can be typed.

    Not numbered: it must not take the place of a question that is open.
    """
    if line.messenger.capabilities.buttons:
        return content
    names = {each.data.partition(":")[0]: None for row in content.buttons for each in row}
    names.pop("", None)
    if not names:
        return content
    commands = ", ".join(f"/{name}" for name in names)
    return replace(content, text=content.text + plain(f"\n\nXem và trả lời: {commands}"))

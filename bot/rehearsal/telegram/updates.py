"""What waits for the bot: updates, handed out in order and kept until an offset confirms them."""

import asyncio
from collections import deque
from http import HTTPStatus
from itertools import count

from bot.rehearsal.telegram.errors import OTHER_POLL, ApiError
from bot.rehearsal.telegram.records import Json

MOST_AT_ONCE = 100
LONGEST_POLL_SECONDS = 50
# Left out unless asked for; core.telegram.org/bots/api#getupdates
NOT_BY_DEFAULT = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"},
)


class UpdateQueue:
    def __init__(self, first_id: int) -> None:
        self._ids = count(first_id)
        self._pending: deque[Json] = deque()
        self._poll: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] = frozenset()  # empty: all but NOT_BY_DEFAULT
        self._arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def is_waited_for(self) -> bool:
        """A long poll is open."""
        return self._poll is not None and not self._poll.done()

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def push(self, kind: str, content: Json) -> None:
        """E.g. "message"; thrown away when the bot did not ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        self._pending.append({"update_id": next(self._ids), kind: content})
        self._arrived.set()
        if self._poll is not None and self.is_waited_for:
            self._poll.set_result(None)

    def drop_all(self) -> None:
        self._pending.clear()

    def allow(self, kinds: list[str] | None) -> None:
        """None keeps what was asked for before; an empty list means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    async def first(self) -> Json:
        """The oldest, as soon as there is one."""
        while not self._pending:
            self._arrived.clear()
            await self._arrived.wait()
        return self._pending[0]

    def confirm(self, update: Json) -> None:
        """It reached the bot."""
        self._confirm(update["update_id"] + 1)

    def end_poll(self, reason: str) -> None:
        if self._poll is not None and self.is_waited_for:
            self._poll.set_exception(ApiError(HTTPStatus.CONFLICT, reason))

    async def poll(self, *, offset: int, limit: int, timeout_seconds: float) -> list[Json]:
        self._confirm(offset)
        if not self._pending and timeout_seconds > 0:
            await self._wait(min(timeout_seconds, LONGEST_POLL_SECONDS))
            self._confirm(offset)
        limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        return [update for update, _ in zip(self._pending, range(limit), strict=False)]

    async def _wait(self, seconds: float) -> None:
        """The real server answers the older of two polls with 409 and lets the newer wait."""
        self.end_poll(OTHER_POLL)
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return

    def _confirm(self, offset: int) -> None:
        """Forgets what is below the offset; a negative one counts from the end."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

"""Receives for all bots; one whose token is refused stops alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.bots.office_bot import CannotStart, OfficeBot
from bot.bots.tokens import note_refused, sentence
from jobs.clock import Clock
from jobs.lease import Lease
from jobs.line import Line
from jobs.messenger import TokenRefused
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    bots: Sequence[OfficeBot]
    lines: dict[int, Line]  # by bot; of one that stops it is taken out
    lease: Lease
    database: Database
    clock: Clock

    async def run(self) -> None:
        """Until cancelled. Raises CannotStart when no bot is left."""
        async with asyncio.TaskGroup() as tasks:
            for bot in self.bots:
                tasks.create_task(self._serve(bot))
        raise CannotStart("\n".join(sentence(bot.row) for bot in self.bots))

    async def _serve(self, bot: OfficeBot) -> None:
        """Returns when its token is refused."""
        try:
            await _while_held(self.lease, bot.duty, bot.works)
        except TokenRefused:
            self.lines.pop(bot.row.id, None)
            await note_refused(self.database, bot.row, self.clock)


async def _while_held(
    lease: Lease, duty: str, works: Sequence[Callable[[], Awaitable[None]]]
) -> None:
    """`works`, as long as it is this process that is to do them. Raises what they raise."""
    while True:
        await lease.until_held(duty)
        tasks = [asyncio.ensure_future(work()) for work in works]
        tasks.append(asyncio.create_task(lease.until_lost(duty)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for end in done:
                end.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

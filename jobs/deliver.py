"""Stage: delivery → messages. The intention is stored before a send, the outcome after."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from jobs.bulletin_text import article_content, broadcast_content, digest_content
from jobs.clock import Clock
from jobs.line import Line
from jobs.messenger import (
    Address,
    ChatGone,
    ChatMoved,
    Content,
    MaybeSent,
    Part,
    Rejected,
    SendError,
    Throttled,
)
from jobs.quiet import QuietHours, is_quiet
from jobs.retry import next_attempt
from storage.database import Database, Transaction
from storage.problems import DatabaseBusy, DatabaseProblem
from storage.records import BulletinKind, Chat, ChatKind, DueDelivery, Reason
from storage.repositories.subscribers import ChatAddress

logger = logging.getLogger(__name__)

AT_ONCE = 16  # sends in flight: 30 a second at half a second each
SOON = timedelta(seconds=1)
BUSY_TRIES = 300  # seconds
UNSURE_WAIT = timedelta(seconds=10)  # a late answer means the platform is busy


@dataclass(slots=True, kw_only=True)
class DeliverCounts:
    sent: int = 0
    put_back: int = 0
    failed: int = 0
    unsure: int = 0
    ended: int = 0  # expired, or nobody to write to


async def deliver_due(
    database: Database,
    lines: Mapping[int, Line],
    clock: Clock,
    *,
    office: str,
    quiet: QuietHours,
    stopping: asyncio.Event,
) -> DeliverCounts:
    """Sends what is due, by bot id, until nothing is left or `stopping` is set.

    In quiet hours only what is urgent; the rest waits for their end.
    """
    run = _Run(database=database, lines=lines, clock=clock, office=office, quiet=quiet)
    async with database.transaction() as tx:
        # in flight when the last run died: sent once more. Nothing of this run is in hand yet.
        await tx.deliveries.recover(clock.now())
        run.counts.ended = await tx.deliveries.end_hopeless(clock.now())
    in_hand: dict[int, asyncio.Task[None]] = {}  # by chat: each gets one message at a time
    async with asyncio.TaskGroup() as group:
        while not stopping.is_set():
            for due in await run.next_due(in_hand):
                in_hand[due.chat.id] = group.create_task(run.deliver(due))
            if in_hand:
                await asyncio.wait(in_hand.values(), return_when=asyncio.FIRST_COMPLETED)
                in_hand = {chat: task for chat, task in in_hand.items() if not task.done()}
            elif not await run.rested():
                break
    return run.counts


@dataclass(kw_only=True)
class _Run:
    database: Database
    lines: Mapping[int, Line]
    clock: Clock
    office: str
    quiet: QuietHours
    counts: DeliverCounts = field(default_factory=DeliverCounts)
    _parts: dict[tuple[int, int], "_Rendered"] = field(default_factory=dict)

    async def next_due(self, in_hand: Collection[int]) -> Iterable[DueDelivery]:
        """What may be started beside the chats in hand, one a chat."""
        room = AT_ONCE - len(in_hand)
        if room <= 0:
            return []
        bots = [bot_id for bot_id, line in self.lines.items() if await line.is_open()]
        if not bots:
            return []
        resting = {chat for line in self.lines.values() for chat in line.resting(self.clock)}
        try:
            due = await self._look(bots, room, resting | set(in_hand))
        except DatabaseBusy:  # what is in hand goes on
            await self.clock.sleep_until(self.clock.monotonic() + 1)
            return []
        return {each.chat.id: each for each in reversed(due)}.values()

    async def _look(
        self, bots: Collection[int], room: int, without: Collection[int]
    ) -> list[DueDelivery]:
        async with self.database.transaction() as tx:
            return await tx.deliveries.due(
                self.clock.now(),
                room,
                bot_ids=bots,
                without_chats=without,
                urgent_only=is_quiet(self.clock.now(), self.quiet),
            )

    async def rested(self) -> bool:
        """Waits for chats that may be written to soon; False when there are none."""
        now = self.clock.monotonic()
        soon = [
            ready
            for line in self.lines.values()
            if not line.is_paused
            and (ready := line.next_ready()) is not None
            and now < ready <= now + SOON.total_seconds()
        ]
        if not soon:
            return False
        await self.clock.sleep_until(min(soon))
        return True

    async def deliver(self, due: DueDelivery) -> None:
        line = self.lines[due.chat.bot_id]
        if line.rest(due.chat.id, due.chat.address, self.clock):
            return  # nobody waits in memory for his chat
        try:
            await self._send_parts(due, line)
        except SendError as error:
            await self._insist(partial(self._end, due, line, error))
        except DatabaseBusy:
            logger.warning("the database is busy", extra={"action": "delivery_waits"})
        except DatabaseProblem:
            raise
        except Exception:  # one bad delivery must not stop the others
            logger.exception(
                "delivery failed", extra={"action": "delivery_failed", "delivery_id": due.id}
            )
            await self._begin(due)  # it may have failed before
            async with self.database.transaction() as tx:
                await self._mark_unsure(tx, due)

    async def _send_parts(self, due: DueDelivery, line: Line) -> None:
        rendered = await self._rendered(due, line)
        to = _address(due.chat)
        for number in range(due.parts_sent, len(rendered.parts)):
            await line.pacer.bulk(to.chat, is_group=to.kind is ChatKind.GROUP)
            if number == due.parts_sent and not await self._begin(due):
                return  # cancelled meanwhile
            message_id = await line.messenger.send(to, rendered.parts[number])
            line.reached()
            await self._insist(partial(self._record_part, due, number, message_id, rendered))
        await self._insist(partial(self._mark_sent, due))

    async def _insist(self, write: Callable[[], Awaitable[None]]) -> None:
        """What was sent must be known: a database that is only busy is waited for."""
        for _ in range(BUSY_TRIES):
            try:
                return await write()
            except DatabaseBusy:
                logger.warning("the database is busy", extra={"action": "outcome_waits"})
                await self.clock.sleep_until(self.clock.monotonic() + 1)
        return await write()

    async def _record_part(
        self, due: DueDelivery, number: int, message_id: str, rendered: "_Rendered"
    ) -> None:
        async with self.database.transaction() as tx:
            await tx.deliveries.record_part(
                due.id,
                number,
                chat_id=due.chat.id,
                platform_message_id=message_id,
                version_id=rendered.version_id,
                now=self.clock.now(),
            )

    async def _begin(self, due: DueDelivery) -> bool:
        async with self.database.transaction() as tx:
            return await tx.deliveries.begin(due.id, due.chat.id, self.clock.now())

    async def _mark_sent(self, due: DueDelivery) -> None:
        async with self.database.transaction() as tx:
            # when all parts went out before a kill, nothing was begun this time
            await tx.deliveries.begin(due.id, due.chat.id, self.clock.now())
            await tx.deliveries.mark_sent(due.id, self.clock.now())
        self.counts.sent += 1

    async def _rendered(self, due: DueDelivery, line: Line) -> "_Rendered":
        key = (due.bulletin_id, due.chat.bot_id)
        if key not in self._parts:
            async with self.database.transaction() as tx:
                content, version_id = await _content(tx, due.bulletin_id, self.office)
            self._parts[key] = _Rendered(line.messenger.render(content), version_id)
        return self._parts[key]

    async def _end(self, due: DueDelivery, line: Line, error: SendError) -> None:
        """What a failed send means, in one place."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            match error:
                case ChatGone():
                    await tx.subscribers.mark_gone(_where(due.chat), now)
                    await tx.deliveries.give_up(due.id, Reason.CHAT_GONE, now)
                    self.counts.failed += 1
                case Rejected():
                    await tx.deliveries.give_up(due.id, Reason.REJECTED, now)
                    self.counts.failed += 1
                    logger.error(
                        "the platform refuses this content: %s",
                        error,
                        extra={"action": "delivery_rejected", "delivery_id": due.id},
                    )
                case MaybeSent():
                    line.missed()
                    await self._mark_unsure(tx, due)
                case _:
                    await self._put_back(tx, due, line, error)

    async def _mark_unsure(self, tx: Transaction, due: DueDelivery) -> None:
        now = self.clock.now()
        await tx.deliveries.mark_unsure(due.id, until=now + UNSURE_WAIT, now=now)
        self.counts.unsure += 1

    async def _put_back(
        self, tx: Transaction, due: DueDelivery, line: Line, error: SendError
    ) -> None:
        """Certainly not sent: when it is tried again."""
        now = self.clock.now()
        until, reason = now, Reason.MOVED
        match error:
            case ChatMoved(address=address):
                await tx.subscribers.move(_where(due.chat), address, now)
            case Throttled(wait=wait, whole_bot=whole_bot):
                line.pacer.pause(wait, chat=None if whole_bot else due.chat.address)
                until, reason = now + wait, Reason.THROTTLED
            case _:
                line.missed()
                until, reason = next_attempt(due.attempts + 1, now=now), Reason.UNREACHABLE
        await tx.deliveries.put_back(due.id, reason, until=until, now=now)
        self.counts.put_back += 1


@dataclass(frozen=True, slots=True)
class _Rendered:
    parts: Sequence[Part]
    version_id: int | None  # of the one article it shows


async def _content(tx: Transaction, bulletin_id: int, office: str) -> tuple[Content, int | None]:
    bulletin = await tx.bulletins.get(bulletin_id)
    if bulletin.kind is BulletinKind.BROADCAST:
        broadcast = await tx.broadcasts.of_bulletin(bulletin_id)
        if broadcast is None:
            raise LookupError("a broadcast's bulletin without its words")
        return (
            broadcast_content(
                broadcast, office=office, sent_at=bulletin.created_at, code=bulletin.code
            ),
            None,
        )
    articles = await tx.articles.of_bulletin(bulletin_id)
    if bulletin.kind is BulletinKind.DIGEST:
        content = digest_content(articles, composed_at=bulletin.created_at, code=bulletin.code)
        return content, None
    return article_content(articles[0], code=bulletin.code), articles[0].version_id


def _address(chat: Chat) -> Address:
    return Address(platform=chat.platform, chat=chat.address, thread=chat.thread, kind=chat.kind)


def _where(chat: Chat) -> ChatAddress:
    return ChatAddress(
        platform=chat.platform, bot_id=chat.bot_id, address=chat.address, thread=chat.thread
    )

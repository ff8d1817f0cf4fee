"""One bot's deliveries in hand: a few claimed ahead, sent at the bot's pace."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from jobs.clock import Clock
from jobs.contents import content_of
from jobs.line import Line
from jobs.messenger import (
    Address,
    MaybeSent,
    Part,
    Rejected,
    SendError,
    Throttled,
    Unreachable,
    address_of,
)
from jobs.outcomes import Outcomes, Released
from jobs.verdict import judge, unsure
from storage.database import Database
from storage.problems import DatabaseBusy
from storage.records import ChatKind, Claim, Ending, Outcome, Reason, SentPart
from storage.repositories.claims import Claims

logger = logging.getLogger(__name__)

_MOST_AHEAD = 256  # claimed and not sent yet
_AHEAD_SECONDS = 0.5  # a slow disk must not hold up the pace
_CLAIMED_AT_ONCE = 64  # what is due meanwhile waits a few milliseconds for each claim
_AGAIN = timedelta(seconds=1)  # for a chat that another message is just going to
_HELD_AT_MOST = timedelta(seconds=2)  # between two parts; a chat that must wait longer comes again
_LOOK_AGAIN_SECONDS = 1.0
_BULLETINS_KEPT = 32


@dataclass(slots=True, kw_only=True)
class DeliverCounts:
    sent: int = 0
    put_back: int = 0
    failed: int = 0
    unsure: int = 0
    ended: int = 0  # expired, stopped, or recovered from a dead process


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    parts: Sequence[Part]
    version_id: int | None  # of the one article it shows
    is_paid: bool


@dataclass(slots=True, kw_only=True)
class _Hand:
    """A claim with what it says, and how much of it was sent."""

    claim: Claim
    rendered: _Rendered
    part: int
    to: Address


@dataclass(kw_only=True)
class Lane:
    """Works for one bot until nothing is due for it."""

    database: Database
    bot_id: int
    line: Line
    clock: Clock
    office: str
    process_id: int
    outcomes: Outcomes
    counts: DeliverCounts
    keep_house: Callable[[], Awaitable[None]]  # called often; what the dead left is due again
    _queue: deque[_Hand] = field(default_factory=deque)
    _next_parts: deque[_Hand] = field(default_factory=deque)  # wait for their chat's second
    _sends: set[asyncio.Task[None]] = field(default_factory=set)
    _chats: set[int] = field(default_factory=set)  # in hand
    _claiming: asyncio.Task[None] | None = None
    _is_paid: bool = False  # what came last
    _dry_until: float = -1.0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _rendered: dict[int, _Rendered] = field(default_factory=dict)

    async def work(self, *, least_urgent: Callable[[], int], goes_on: Callable[[], bool]) -> None:
        """Until nothing is due, the platform rests, or `goes_on` says no."""
        await self._look_at_quota()
        try:
            while goes_on() and await self.line.is_open():
                self._collect()
                self._refill(least_urgent)
                if self._has_work():
                    await self._wait_for_room()
                    await self._dispatch(goes_on)
                elif self._claiming is not None or self._sends or self._next_parts:
                    await self._wait()
                elif self._is_dry():
                    break
        finally:
            await self._put_down()

    async def _look_at_quota(self) -> None:
        """Whether a bot that is used up may go on; else each claim looks."""
        if self.line.quota is not None and self.line.is_used_up:
            try:
                await self.line.quota.look()
            except DatabaseBusy:  # as it was seen last
                logger.warning("the database is busy", extra={"action": "quota_not_seen"})

    def _collect(self) -> None:
        """Raises DatabaseProblem when the last claim met one."""
        if self._claiming is not None and self._claiming.done():
            claiming, self._claiming = self._claiming, None
            claiming.result()

    def _refill(self, least_urgent: Callable[[], int]) -> None:
        """Claims the next ones while these are still being sent."""
        room = self._ahead() - len(self._queue)
        wanted = min((self._ahead() + 1) // 2, _CLAIMED_AT_ONCE)
        if self._claiming is None and room >= wanted and not self._is_dry():
            self._claiming = asyncio.create_task(self._claim(wanted, least_urgent()))
            self._claiming.add_done_callback(lambda _claiming: self._moved.set())

    def _ahead(self) -> int:
        rate = self.line.pacer.rate(is_paid=self._is_paid)
        return max(2, min(_MOST_AHEAD, round(rate * _AHEAD_SECONDS)))

    def _is_dry(self) -> bool:
        return self.clock.monotonic() < self._dry_until

    async def _claim(self, room: int, least_urgent: int) -> None:
        claims: list[Claim] = []
        try:
            await self.keep_house()
            claims = await self._claim_allowed(room, least_urgent)
            for claim in claims:
                await self._take_in(claim)
        except DatabaseBusy:  # what is in hand goes on
            logger.warning("the database is busy", extra={"action": "claim_waits"})
        finally:
            if not claims:
                self._dry_until = self.clock.monotonic() + _LOOK_AGAIN_SECONDS

    async def _claim_allowed(self, room: int, least_urgent: int) -> list[Claim]:
        def claim(most: int, least_urgent: int) -> Callable[[Claims], list[Claim]]:
            return lambda claims: claims.claim(
                self.process_id,
                self.bot_id,
                most,
                now=self.clock.now(),
                least_urgent=least_urgent,
            )

        quota = self.line.quota
        if quota is None:
            return await self.database.claims(claim(room, least_urgent))
        async with self.database.transaction() as tx:  # one, so that no two spend the same
            allowed = await quota.allow(
                tx, most=room, least_urgent=least_urgent, parts=self._most_parts()
            )
            return await tx.claims(claim(*allowed))

    async def _take_in(self, claim: Claim) -> None:
        try:
            rendered = await self._render(claim.bulletin_id)
        except DatabaseBusy:
            self.outcomes.add(Released(delivery_id=claim.id))
            return
        except (LookupError, ValueError):  # one bad bulletin must not stop the others
            logger.exception(
                "a bulletin cannot be rendered",
                extra={"action": "delivery_failed", "delivery_id": claim.id},
            )
            self._end(claim, Ending.FAILED, Reason.REJECTED)
            self.counts.failed += 1
            return
        if claim.parts_sent >= len(rendered.parts):  # a kill came between the last two writes
            self._end(claim, Ending.SENT)
            self.counts.sent += 1
            return
        to = address_of(claim.chat)
        self._is_paid = rendered.is_paid
        self._queue.append(_Hand(claim=claim, rendered=rendered, part=claim.parts_sent, to=to))

    async def _render(self, bulletin_id: int) -> _Rendered:
        found = self._rendered.get(bulletin_id)
        if found is None:
            async with self.database.transaction() as tx:
                bulletin = await tx.bulletins.get(bulletin_id)
                content, version_id = await content_of(tx, bulletin, office=self.office)
            parts = self.line.messenger.render(replace(content, is_paid=bulletin.is_paid))
            found = _Rendered(parts=parts, version_id=version_id, is_paid=bulletin.is_paid)
            if len(self._rendered) >= _BULLETINS_KEPT:
                del self._rendered[next(iter(self._rendered))]
            self._rendered[bulletin_id] = found
        return found

    def _most_parts(self) -> int:
        """Of what was sent last."""
        return max((len(each.parts) for each in self._rendered.values()), default=1)

    def _has_work(self) -> bool:
        return bool(self._queue) or self._has_next_part()

    def _has_next_part(self) -> bool:
        if not self._next_parts:
            return False
        return self.line.pacer.ready_in(self._next_parts[0].to.chat) <= timedelta(0)

    async def _wait_for_room(self) -> None:
        await self.outcomes.keep_up()
        while len(self._sends) >= self.line.at_once:
            await self._wait()

    async def _wait(self) -> None:
        """Until something in hand has moved."""
        self._moved.clear()
        if self._sends or self._claiming is not None:
            await self._moved.wait()
        elif self._next_parts:
            wait = min(self.line.pacer.ready_in(self._next_parts[0].to.chat), _AGAIN)
            await self.clock.sleep_until(self.clock.monotonic() + wait.total_seconds())

    async def _dispatch(self, goes_on: Callable[[], bool]) -> None:
        if self._has_next_part():
            hand = self._next_parts.popleft()
            self._chats.discard(hand.claim.chat.id)
        else:
            hand = self._queue.popleft()
        chat_id = hand.claim.chat.id
        try:
            may_leave = chat_id not in self._chats and await self.line.pacer.bulk(
                hand.to.chat,
                is_group=hand.to.kind is ChatKind.GROUP,
                is_paid=hand.rendered.is_paid,
            )
        except DatabaseBusy:  # no slot can be had: nothing was tried
            self._queue.appendleft(hand)
            await self.clock.sleep_until(self.clock.monotonic() + _LOOK_AGAIN_SECONDS)
            return
        if not may_leave:
            self._put_off(hand)
        elif self.line.is_used_up or not goes_on():  # while it waited for its slot
            self._queue.appendleft(hand)
        else:
            self._chats.add(chat_id)
            task = asyncio.create_task(self._send(hand))
            self._sends.add(task)
            task.add_done_callback(self._is_done)

    def _is_done(self, send: asyncio.Task[None]) -> None:
        self._sends.discard(send)
        self._moved.set()

    def _put_off(self, hand: _Hand) -> None:
        """Nobody waits in memory for his chat."""
        wait = max(self.line.pacer.ready_in(hand.to.chat), _AGAIN)
        self.outcomes.add(Released(delivery_id=hand.claim.id, until=self.clock.now() + wait))

    async def _send(self, hand: _Hand) -> None:
        claim, part = hand.claim, hand.rendered.parts[hand.part]
        try:
            message_id = await self.line.messenger.send(hand.to, part)
        except SendError as error:
            await self._failed(claim, error)
        except Exception:  # one bad delivery must not stop the others
            logger.exception(
                "delivery failed", extra={"action": "delivery_failed", "delivery_id": claim.id}
            )
            self.outcomes.add(unsure(claim, self.clock.now()))
            self.counts.unsure += 1
        else:
            self._sent(hand, message_id)
        if not any(each is hand for each in self._next_parts):
            self._chats.discard(claim.chat.id)

    def _sent(self, hand: _Hand, message_id: str) -> None:
        self.line.reached()
        claim = hand.claim
        self.outcomes.add(
            SentPart(
                delivery_id=claim.id,
                part=hand.part,
                chat_id=claim.chat.id,
                platform_message_id=message_id,
                version_id=hand.rendered.version_id,
                at=self.clock.now(),
            )
        )
        hand.part += 1
        wait = self.line.pacer.ready_in(hand.to.chat)
        if hand.part < len(hand.rendered.parts) and wait <= _HELD_AT_MOST:
            self._next_parts.append(hand)
        elif hand.part < len(hand.rendered.parts):
            now = self.clock.now()
            self.outcomes.add(
                Outcome(delivery_id=claim.id, ending=Ending.BACK, at=now, until=now + wait)
            )
        else:
            self._end(claim, Ending.SENT)
            self.counts.sent += 1

    async def _failed(self, claim: Claim, error: SendError) -> None:
        outcome, notes = judge(error, claim, self.clock.now())
        self.outcomes.add(outcome, *notes)
        match outcome.ending:
            case Ending.FAILED:
                self.counts.failed += 1
            case Ending.UNSURE:
                self.counts.unsure += 1
            case _:
                self.counts.put_back += 1
        match error:
            case Throttled(wait=wait, whole_bot=whole_bot):
                await self._throttled(wait, claim.chat.address, whole_bot=whole_bot)
            case MaybeSent() | Unreachable():
                self.line.missed()
            case Rejected():
                logger.error(
                    "the platform refuses this content: %s",
                    error,
                    extra={"action": "delivery_rejected", "delivery_id": claim.id},
                )
            case _:
                pass

    async def _throttled(self, wait: timedelta, chat: str, *, whole_bot: bool) -> None:
        try:
            await self.line.throttled(wait, chat, self.clock, whole_bot=whole_bot)
        except DatabaseBusy:  # this process waits, others will be told themselves
            logger.warning("the database is busy", extra={"action": "pause_not_shared"})

    def _end(self, claim: Claim, ending: Ending, reason: Reason | None = None) -> None:
        self.outcomes.add(
            Outcome(delivery_id=claim.id, ending=ending, reason=reason, at=self.clock.now())
        )

    async def _put_down(self) -> None:
        """What was not begun waits again; what is in flight may still be answered."""
        if self._claiming is not None:
            await asyncio.wait([self._claiming])
        self.outcomes.add(*(Released(delivery_id=each.claim.id) for each in self._queue))
        self._queue.clear()
        if self._sends:
            try:
                await asyncio.wait(self._sends)
            except asyncio.CancelledError:
                for send in self._sends:
                    send.cancel()
                raise
        now = self.clock.now()
        self.outcomes.add(
            *(
                Outcome(delivery_id=each.claim.id, ending=Ending.BACK, at=now, until=now + _AGAIN)
                for each in self._next_parts
            )
        )
        self._next_parts.clear()

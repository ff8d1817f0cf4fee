"""One person at two chats: whatever happens, in whatever order, no bulletin is sent twice."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.fan_out import fan_out_ready
from jobs.takeover import take_over
from storage.database import Database
from storage.records import (
    Claim,
    DeliveryState,
    Ending,
    Outcome,
    Platform,
    Reason,
)
from storage.repositories.subscribers import ChatAddress
from tests.samples import NOW, a_bulletin, a_subscriber, sent_part

PLATFORMS = (Platform.TELEGRAM, Platform.ZALO)
DOWN_FOR = timedelta(hours=1)
_NUMBERS = count(1)  # each example has bots and people of its own

ENDS = {
    "sent": Ending.SENT,
    "gone": Ending.FAILED,
    "refused": Ending.FAILED,
    "unreachable": Ending.BACK,
    "half": Ending.BACK,  # one part of two has arrived
    "maybe": Ending.UNSURE,
}
REASONS = {
    "gone": Reason.CHAT_GONE,
    "refused": Reason.REFUSED,
    "unreachable": Reason.UNREACHABLE,
}
ON = st.sampled_from(PLATFORMS)
HOW = st.sampled_from(("unreachable", "maybe", "gone", "half", "refused", "maybe", "sent"))
SENDS = st.tuples(st.just("send"), HOW)
STEPS = st.one_of(
    SENDS,
    st.just(("take_over",)),
    st.tuples(st.sampled_from(("unblock", "down", "block", "kill", "up", "prefer")), ON),
    st.tuples(st.just("claim"), ON),
    st.tuples(st.just("finish"), ON, HOW),
    SENDS,
    SENDS,
)
RESEND = st.just(("resend",))


@dataclass(kw_only=True)
class World:
    """One bulletin, and a person with a chat on each platform: as one subscriber or as two."""

    database: Database
    bots: dict[Platform, int]
    people: dict[Platform, int]
    bulletin: int
    now: datetime = NOW
    in_hand: dict[Platform, tuple[int, Claim]] = field(default_factory=dict)
    may_have_arrived: list[Platform] = field(default_factory=list)
    arrived: set[Platform] = field(default_factory=set)  # as a whole

    def at(self, platform: Platform) -> ChatAddress:
        address = f"{self.bulletin}"
        return ChatAddress(platform=platform, bot_id=self.bots[platform], address=address)

    @property
    def is_one(self) -> bool:
        return len(set(self.people.values())) == 1

    async def do(self, step: tuple[Any, ...]) -> None:
        self.now += timedelta(minutes=2)
        name, *arguments = step
        await getattr(self, f"_{name}")(*arguments)

    async def _send(self, how: str) -> None:
        """Wherever it waits."""
        for platform in PLATFORMS:
            await self._claim(platform)
            await self._finish(platform, how)

    async def _claim(self, platform: Platform) -> None:
        if platform in self.in_hand:
            return
        async with self.database.transaction() as tx:
            process = await tx.processes.begin("test", self.now, ttl=timedelta(days=999))
            claims = await tx.claims(
                lambda in_hand: in_hand.claim(
                    process, self.bots[platform], 9, now=self.now, least_urgent=2
                )
            )
        for claim in claims:
            self._may_be_sent_by(platform, is_rest=claim.parts_sent > 0)
            self.in_hand[platform] = (process, claim)

    def _may_be_sent_by(self, platform: Platform, *, is_rest: bool) -> None:
        """The rule itself."""
        if self.is_one:
            others = {*self.may_have_arrived, *self.in_hand} - {platform}
            assert not others, f"on {platform}, though it may have arrived on {others}"
        assert platform not in self.arrived
        assert is_rest or self.may_have_arrived.count(platform) <= 1

    async def _finish(self, platform: Platform, how: str) -> None:
        if platform not in self.in_hand:
            return
        process, claim = self.in_hand.pop(platform)
        parts = []
        if how in ("sent", "half"):
            parts = [sent_part(claim, self.now)]
        outcome = Outcome(
            delivery_id=claim.id,
            ending=ENDS[how],
            at=self.now,
            reason=REASONS.get(how),
            until=self.now,
        )
        async with self.database.transaction() as tx:
            await tx.claims(lambda in_hand: in_hand.record(process, parts, [outcome]))
        if how == "gone":
            await self._block(platform)
        if how == "refused":
            async with self.database.transaction() as tx:
                await tx.refusals.add(claim.chat.id, claim.id, self.now)
        if how == "sent":
            self.arrived.add(platform)
        if how in ("sent", "maybe") or (how == "half" and not claim.parts_sent):
            self.may_have_arrived.append(platform)

    async def _kill(self, platform: Platform) -> None:
        if platform not in self.in_hand:
            return
        process, _ = self.in_hand.pop(platform)
        self.may_have_arrived.append(platform)
        async with self.database.transaction() as tx:
            await tx.processes.end(process, self.now)
            await tx.claims(lambda in_hand: in_hand.recover(self.now))

    async def _down(self, platform: Platform) -> None:
        async with self.database.transaction() as tx:
            await tx.bots.mark_down(self.bots[platform], self.now - 2 * DOWN_FOR)

    async def _up(self, platform: Platform) -> None:
        async with self.database.transaction() as tx:
            await tx.bots.mark_up(self.bots[platform])

    async def _block(self, platform: Platform) -> None:
        async with self.database.transaction() as tx:
            await tx.subscribers.mark_gone(self.at(platform), self.now)

    async def _unblock(self, platform: Platform) -> None:
        async with self.database.transaction() as tx:
            await tx.subscribers.mark_back(self.at(platform))

    async def _prefer(self, platform: Platform) -> None:
        async with self.database.transaction() as tx:
            await tx.people.prefer(self.people[platform], platform, self.now)

    async def _take_over(self) -> None:
        await take_over(self.database, self.bots.values(), self.now, after=DOWN_FOR)

    async def _resend(self) -> None:
        """The office's own wish, for whom it did not reach: then one more copy is its own."""
        async with self.database.transaction() as tx:
            deliveries = await tx.outbox.of_bulletin(self.bulletin)
            await tx.deliveries.requeue_failed(self.bulletin, self.now)
        if deliveries[0].state is DeliveryState.FAILED:
            self.may_have_arrived = list(dict.fromkeys(self.may_have_arrived))

    async def link(self) -> None:
        async with self.database.transaction() as tx:
            one, other = self.people.values()
            kept = await tx.people.merge(one, other, self.now)
        self.people = dict.fromkeys(PLATFORMS, kept)


async def a_world(database: Database, *, is_one: bool) -> World:
    number = next(_NUMBERS)
    async with database.transaction() as tx:
        bots = {
            each: (await tx.bots.register(each, f"{number}", "Bản tin")).id for each in PLATFORMS
        }
    bulletin = await a_bulletin(database, key=f"k{number}")
    places = {
        each: ChatAddress(platform=each, bot_id=bots[each], address=f"{bulletin}")
        for each in PLATFORMS
    }
    people = {each: await a_subscriber(database, places[each]) for each in PLATFORMS}
    world = World(database=database, bots=bots, people=people, bulletin=bulletin)
    if is_one:
        await world.link()
    await fan_out_ready(database, NOW)
    return world


USUAL = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@USUAL
@given(steps=st.lists(STEPS | RESEND, min_size=12, max_size=20))
async def test_whatever_happens_no_bulletin_is_sent_again_on_another_platform(
    database: Database, steps: list[tuple[Any, ...]]
) -> None:
    world = await a_world(database, is_one=True)
    for step in steps:
        await world.do(step)
    await erased(world)


@USUAL
@given(
    before=st.lists(STEPS, min_size=2, max_size=6),
    after=st.lists(STEPS, min_size=8, max_size=12),
)
async def test_whenever_two_become_one_what_was_begun_for_either_is_begun_nowhere_else(
    database: Database, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    world = await a_world(database, is_one=False)
    for step in before:
        await world.do(step)
    await world.link()
    for step in after:
        await world.do(step)
    async with database.transaction() as tx:
        mine = [
            each
            for each in await tx.outbox.of_bulletin(world.bulletin)
            if each.subscriber_id == world.people[Platform.ZALO]
        ]
    assert len(mine) == 1
    await erased(world)


async def erased(world: World) -> None:
    """The next example's bulletin is not for these."""
    async with world.database.transaction() as tx:
        for each in set(world.people.values()):
            await tx.subscribers.erase(each, world.now)
            await tx.deliveries.cancel_for(each, world.now)

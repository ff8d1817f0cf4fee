"""How fast a bot writes: on a virtual clock, so no test sleeps."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from datetime import timedelta

import pytest

from jobs.pacing import Pacer
from tests.virtual_clock import VirtualClock

SLOT = 1 / 30
BULK_LEAD = 0.1
A_MICROSECOND = 1e-6


class LateClock(VirtualClock):
    """Every tenth sleep lasts 40 ms too long, as on a busy machine."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def sleep_until(self, moment: float) -> None:
        self._count += 1
        late = 0.04 if self._count % 10 == 0 and moment > self.monotonic() else 0.0
        await super().sleep_until(moment + late)


class Sender:
    """Notes when each message left."""

    def __init__(self, clock: VirtualClock, pacer: Pacer) -> None:
        self.clock = clock
        self.pacer = pacer
        self.left: dict[str, list[float]] = defaultdict(list)
        self._turn = asyncio.Lock()

    async def reply(self, chat: str, *, is_group: bool = False) -> None:
        await self.pacer.reply(chat, is_group=is_group)
        self.left[chat].append(self.clock.monotonic())

    async def bulk(self, chat: str, *, is_group: bool = False) -> None:
        """One after the other, as delivery does; who must wait comes again."""
        while not await self._bulk(chat, is_group=is_group):
            wait = max(self.pacer.ready_in(chat).total_seconds(), SLOT)
            await self.clock.sleep_until(self.clock.monotonic() + wait)

    async def _bulk(self, chat: str, *, is_group: bool) -> bool:
        async with self._turn:
            may_leave = await self.pacer.bulk(chat, is_group=is_group)
            if may_leave:
                self.left[chat].append(self.clock.monotonic())
            return may_leave

    async def later(self, moment: float, work: Coroutine[None, None, None]) -> None:
        await self.clock.sleep_until(moment)
        await work

    @property
    def all_left(self) -> list[float]:
        return sorted(moment for moments in self.left.values() for moment in moments)


@pytest.fixture
def sender() -> Sender:
    clock = VirtualClock()
    return Sender(clock, Pacer(clock))


def most_in(window_seconds: float, moments: list[float]) -> int:
    """The most that left in any window of this length, its last moment not counted."""
    end = window_seconds - A_MICROSECOND
    return max(sum(start <= moment < start + end for moment in moments) for start in moments)


async def many(sender: Sender, count: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            tasks.create_task(sender.bulk(f"chat {number}"))


async def test_a_thousand_leave_at_thirty_a_second(sender: Sender) -> None:
    await many(sender, 1000)
    left = sender.all_left
    assert len(left) == 1000
    assert most_in(1, left) <= 31
    assert left[-1] - left[0] == pytest.approx(999 * SLOT, abs=BULK_LEAD)


async def test_replies_count_too(sender: Sender) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number in range(200):
            tasks.create_task(sender.bulk(f"chat {number}"))
            tasks.create_task(sender.reply(f"person {number}", is_group=False))
    assert len(sender.all_left) == 400
    assert most_in(1, sender.all_left) <= 31


async def test_a_rest_earns_no_burst(sender: Sender) -> None:
    await many(sender, 10)
    await sender.clock.sleep_until(60)
    async with asyncio.TaskGroup() as tasks:
        for number in range(100):
            tasks.create_task(sender.bulk(f"other {number}"))
    assert most_in(1, sender.all_left) <= 31


async def test_a_reply_overtakes_bulk(sender: Sender) -> None:
    asked_at = 2.0
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(many(sender, 300))
        tasks.create_task(sender.later(asked_at, sender.reply("person")))
    assert sender.left["person"][0] - asked_at <= BULK_LEAD + SLOT + A_MICROSECOND


async def test_replies_overtake_bulk_to_the_same_chat(sender: Sender) -> None:
    await sender.bulk("person")
    async with asyncio.TaskGroup() as tasks:
        bulk = tasks.create_task(sender.bulk("person"))
        reply = tasks.create_task(sender.later(0.5, sender.reply("person")))
        await reply
        assert not bulk.done()
    assert sender.left["person"] == pytest.approx([0, 1, 2])


async def test_a_chat_gets_one_a_second_in_order(sender: Sender) -> None:
    order: list[int] = []

    async def reply(number: int) -> None:
        await sender.reply("person")
        order.append(number)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(many(sender, 150))
        for number in range(5):
            tasks.create_task(reply(number))
    assert order == [0, 1, 2, 3, 4]
    assert most_in(1, sender.left["person"]) == 1


async def test_a_chat_that_must_wait_holds_up_no_other(sender: Sender) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(sender.bulk("slow"))
        tasks.create_task(many(sender, 50))
    assert most_in(1, sender.left["slow"]) == 1
    assert sender.left["chat 49"][0] <= 52 * SLOT


async def test_a_group_gets_twenty_a_minute(sender: Sender) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number in range(50):
            send = sender.reply if number % 2 else sender.bulk
            tasks.create_task(send("group", is_group=True))
    left = sorted(sender.left["group"])
    assert len(left) == 50
    assert most_in(60, left) == 20
    assert most_in(1, left) == 1
    assert left[-1] == pytest.approx(129, abs=1)  # 20 + 20 + 10, each burst one a second


async def test_it_says_how_long_a_chat_must_still_wait(sender: Sender) -> None:
    assert sender.pacer.ready_in("person") == timedelta(0)
    await sender.bulk("person")
    assert sender.pacer.ready_in("person") == timedelta(seconds=1)
    await sender.clock.sleep_until(0.75)
    assert sender.pacer.ready_in("person") == timedelta(seconds=0.25)
    for _ in range(20):
        await sender.bulk("group", is_group=True)
    assert timedelta(seconds=40) < sender.pacer.ready_in("group") < timedelta(seconds=42)


async def test_a_pause_of_one_chat_delays_no_other(sender: Sender) -> None:
    sender.pacer.pause(timedelta(seconds=7), chat="slow")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sender.bulk("slow"))
        tasks.create_task(sender.reply("slow"))
        tasks.create_task(many(sender, 30))
    assert sender.left["slow"] == pytest.approx([7, 8])
    assert (
        max(moment for chat, left in sender.left.items() if chat != "slow" for moment in left) <= 1
    )


async def test_a_pause_of_the_bot_delays_all_exactly_so_long(sender: Sender) -> None:
    async def pause() -> None:
        sender.pacer.pause(timedelta(seconds=5))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(many(sender, 90))
        tasks.create_task(sender.later(1.01, pause()))
        tasks.create_task(sender.later(3, sender.reply("person")))
    left = sender.all_left
    assert len(left) == 91
    assert not [moment for moment in left if 1.01 < moment < 6.01]  # those with a slot wait too
    assert min(moment for moment in left if moment > 1.01) == pytest.approx(6.01)
    assert most_in(1, left) <= 31


async def test_a_pause_says_how_long_every_chat_waits(sender: Sender) -> None:
    sender.pacer.pause(timedelta(seconds=5))
    sender.pacer.pause(timedelta(seconds=3))  # never shortens what was told before
    assert sender.pacer.ready_in("anyone") == timedelta(seconds=5)


@pytest.mark.parametrize("kind", ["bulk", "reply"])
async def test_a_cancelled_sender_loses_only_its_slot(sender: Sender, kind: str) -> None:
    send = sender.bulk if kind == "bulk" else sender.reply
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(send(f"chat {number}")) for number in range(60)]
        await asyncio.sleep(0)
        for task in waiting[:30]:
            task.cancel()
    assert len(sender.all_left) == (31 if kind == "bulk" else 30)  # its first had left already
    assert sender.all_left[-1] <= 60 * SLOT
    await sender.clock.sleep_until(10)
    await sender.bulk("after")
    assert sender.left["after"] == [10]


async def test_a_cancelled_sender_frees_its_chat(sender: Sender) -> None:
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(sender.reply("person")) for _ in range(4)]
        await asyncio.sleep(0)
        waiting[1].cancel()
    assert sender.left["person"] == pytest.approx([0, 1, 2])


async def test_idle_chats_are_forgotten() -> None:
    clock = VirtualClock()
    pacer = Pacer(clock, per_second=1000)
    for number in range(5000):
        await pacer.bulk(f"chat {number}", is_group=number % 100 == 0)
    assert pacer.chats_known <= 2200  # one second of chats, one minute of groups, twice


async def test_a_paid_bot_may_send_a_thousand_a_second() -> None:
    clock = VirtualClock()
    sender = Sender(clock, Pacer(clock, per_second=1000))
    await many(sender, 3000)
    left = sender.all_left
    assert left[-1] == pytest.approx(3, abs=0.1)
    assert left[1030] - left[0] >= 1 - A_MICROSECOND


async def test_timers_that_ring_late_bring_no_burst() -> None:
    clock = LateClock()
    sender = Sender(clock, Pacer(clock, per_second=1000))
    await many(sender, 3000)
    assert most_in(1, sender.all_left) <= 1010


async def test_when_the_platform_complains_of_the_bot_it_goes_at_half_pace_for_a_while(
    sender: Sender,
) -> None:
    await sender.pacer.pause_all(timedelta(seconds=5))
    await many(sender, 4000)
    left = sender.all_left
    assert left[0] >= 5
    slow = [moment for moment in left if moment < 65]
    assert 15 * 60 - 2 <= len(slow) <= 15 * 60 + 2
    after = [moment for moment in left if 66 <= moment < 67]
    assert len(after) in {29, 30, 31}


async def test_complaints_of_what_had_left_before_the_pause_make_it_no_slower(
    sender: Sender,
) -> None:
    for _ in range(3):
        await sender.pacer.pause_all(timedelta(seconds=5))
    await many(sender, 500)
    slow = [moment for moment in sender.all_left if moment < 35]
    assert 15 * 30 - 2 <= len(slow) <= 15 * 30 + 2


async def test_what_the_office_pays_for_goes_faster_than_the_rest(sender: Sender) -> None:
    for number in range(2000):
        await sender.pacer.bulk(f"chat {number}", is_group=False, is_paid=True)
    paid_until = sender.clock.monotonic()
    assert 1.9 <= paid_until <= 2.1
    await many(sender, 60)
    assert sender.clock.monotonic() - paid_until >= 59 * SLOT - BULK_LEAD

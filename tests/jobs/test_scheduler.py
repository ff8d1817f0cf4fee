"""When stages run: all at once at the start, one of each at a time, whatever the others do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from jobs.clock import SystemClock
from jobs.scheduler import Scheduler, Stage
from storage.problems import DatabaseBusy, DatabaseProblem

SOON = timedelta(milliseconds=20)
NEVER = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    done: int = 0


def a_stage(
    name: str, run: Callable[[], Awaitable[Counts]], every: timedelta = NEVER, wakes: str = ""
) -> Stage:
    return Stage(name, run, every, wakes=(wakes,) if wakes else ())


def every_duty(_duty: str) -> bool:
    return True


class Runs:
    """A stage's run that counts, and can be waited for."""

    def __init__(self, counts: Counts | None = None, error: Exception | None = None) -> None:
        self.count = 0
        self.counts = counts or Counts()
        self._error = error
        self._news = asyncio.Condition()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> Counts:
        self.count += 1
        async with self._news:
            self._news.notify_all()
        await self.may_end.wait()
        if self._error:
            raise self._error
        return self.counts

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(lambda: self.count >= count)


async def test_a_failed_run_does_not_stop_the_next_one_or_the_others() -> None:
    failing, well = Runs(error=ZeroDivisionError()), Runs()
    scheduler = Scheduler(
        [a_stage("failing", failing, SOON), a_stage("well", well, SOON)], SystemClock(), every_duty
    )
    scheduler.start()
    await failing.until(3)
    await well.until(3)
    await scheduler.close(NEVER)


async def test_a_stage_that_did_something_wakes_the_next() -> None:
    first, second = Runs(), Runs()
    scheduler = Scheduler(
        [a_stage("first", first, SOON, "second"), a_stage("second", second)],
        SystemClock(),
        every_duty,
    )
    scheduler.start()
    await first.until(5)
    assert second.count == 1  # at the start; its clock is slow and nothing was done
    first.counts = Counts(done=1)
    await second.until(3)
    await scheduler.close(NEVER)


async def test_a_stage_that_is_woken_while_it_runs_runs_again() -> None:
    first, second = Runs(Counts(done=1)), Runs()
    second.may_end.clear()
    scheduler = Scheduler(
        [a_stage("first", first, SOON, "second"), a_stage("second", second)],
        SystemClock(),
        every_duty,
    )
    scheduler.start()
    await first.until(3)
    assert second.count == 1
    second.may_end.set()
    await second.until(2)
    await scheduler.close(NEVER)


async def test_a_stage_runs_once_at_a_time() -> None:
    going, at_once, most = asyncio.Event(), 0, 0
    others = Runs()

    async def long() -> Counts:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await going.wait()
        at_once -= 1
        return Counts()

    scheduler = Scheduler(
        [a_stage("long", long, SOON), a_stage("o", others, SOON)], SystemClock(), every_duty
    )
    scheduler.start()
    await others.until(5)
    going.set()
    await scheduler.close(NEVER)
    assert most == 1


@pytest.mark.parametrize("in_a_group", [False, True], ids=["alone", "in a group"])
async def test_a_database_that_cannot_be_used_ends_the_program(in_a_group: bool) -> None:
    problem = DatabaseProblem("Ổ đĩa đã đầy.")
    error = ExceptionGroup("", [ExceptionGroup("", [problem])]) if in_a_group else problem
    scheduler = Scheduler([a_stage("full", Runs(error=error), SOON)], SystemClock(), every_duty)
    scheduler.start()
    with pytest.raises(DatabaseProblem, match="đầy"):
        await asyncio.wait_for(scheduler.broken, 60)
    await scheduler.close(NEVER)


async def test_a_database_that_is_busy_is_tried_again() -> None:
    busy = Runs(error=DatabaseBusy("đang bị khóa"))
    scheduler = Scheduler([a_stage("busy", busy, SOON)], SystemClock(), every_duty)
    scheduler.start()
    await busy.until(3)
    assert not scheduler.broken.done()
    await scheduler.close(NEVER)


async def test_closing_waits_for_what_runs_then_cancels_it() -> None:
    started, may_end, finished = asyncio.Event(), asyncio.Event(), False

    async def slow() -> Counts:
        nonlocal finished
        started.set()
        await may_end.wait()
        finished = True
        return Counts()

    async def endless() -> Counts:
        await asyncio.Event().wait()
        return Counts()

    scheduler = Scheduler(
        [a_stage("slow", slow), a_stage("endless", endless)], SystemClock(), every_duty
    )
    scheduler.start()
    await started.wait()
    asyncio.get_running_loop().call_soon(may_end.set)  # when it is being closed
    await scheduler.close(timedelta(seconds=0.5))
    assert finished

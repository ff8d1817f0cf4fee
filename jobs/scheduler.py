"""When each stage runs; the only file that imports APScheduler."""

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.clock import Clock
from storage.problems import DatabaseBusy, DatabaseProblem

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """One step of the flow, run on a clock. `run` returns its counts, a dataclass of numbers."""

    name: str
    run: Callable[[], Awaitable[Any]]
    every: timedelta
    wakes: tuple[str, ...] = ()  # stages that have something to do when this one did something
    is_shared: bool = False  # runs in every process; the others only where their duty is held


def duties(stages: Iterable[Stage]) -> tuple[str, ...]:
    """What one process at a time does, among all that work one database."""
    return tuple(f"stage:{stage.name}" for stage in stages if not stage.is_shared)


class Scheduler:
    """Runs stages until closed; one that fails is logged and runs again at its next time.

    A stage that did something wakes the next, so that news need not wait for clocks.
    `broken` ends with the DatabaseProblem that no next run can cure.
    """

    def __init__(self, stages: list[Stage], clock: Clock, holds: Callable[[str], bool]) -> None:
        """`holds` says whether this process has a duty of `duties` now."""
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._holds = holds
        self._stages = {stage.name: stage for stage in stages}
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._again: set[str] = set()
        self._woken: set[asyncio.Task[None]] = set()
        self._closing = False
        self._timers = AsyncIOScheduler(
            timezone=UTC,
            # late is better than never, once is enough, and never two of the same stage
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for stage in stages:
            self._timers.add_job(
                self._run,
                "interval",
                args=[stage],
                seconds=stage.every.total_seconds(),
                id=stage.name,
                next_run_time=clock.now(),
            )

    def start(self) -> None:
        self._timers.start()

    async def close(self, patience: timedelta) -> None:
        """Starts no stage any more; waits for those that run, then cancels them."""
        self._closing = True
        self._timers.pause()
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=patience.total_seconds())
        self._timers.shutdown(wait=False)
        left = {task for task in running if not task.done()}
        while left:  # one cancel may be used up by something on the way that takes its time
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=1)
        await asyncio.gather(*running, return_exceptions=True)
        self.broken.cancel()

    async def _run(self, stage: Stage) -> None:
        """By its clock or because it was woken; once at a time, and again if asked meanwhile."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        self._again.add(stage.name)
        if stage.name in self._running:
            return
        self._running[stage.name] = task
        try:
            while stage.name in self._again and not self._closing:
                self._again.discard(stage.name)
                await self._run_once(stage)
        finally:
            del self._running[stage.name]

    def _wake(self, stage: Stage) -> None:
        task = asyncio.create_task(self._run(stage))
        self._woken.add(task)
        task.add_done_callback(self._woken.discard)

    def _is_ours(self, stage: Stage) -> bool:
        return all(map(self._holds, duties([stage])))

    async def _run_once(self, stage: Stage) -> None:
        if not self._is_ours(stage):
            return
        try:
            if _did_something(stage, await stage.run()):
                for name in stage.wakes:
                    self._wake(self._stages[name])
        except Exception as error:  # the next run must come, whatever this one met
            problem = _database_problem(error)
            if problem is None:
                logger.exception(
                    "stage failed", extra={"action": "stage_failed", "stage": stage.name}
                )
            elif not self.broken.done():
                self.broken.set_exception(problem)


def _database_problem(error: BaseException) -> BaseException | None:
    """What no next run can cure; a stage that works on several things at once raises a group."""
    if isinstance(error, BaseExceptionGroup):
        found = map(_database_problem, error.exceptions)
        return next((each for each in found if each is not None), None)
    is_lasting = isinstance(error, DatabaseProblem) and not isinstance(error, DatabaseBusy)
    return error if is_lasting else None


def _did_something(stage: Stage, counts: object) -> bool:
    assert dataclasses.is_dataclass(counts)  # noqa: S101 - what Stage.run promises
    numbers = {field.name: getattr(counts, field.name) for field in dataclasses.fields(counts)}
    if any(numbers.values()):
        logger.info(
            "%s: %s",
            stage.name,
            ", ".join(f"{name} {number}" for name, number in numbers.items()),
            extra={"action": "stage_ran", "stage": stage.name, **numbers},
        )
    return any(numbers.values())

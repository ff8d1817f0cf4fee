"""When each stage runs; the only file that imports APScheduler."""

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.problems import DatabaseProblem

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the flow, run on a clock. `run` returns its counts, a dataclass of numbers."""

    name: str
    run: Callable[[], Awaitable[Any]]
    every: timedelta


class Scheduler:
    """Runs stages until closed; one that fails is logged and runs again at its next time.

    `broken` ends with the DatabaseProblem that no next run can cure.
    """

    def __init__(self, stages: list[Stage], *, now: datetime) -> None:
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running: set[asyncio.Task[Any]] = set()
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
                next_run_time=now,
            )

    def start(self) -> None:
        self._timers.start()

    async def close(self, patience: timedelta) -> None:
        """Starts no stage any more; waits for those that run, then cancels them."""
        self._timers.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=patience.total_seconds())
        self._timers.shutdown(wait=False)  # cancels what still runs
        await asyncio.gather(*self._running, return_exceptions=True)
        self.broken.cancel()

    async def _run(self, stage: Stage) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        self._running.add(task)
        try:
            _log(stage, await stage.run())
        except Exception as error:  # the next run must come, whatever this one met
            problem = _database_problem(error)
            if problem is None:
                logger.exception(
                    "stage failed", extra={"action": "stage_failed", "stage": stage.name}
                )
            elif not self.broken.done():
                self.broken.set_exception(problem)
        finally:
            self._running.discard(task)


def _database_problem(error: BaseException) -> BaseException | None:
    """What no next run can cure; a stage that works on several things at once raises a group."""
    if isinstance(error, BaseExceptionGroup):
        found = map(_database_problem, error.exceptions)
        return next((each for each in found if each is not None), None)
    return error if isinstance(error, DatabaseProblem) else None


def _log(stage: Stage, counts: object) -> None:
    assert dataclasses.is_dataclass(counts)  # noqa: S101 - what Stage.run promises
    numbers = {field.name: getattr(counts, field.name) for field in dataclasses.fields(counts)}
    if any(numbers.values()):
        logger.info(
            "%s: %s",
            stage.name,
            ", ".join(f"{name} {number}" for name, number in numbers.items()),
            extra={"action": "stage_ran", "stage": stage.name, **numbers},
        )

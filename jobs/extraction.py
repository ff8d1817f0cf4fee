"""Reads pages in processes of their own, which end when a page takes too much of them."""

import asyncio
import io
import logging
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from jobs.extraction_worker import BEGUN, SIZE
from jobs.source_errors import ReaderFailed, SourceError, TooCostly

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2  # so that a page that takes its five seconds does not hold up all others
CPU_SECONDS = 5.0
MEMORY_BYTES = 400 * 1024**2  # of addresses; Python and its libraries take about 60 MB
DEADLINE_SECONDS = 60.0  # by the clock: a machine with much to do gives us little CPU
_MOST_STARTS = 3  # for one page; a process that dies before it begins is not the page's doing
_MOST_JOBS = 1000  # of one process; what libraries leave behind must not grow for ever
_MOST_ANSWER_BYTES = 32 * 1024**2
_OURS = ("jobs.", "storage.records")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one page."""

    cpu_seconds: float = CPU_SECONDS
    memory_bytes: int = MEMORY_BYTES
    deadline_seconds: float = DEADLINE_SECONDS


class Extraction:
    """`await extraction.run(read_list, kind, page, url, now=now)`: the function, elsewhere.

    Close it, or use it as a context: its processes start when they are first needed and end
    with it, at the latest when this program is gone. For one event loop.
    """

    def __init__(self, *, workers: int = WORKERS, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._slots = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        for worker in list(self._all):
            await self._end(worker)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A function of a module, with arguments that can be pickled. Raises SourceError."""
        job = pickle.dumps((function, args, kwargs))
        async with self._slots:
            answer = await self._ask(job)
        if isinstance(answer, ReaderFailed):
            logger.error("reader failed", extra={"action": "reader_failed", "where": answer.where})
        if isinstance(answer, SourceError):
            raise answer
        return cast("T", answer)

    async def _ask(self, job: bytes) -> object:
        for _ in range(_MOST_STARTS):
            worker = self._idle.pop() if self._idle else await self._started()
            try:
                async with asyncio.timeout(self._limits.deadline_seconds):
                    answer = await worker.ask(job)
            except _NotBegun:
                await self._end(worker)  # it had died while idle: the page has no part in it
                continue
            except BaseException as error:
                await self._end(worker)
                if isinstance(error, (TimeoutError, EOFError, OSError)):
                    return TooCostly()
                raise
            if worker.jobs < _MOST_JOBS:
                self._idle.append(worker)
            else:
                await self._end(worker)
            return answer
        return ReaderFailed()

    async def _started(self) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a folder named jobs where the program was started is not ours
            "-m",
            "jobs.extraction_worker",
            str(self._limits.memory_bytes),
            str(self._limits.cpu_seconds),
            stdin=PIPE,
            stdout=PIPE,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # and no secrets
        )
        worker = _Worker(process)
        self._all.add(worker)
        return worker

    async def _end(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        await worker.end()


class _NotBegun(Exception):
    """The process was gone before it read its job."""


class _Worker:
    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a worker needs pipes")
        self._process, self._jobs, self._answers = process, process.stdin, process.stdout
        self.jobs = 0

    async def ask(self, job: bytes) -> object:
        """Raises _NotBegun; EOFError or OSError if the process ends on this job."""
        self.jobs += 1
        try:
            self._jobs.write(SIZE.pack(len(job)) + job)
            await self._jobs.drain()
            await self._answers.readexactly(len(BEGUN))
        except (EOFError, OSError) as error:
            raise _NotBegun from error
        (size,) = SIZE.unpack(await self._answers.readexactly(SIZE.size))
        if size > _MOST_ANSWER_BYTES:
            raise EOFError
        return _Answers(io.BytesIO(await self._answers.readexactly(size))).load()

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        self._jobs.close()
        await asyncio.shield(self._process.wait())


class _Answers(pickle.Unpickler):
    """A process that has read a hostile page may answer with our own kinds of values only."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as pickle has it
        if module == "datetime" or module.startswith(_OURS):
            return super().find_class(module, name)
        raise EOFError

"""The program of a worker process that reads pages: jobs come on its input, answers go out.

`python -m jobs.extraction_worker MEMORY_BYTES CPU_SECONDS`. A job is a pickled (function,
arguments, keyword arguments), an answer a pickled value or SourceError; before each stands its
size. A job that takes too much CPU ends the process; the one who asked sees that.
"""

import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from contextlib import suppress
from typing import BinaryIO

from jobs.source_errors import ReaderFailed, SourceError, TooCostly

SIZE = struct.Struct("!I")
BEGUN = b"."  # sent when a job has been read: from then on its end is the page's doing


def main(memory_bytes: int, cpu_seconds: float) -> None:
    jobs, answers = sys.stdin.buffer, _own_output()
    for name in (signal.SIGINT, signal.SIGTERM):  # meant for the program, which ends us in order
        signal.signal(name, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while size := jobs.read(SIZE.size):
        job = jobs.read(SIZE.unpack(size)[0])
        answers.write(BEGUN)
        answers.flush()
        answer = pickle.dumps(_answer(job, cpu_seconds))
        answers.write(SIZE.pack(len(answer)) + answer)
        answers.flush()


def _own_output() -> BinaryIO:
    """What a library prints must not come between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _answer(job: bytes, cpu_seconds: float) -> object:
    try:
        function, arguments, named = pickle.loads(job)  # noqa: S301 - the program's own words
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)  # SIGPROF, not handled, ends us
        return function(*arguments, **named)
    except SourceError as error:
        return error.with_traceback(None)
    except (MemoryError, RecursionError):
        return TooCostly()
    except Exception as error:  # noqa: BLE001 - a page nobody thought of: its source is told
        return _failure(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _failure(error: Exception) -> ReaderFailed:
    """Without the error's own words, which may be the page's."""
    failed = ReaderFailed()
    failed.where = f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
    return failed


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(int(sys.argv[1]), float(sys.argv[2]))

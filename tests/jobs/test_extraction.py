"""Pages are read elsewhere, where a page that takes too much is stopped."""

import asyncio
import os
import select
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jobs.extraction import Extraction, Limits
from jobs.source_errors import NotAFeed, ReaderFailed, SourceError, TooCostly
from jobs.sources.kinds import read_list
from storage.records import SourceKind
from tests.saved_pages import FEEDS, NOW, PORTAL, saved

LIMITS = Limits(cpu_seconds=0.5, memory_bytes=300 * 1024**2)


@pytest.fixture
async def extraction() -> AsyncIterator[Extraction]:
    async with Extraction(workers=1, limits=LIMITS) as each:
        yield each


# what a worker is given to do; it finds them by their names
def own_id() -> int:
    return os.getpid()


def spin() -> None:
    while True:
        pass


def hoard() -> int:
    return len(bytearray(1024**3))


def dig(depth: int = 0) -> int:
    return dig(depth + 1)


def rest(seconds: float) -> None:
    time.sleep(seconds)


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def stumble() -> None:
    words = ("chữ", "của", "trang")
    raise KeyError(" ".join(words))


def chatter() -> str:
    print("không phải câu trả lời")  # noqa: T201 - as a library may
    return "xong"


def refuse() -> None:
    raise NotAFeed.but("Trang chủ")


def secrets() -> list[str]:
    return [name for name in os.environ if "BANTIN" in name]  # noqa: TID251 - that it has none


def foreign() -> object:
    return Path


async def test_a_function_answers_from_another_process(extraction: Extraction) -> None:
    listing = await extraction.run(
        read_list, SourceKind.FEED, saved(FEEDS[0]), PORTAL, now=NOW, config={}
    )
    assert len(listing.articles) == 5
    assert await extraction.run(own_id) != os.getpid()


async def test_one_process_reads_many_pages(extraction: Extraction) -> None:
    assert len({await extraction.run(own_id) for _ in range(5)}) == 1


async def test_no_process_starts_before_it_is_needed_and_none_is_left() -> None:
    async with Extraction(workers=2) as extraction:
        assert children() == set()
        await asyncio.gather(*(extraction.run(own_id) for _ in range(6)))
        assert 1 <= len(children()) <= 2
    assert children() == set()


def children() -> set[str]:
    """Zombies are among them."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}


async def test_a_reason_comes_back_as_it_was(extraction: Extraction) -> None:
    with pytest.raises(NotAFeed) as caught:
        await extraction.run(refuse)
    assert "“Trang chủ”" in caught.value.reason
    assert caught.value.reason.count("Trang chủ") == 1


@pytest.mark.parametrize("too_much", [spin, hoard, dig], ids=lambda each: each.__name__)
async def test_what_takes_too_much_is_stopped_and_the_next_page_is_read(
    extraction: Extraction, too_much: object
) -> None:
    assert callable(too_much)
    with pytest.raises(TooCostly):
        await extraction.run(too_much)
    assert await extraction.run(len, b"abc") == 3
    assert len(children()) == 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
async def test_a_page_that_ends_its_process_costs_only_itself(
    extraction: Extraction, number: int
) -> None:
    with pytest.raises(TooCostly):
        await extraction.run(die, number)
    assert await extraction.run(len, b"abc") == 3


async def test_a_process_that_hangs_without_working_is_stopped() -> None:
    async with Extraction(workers=1, limits=Limits(deadline_seconds=0.2)) as extraction:
        with pytest.raises(TooCostly):
            await extraction.run(rest, 60)


async def test_a_process_that_died_while_idle_is_replaced_unseen(extraction: Extraction) -> None:
    first = await extraction.run(own_id)
    os.kill(first, signal.SIGKILL)
    assert await extraction.run(own_id) != first


async def test_the_signals_that_end_the_program_are_left_to_it(extraction: Extraction) -> None:
    first = await extraction.run(own_id)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(first, number)
    assert await extraction.run(own_id) == first


async def test_a_fault_of_ours_is_named_without_the_pages_words(
    extraction: Extraction, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ReaderFailed) as caught:
        await extraction.run(stumble)
    assert "KeyError" in caught.value.where
    assert "stumble" in caught.value.where
    assert "chữ của trang" not in caught.value.where
    assert [record.message for record in caplog.records] == ["reader failed"]


async def test_what_a_library_prints_is_no_answer(extraction: Extraction) -> None:
    assert await extraction.run(chatter) == "xong"


async def test_a_process_that_reads_pages_knows_no_secrets(extraction: Extraction) -> None:
    assert await extraction.run(secrets) == []


async def test_an_answer_of_a_kind_that_is_not_ours_is_not_taken(extraction: Extraction) -> None:
    with pytest.raises(SourceError):
        await extraction.run(foreign)


async def test_one_who_stops_waiting_ends_the_work_too(extraction: Extraction) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await extraction.run(rest, 60)
    assert await extraction.run(len, b"abc") == 3
    assert len(children()) == 1


async def test_a_process_ends_when_its_program_is_gone() -> None:
    """The program is killed; what it started sees the end of its input."""
    code = (
        "import asyncio, os\n"
        "from jobs.extraction import Extraction\n"
        "async def main():\n"
        "    pid = await Extraction().run(os.getpid)\n"
        "    print(pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await program.communicate()
    assert await asyncio.to_thread(has_ended, int(out))


def has_ended(pid: int) -> bool:
    """Waits for it, up to ten seconds."""
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([ended], [], [], 10)[0])
    finally:
        os.close(ended)

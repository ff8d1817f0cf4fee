"""Sends many with some in flight, and says what it cost. Standard library only."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable

TOKEN = "42:AAE-of-no-bot-at-all-0123456789"  # noqa: S105 - of this machine's server
TEXT = (
    "Xã Tân Lập họp bàn kế hoạch phòng chống thiên tai\n\n"
    "Ủy ban nhân dân xã phân công từng thôn trực ban. Nhà văn hóa mở cửa đón bà con."
)
_FIRST_CHAT = 700_000_000
_WARM_UP = 200  # connections are open, code is warm

Send = Callable[[int], Awaitable[object]]  # to a chat


async def measure(send: Send, messages: int, in_flight: int) -> None:
    """Prints one JSON line: {"seconds", "cpu_seconds", "messages"}."""
    await _send_all(send, _WARM_UP, in_flight)
    started, cpu = time.perf_counter(), time.process_time()
    await _send_all(send, messages, in_flight)
    line = {
        "seconds": round(time.perf_counter() - started, 4),
        "cpu_seconds": round(time.process_time() - cpu, 4),
        "messages": messages,
    }
    print(json.dumps(line), flush=True)  # noqa: T201 - what it is for


def stay_on(core: int) -> None:
    """Where there are several and the system can: the server has another."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


async def _send_all(send: Send, messages: int, in_flight: int) -> None:
    chats = iter(range(_FIRST_CHAT, _FIRST_CHAT + messages))

    async def work() -> None:
        for chat in chats:
            await send(chat)

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(work())

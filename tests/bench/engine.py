"""The delivery engine by itself, as a process: sends what waits, says what it cost.

`python -m tests.bench.engine '{"database": URL, "api": URL, …}'`, as `Orders`.
"""

import asyncio
import gc
import json
import resource
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from sqlalchemy import or_, select

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from jobs.clock import Clock, SystemClock
from jobs.deliver import deliver_due
from jobs.lease import Lease
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.quiet import QuietHours
from jobs.slots import OwnSlots, SharedSlots
from storage.database import Database, open_database
from storage.models import IN_FLIGHT, WAITING, DeliveryRow
from storage.problems import DatabaseBusy, translated
from tests.bench.in_flight import TOKEN, stay_on
from tests.program import ROOT
from tests.samples import a_bot

_UNLIMITED = 1e6
_TICK_SECONDS = 0.2
_NEVER_QUIET = QuietHours(from_hour=0, to_hour=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    database: str
    api: str
    per_second: float = 0  # 0: no limit
    at_once: int = 256  # as bot.app has it
    seconds: float = 0  # no longer than this; 0: until nothing is left
    name: str = "bench"
    core: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    messages: int
    seconds: float
    cpu_seconds: float  # of all its threads
    peak_mb: float

    @property
    def cpu_ms(self) -> float:
        """Of one message."""
        return 1000 * self.cpu_seconds / self.messages

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds

    @property
    def share_of_a_core(self) -> float:
        return self.cpu_seconds / self.seconds


async def engine(orders: Orders) -> Cost:
    """In a process of its own, to its end."""
    given = json.dumps(asdict(orders))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.engine", given, cwd=ROOT, stdout=PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the engine ended with {process.returncode}")
    return Cost(**json.loads(out))


async def deliver(orders: Orders, begins: Callable[[], None] = lambda: None) -> Cost:
    """Until nothing is left; what waits for a later moment is waited for."""
    clock = SystemClock()
    database = open_database(orders.database)
    bot_id = await a_bot(database, TOKEN.partition(":")[0])
    stopping = asyncio.Event()
    if orders.seconds:
        asyncio.get_running_loop().call_later(orders.seconds, stopping.set)
    async with (
        _alive(database, clock, orders.name) as lease,
        _line(orders, database, bot_id, clock) as line,
    ):
        gc.collect()
        gc.freeze()  # as bot.app does
        begins()
        started, cpu, sent = time.monotonic(), time.process_time(), 0
        while not stopping.is_set():
            try:
                counts = await deliver_due(
                    database,
                    {bot_id: line},
                    clock,
                    lease=lease,
                    office="Đảng ủy xã Tân Lập",
                    quiet=_NEVER_QUIET,
                    stopping=stopping,
                )
                sent += counts.sent
                if not await _is_something_left(database):
                    break
            except* DatabaseBusy:
                pass  # as the scheduler: the next run comes
            await clock.sleep_until(clock.monotonic() + _TICK_SECONDS)
        cost = Cost(
            messages=sent,
            seconds=time.monotonic() - started,
            cpu_seconds=time.process_time() - cpu,
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )
    await database.close()
    return cost


@asynccontextmanager
async def _alive(database: Database, clock: Clock, name: str) -> AsyncIterator[Lease]:
    lease = Lease(database, clock, name=name)
    await lease.renew()
    renewing = asyncio.create_task(lease.run())
    try:
        yield lease
    finally:
        renewing.cancel()
        await lease.end()


@asynccontextmanager
async def _line(
    orders: Orders, database: Database, bot_id: int, clock: Clock
) -> AsyncIterator[Line]:
    # on a server all processes share the pace; without a limit there is none to share
    is_shared = orders.per_second and not database.is_sqlite
    if is_shared:
        async with database.transaction() as tx:
            await tx.pace.register(bot_id, clock.now())
    slots = SharedSlots(database, bot_id, clock) if is_shared else OwnSlots(clock)
    pacer = Pacer(clock, slots=slots, per_second=orders.per_second or _UNLIMITED)
    async with open_bot(TOKEN, api_url=f"{orders.api}/bot") as bot:
        messenger = TelegramMessenger(bot)
        await messenger.ping()
        yield Line(messenger=messenger, pacer=pacer, at_once=orders.at_once)


async def _is_something_left(database: Database) -> bool:
    query = select(DeliveryRow.id).where(or_(WAITING, IN_FLIGHT)).limit(1)
    with translated(is_server=not database.is_sqlite):
        async with database.engine.connect() as connection:
            return (await connection.execute(query)).first() is not None


def main(given: str) -> None:
    orders = Orders(**json.loads(given))
    stay_on(orders.core)
    cost = asyncio.run(deliver(orders))
    print(json.dumps(asdict(cost)), flush=True)  # noqa: T201 - what it is for


if __name__ == "__main__":
    main(sys.argv[1])

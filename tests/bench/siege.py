"""Engines that are killed while they send, and what became of every delivery."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any

from sqlalchemy import select

from storage.database import open_database
from storage.models import IN_FLIGHT, ChatRow, DeliveryRow, ProcessRow
from storage.records import DeliveryState
from tests.bench import in_flight
from tests.bench.engine import Orders, deliver
from tests.bench.sending import asked

PER_SECOND, REPLY_MS, FLUSH_MS = 1000, 60, 20
_LIFE_SECONDS = (0.1, 0.8)  # with something to send, before one of them is killed
_PATIENCE_SECONDS = 600
_ENDED = {DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED}

# one process imports everything once and forks each engine: it sends after 0.1 s, not after 2 s
_NURSERY = get_context("forkserver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    deliveries: int
    lost: int  # the server has none, and no reason is known
    doubled_by_kill: Sequence[int]
    doubled_otherwise: int

    @classmethod
    def together(cls, parts: Iterable["Losses"]) -> "Losses":
        some = list(parts)
        return cls(
            deliveries=sum(each.deliveries for each in some),
            lost=sum(each.lost for each in some),
            doubled_by_kill=[kill for each in some for kill in each.doubled_by_kill],
            doubled_otherwise=sum(each.doubled_otherwise for each in some),
        )


@dataclass(slots=True)
class _Engine:
    name: str
    database: str
    process: BaseProcess
    has_begun: Event


@dataclass
class Siege:
    databases: Sequence[str]  # one address for each engine
    api: str
    _engines: list[_Engine] = field(default_factory=list)
    _caught: list[frozenset[str]] = field(default_factory=list)  # chats in flight at each kill
    _numbers: Iterable[int] = field(default_factory=count)

    @classmethod
    @asynccontextmanager
    async def of(cls, databases: Sequence[str], api: str) -> AsyncIterator["Siege"]:
        _NURSERY.set_forkserver_preload(["tests.bench.siege"])
        siege = cls(databases, api)
        siege._engines = [siege._begin(url) for url in databases]
        try:
            yield siege
        finally:
            for engine in siege._engines:
                engine.process.kill()

    async def kill(self, times: int) -> None:
        """Fewer times when the queue ends before."""
        for _ in range(times):
            position = random.randrange(len(self._engines))  # noqa: S311 - any of them
            victim = self._engines[position]
            await asyncio.to_thread(victim.has_begun.wait, _PATIENCE_SECONDS)
            await asyncio.sleep(random.uniform(*_LIFE_SECONDS))  # noqa: S311 - at any moment
            if not victim.process.is_alive():
                return
            victim.process.kill()
            await asyncio.to_thread(victim.process.join)
            self._caught.append(await _in_flight_of(victim))
            self._engines[position] = self._begin(victim.database)

    async def until_all_is_sent(self) -> None:
        for engine in self._engines:
            await asyncio.to_thread(engine.process.join, _PATIENCE_SECONDS)
            if engine.process.exitcode != 0:  # None: it still runs
                raise RuntimeError(f"the engine ended with {engine.process.exitcode}")

    async def losses(self) -> Losses:
        copies = _copies(await asked(f"{self.api}/counts"))
        endings = await _endings(self.databases[0])
        doubled = {chat: number - 1 for chat, number in copies.items() if number > 1}
        caught = frozenset[str]().union(*self._caught)
        return Losses(
            deliveries=len(endings),
            lost=sum(not is_known and not copies.get(chat) for chat, is_known in endings.items()),
            doubled_by_kill=[
                sum(doubled.get(chat, 0) for chat in chats) for chats in self._caught
            ],
            doubled_otherwise=sum(
                number for chat, number in doubled.items() if chat not in caught
            ),
        )

    def _begin(self, database: str) -> _Engine:
        name = f"engine {next(iter(self._numbers))}"
        orders = Orders(database=database, api=self.api, per_second=PER_SECOND, name=name)
        has_begun = _NURSERY.Event()
        process = _NURSERY.Process(target=_live, args=(orders, has_begun), daemon=True)
        process.start()
        return _Engine(name, database, process, has_begun)


def _live(orders: Orders, has_begun: Event) -> None:
    logging.disable()  # of what goes wrong here on purpose
    in_flight.stay_on(orders.core)
    asyncio.run(deliver(orders, has_begun.set))


def _copies(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """By chat; there is one text."""
    return {chat: sum(texts.values()) for chat, texts in counts.items()}


async def _in_flight_of(engine: _Engine) -> frozenset[str]:
    """The chats whose message it may have sent."""
    rows = await _rows(
        engine.database,
        select(ChatRow.address)
        .join(DeliveryRow, DeliveryRow.chat_id == ChatRow.id)
        .join(ProcessRow, ProcessRow.id == DeliveryRow.process_id)
        .where(IN_FLIGHT, ProcessRow.name == engine.name),
    )
    return frozenset(row.address for row in rows)


async def _endings(database: str) -> dict[str, bool]:
    """Each chat, and whether its delivery ended unsent with a reason."""
    rows = await _rows(
        database,
        select(ChatRow.address, DeliveryRow.state, DeliveryRow.reason).join(
            DeliveryRow, DeliveryRow.subscriber_id == ChatRow.subscriber_id
        ),
    )
    return {row.address: row.state in _ENDED and row.reason is not None for row in rows}


async def _rows(url: str, query: Any) -> Sequence[Any]:  # noqa: ANN401 - any select
    database = open_database(url)
    async with database.engine.connect() as connection:
        found = (await connection.execute(query)).all()
    await database.close()
    return found

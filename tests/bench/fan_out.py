"""Bulletin → deliveries, beside a bare INSERT … SELECT of the same rows into the same table."""

import time
from contextlib import AbstractAsyncContextManager
from statistics import median

from sqlalchemy import text

from jobs.clock import SystemClock
from jobs.fan_out import fan_out_ready
from storage.database import open_database
from tests.bench.figures import Figure, figure
from tests.bench.stores import Store, office, postgresql, sqlite

MANY, VERY_MANY = 100_000, 1_000_000
ROUNDS = 3
_BARE = text(
    "INSERT INTO delivery (bulletin_id, subscriber_id, state, attempts, unsure_count, "
    "not_before, changed_at, bot_id, priority) "
    "SELECT bulletin.id, subscriber.id, 'queued', 0, 0, bulletin.not_before, "
    "bulletin.not_before, 1, 1 FROM bulletin CROSS JOIN subscriber"
)


async def fan_out(*, rounds: int = ROUNDS) -> list[Figure]:
    return [
        await _figure("rows_100k_sqlite", sqlite(office(MANY)), rounds),
        await _figure("rows_1m_sqlite", sqlite(office(VERY_MANY)), rounds),
        await _figure("rows_100k_postgresql", postgresql(office(MANY)), rounds),
    ]


async def _figure(name: str, opening: AbstractAsyncContextManager[Store], rounds: int) -> Figure:
    """In turn, each into a new copy of the database."""
    ours, bare = [], []
    async with opening as store:
        for _ in range(rounds):
            ours.append(await _seconds_of_fan_out(await store.copy()))
            bare.append(await _seconds_of_bare_insert(await store.copy()))
    return figure(name, median(ours), "s", median(bare))


async def _seconds_of_fan_out(url: str) -> float:
    database = open_database(url)
    now = SystemClock().now()
    async with database.engine.connect():  # opening it is not counted
        pass
    started = time.perf_counter()
    await fan_out_ready(database, now)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds


async def _seconds_of_bare_insert(url: str) -> float:
    database = open_database(url, patience=None)
    async with database.engine.connect():
        pass
    started = time.perf_counter()
    async with database.engine.begin() as connection:
        await connection.execute(_BARE)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds

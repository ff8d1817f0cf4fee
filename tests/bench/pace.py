"""How near the platform's limit the engine stays, by the clock of the server it sends to."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.bench.engine import Cost, Orders, engine
from tests.bench.figures import Figure, figure
from tests.bench.sending import api_server, asked
from tests.bench.stores import Store, postgresql, queue, sqlite

REPLY_MS = 60
SECONDS, SECONDS_OF_THREE = 60, 30
FREE, PAID = 30, 1000  # messages a second
MOST_FREE, MOST_PAID, MOST_OF_THREE = 31, 1015, 1030  # in any second: more are answered 429
LEAST_PAID = 985  # a second, sustained
MOST_OF_A_CORE = 0.5


async def pace(
    *, seconds: int = SECONDS, seconds_of_three: int = SECONDS_OF_THREE
) -> list[Figure]:
    """At 30 and 1000 a second, replies after 60 ms; three processes share one PostgreSQL."""
    free, _ = await _run(sqlite(queue(FREE * seconds)), FREE, MOST_FREE)
    paid, (cost,) = await _run(sqlite(queue(PAID * seconds)), PAID, MOST_PAID)
    three, _ = await _run(
        postgresql(queue(PAID * seconds_of_three)), PAID, MOST_OF_THREE, processes=3
    )
    refused = sum(each["answers"].get("429", 0) for each in (free, paid, three))
    accepted = sum(each["accepted"] for each in (free, paid, three))
    in_a_second = "messages/s"
    return [
        figure("30_mean", free["mean_per_second"], in_a_second, FREE),
        figure("30_worst_second", free["worst_second"], in_a_second, MOST_FREE),
        figure("1000_mean", paid["mean_per_second"], in_a_second, LEAST_PAID),
        figure("1000_worst_second", paid["worst_second"], in_a_second, MOST_PAID),
        figure("1000_share_of_a_core", cost.share_of_a_core, "cores", MOST_OF_A_CORE),
        figure("1000_three_processes_mean", three["mean_per_second"], in_a_second, LEAST_PAID),
        figure(
            "1000_three_processes_worst_second", three["worst_second"], in_a_second, MOST_OF_THREE
        ),
        figure("answers_429", refused, "answers", accepted),
    ]


async def _run(
    opening: AbstractAsyncContextManager[Store], per_second: int, most: int, processes: int = 1
) -> tuple[dict[str, Any], Sequence[Cost]]:
    """What the server saw, and what each process cost."""
    enforced = ("--per-second", str(most), "--delay-ms", str(REPLY_MS))
    async with opening as store, api_server(*enforced) as api:
        orders = Orders(database=await store.copy(), api=api, per_second=per_second)
        costs = await asyncio.gather(*(engine(orders) for _ in range(processes)))
        return await asked(f"{api}/figures"), costs

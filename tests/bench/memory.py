"""How much more memory a long queue takes than a short one."""

from contextlib import AsyncExitStack

from tests.bench.engine import Orders, engine
from tests.bench.figures import Figure, figure
from tests.bench.sending import api_server
from tests.bench.stores import queue, sqlite

SHORT, LONG = 10_000, 1_000_000
SECONDS = 30  # of the long queue are sent, as fast as it goes: the rest waits
MOST_MB = 20


async def memory(*, long: int = LONG, seconds: float = SECONDS) -> list[Figure]:
    """Peaks of the whole process. The short queue is sent whole."""
    peaks = []
    for deliveries in (SHORT, long):
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(sqlite(queue(deliveries)))
            api = await stack.enter_async_context(api_server())
            orders = Orders(database=await store.copy(), api=api, seconds=seconds)
            peaks.append((await engine(orders)).peak_mb)
    short_mb, long_mb = peaks
    return [figure("growth_mb", long_mb - short_mb, "MB", MOST_MB)]

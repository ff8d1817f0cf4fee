"""What one delivery costs, whole: claimed, sent, recorded. Beside two clients that only send."""

from collections.abc import Awaitable, Callable
from statistics import median

from tests.bench import sending
from tests.bench.engine import Cost, Orders, engine
from tests.bench.figures import Figure, figure
from tests.bench.sending import IN_FLIGHT, api_server, cost_of
from tests.bench.stores import Store, postgresql, queue, sqlite

MESSAGES = 20_000
PTB_MESSAGES = 2_000  # ten times as slow, as steady
ROUNDS = 3
MOST_ON_POSTGRESQL = 1.3  # times aiogram's

Run = Callable[[str], Awaitable[Cost | sending.Cost]]


async def send(*, messages: int = MESSAGES, rounds: int = ROUNDS) -> list[Figure]:
    """Rounds of all in turn, on one core, 64 in flight, no pace, the server on another core."""
    async with sqlite(queue(messages)) as file, postgresql(queue(messages)) as server:
        runs: dict[str, Run] = {
            "sqlite": _engine_on(file),
            "aiogram": lambda api: cost_of("aiogram", api, messages),
            "postgresql": _engine_on(server),
            "ptb": lambda api: cost_of("ptb", api, min(messages, PTB_MESSAGES)),
        }
        costs: dict[str, list[Cost | sending.Cost]] = {name: [] for name in runs}
        async with api_server() as api:
            for _ in range(rounds):
                for name, run in runs.items():
                    costs[name].append(await run(api))
    cpu_ms = {name: median(cost.cpu_ms for cost in found) for name, found in costs.items()}
    rate = {name: median(cost.per_second for cost in found) for name, found in costs.items()}
    return [
        figure("cpu_ms_sqlite", cpu_ms["sqlite"], "ms/message", cpu_ms["aiogram"]),
        figure("cpu_ms_postgresql", cpu_ms["postgresql"], "ms/message", cpu_ms["aiogram"]),
        figure("rate_vs_ptb_default", rate["sqlite"], "messages/s", rate["ptb"]),
    ]


def _engine_on(store: Store) -> Run:
    async def run(api: str) -> Cost:
        return await engine(Orders(database=await store.copy(), api=api, at_once=IN_FLIGHT))

    return run

"""What a kill, a lost database or an ill platform costs: messages lost, messages doubled."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, figure
from tests.bench.sending import api_server, asked
from tests.bench.siege import FLUSH_MS, PER_SECOND, REPLY_MS, Losses, Siege
from tests.bench.stores import postgresql, queue, sqlite
from tests.relay import relayed

KILLS = 200
# a process lives half a second on average; the rest is sent after the last kill
DELIVERIES_A_KILL, DELIVERIES_MORE = 800, 5_000
# what was sent and not answered, or answered and not written yet
MOST_DOUBLED = PER_SECOND * (REPLY_MS + FLUSH_MS) // 1000 + 10
ILL = {"share_failed": 0.05, "share_unanswered": 0.05}
ILL_DELIVERIES = 20_000
STEP_SECONDS = 3.0
CUT_OFF_SECONDS = 12.0  # longer than a lease lives: the other process takes over


async def crash(*, kills: int = KILLS) -> list[Figure]:
    """Kills on SQLite, on PostgreSQL, and of either of two processes on PostgreSQL; then faults.

    One long queue for each; what was killed is replaced at once.
    """
    on_file, on_server = kills - 2 * (kills // 3), kills // 3
    sieges = [
        await _kills(on_file),
        await _kills(on_server, is_server=True),
        await _kills(on_server, is_server=True, processes=2),
    ]
    after_kills = Losses.together(sieges)
    all_losses = Losses.together([*sieges, await _faults()])
    return [
        figure("kills", len(after_kills.doubled_by_kill), "kills", kills),
        figure("lost", all_losses.lost, "deliveries", all_losses.deliveries),
        figure(
            "doubled_over_bound",
            sum(each > MOST_DOUBLED for each in after_kills.doubled_by_kill),
            "kills",
            kills,
        ),
        figure("doubled_worst", max(after_kills.doubled_by_kill), "messages", MOST_DOUBLED),
        figure("doubled_by_no_kill", after_kills.doubled_otherwise, "messages", MOST_DOUBLED),
    ]


async def _kills(kills: int, *, is_server: bool = False, processes: int = 1) -> Losses:
    filled = queue(DELIVERIES_A_KILL * kills + DELIVERIES_MORE)
    async with (
        postgresql(filled) if is_server else sqlite(filled) as store,
        api_server("--delay-ms", str(REPLY_MS)) as api,
        Siege.of([await store.copy()] * processes, api) as siege,
    ):
        await siege.kill(kills)
        await siege.until_all_is_sent()
        return await siege.losses()


async def _faults() -> Losses:
    """5 % answered 500, 5 % taken without an answer; no way to the server; the server restarts."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        store = await enter(postgresql(queue(ILL_DELIVERIES)))
        api = await enter(api_server("--delay-ms", str(REPLY_MS)))
        folder = stack.enter_context(TemporaryDirectory())
        relay = await enter(relayed(store.server.sockets, Path(folder)))
        url = await store.copy()
        behind = url.replace(str(store.server.sockets), folder)
        await asked(f"{api}/behave", json.dumps(ILL))
        siege = await enter(Siege.of([url, behind], api))
        await asyncio.sleep(STEP_SECONDS)
        relay.swallows = True
        await asyncio.sleep(CUT_OFF_SECONDS)
        relay.swallows = False
        relay.cut()
        await asyncio.sleep(STEP_SECONDS)
        await store.server.restart()
        await asyncio.sleep(STEP_SECONDS)
        await asked(f"{api}/behave", json.dumps(dict.fromkeys(ILL, 0)))
        await siege.until_all_is_sent()
        return await siege.losses()

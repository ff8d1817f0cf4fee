"""`python -m tests.bench [--data FOLDER] [--kills N] [NAME …]`: all benchmarks, or those named."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.bench import (
    crash,
    delivery,
    extraction,
    fan_out,
    memory,
    pace,
    quota,
    send,
    summaries,
    visits,
)

Bench = Callable[[], Awaitable[Sequence[Mapping[str, object]]]]

BENCHES: Mapping[str, Bench] = {
    "publish_to_last_push": delivery.publish_to_last_push,
    "send": send.send,
    "pace": pace.pace,
    "fan_out": fan_out.fan_out,
    "memory": memory.memory,
    "extraction": extraction.extraction,
    "visits": visits.visits,
    "quota": quota.quota,
}


def main(names: Sequence[str], data: Path, kills: int) -> None:
    benches: Mapping[str, Bench] = {
        **BENCHES,
        "summaries": partial(summaries.summaries, data),
        "crash": partial(crash.crash, kills=kills),
    }
    for name in names or benches:
        for figure in asyncio.run(_run(benches[name])):
            line = {"bench": name, **figure, "ratio": _ratio(figure)}
            print(json.dumps(line), flush=True)  # noqa: T201 - what it is for


async def _run(bench: Bench) -> Sequence[Mapping[str, object]]:
    return await bench()


def _ratio(figure: Mapping[str, object]) -> float:
    value, against = float(str(figure["value"])), float(str(figure["against"]))
    return round(value / against, 3)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--data", type=Path, default=Path("../shared/summaries"))
    parser.add_argument("--kills", type=int, default=crash.KILLS, help="of crash, for a trial")
    args = parser.parse_args()
    main(args.names, args.data, args.kills)

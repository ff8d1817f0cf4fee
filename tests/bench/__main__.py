"""`python -m tests.bench [NAME …]`: all benchmarks, or those named."""

import asyncio
import json
import sys

from tests.bench import delivery

BENCHES = {"publish_to_last_push": delivery.publish_to_last_push}


def main(names: list[str]) -> None:
    for name in names or BENCHES:
        for figure in asyncio.run(BENCHES[name]()):
            line = {"bench": name, **figure, "ratio": _ratio(figure)}
            print(json.dumps(line), flush=True)  # noqa: T201 - what it is for


def _ratio(figure: dict[str, object]) -> float:
    value, against = float(str(figure["value"])), float(str(figure["against"]))
    return round(value / against, 3)


if __name__ == "__main__":
    main(sys.argv[1:])

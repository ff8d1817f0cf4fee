"""What one message costs on the way out: ours beside aiogram's and PTB's own client.

`python -m tests.bench.sending` compares them; with a client's name, a URL, how many messages
and how many in flight it is that client, in a process of its own.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import aiohttp
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.platforms.telegram.bot import open_bot
from bot.platforms.telegram.messenger import TelegramMessenger
from jobs.messenger import Address, Part
from jobs.rich_text import RichText
from storage.records import Platform
from tests.bench.in_flight import TEXT, TOKEN, measure, stay_on
from tests.program import ROOT

IN_FLIGHT = 64
AIOGRAM = ROOT / ".venv-aiogram" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    seconds: float
    cpu_seconds: float
    messages: int

    @property
    def cpu_ms(self) -> float:
        """Of one message."""
        return 1000 * self.cpu_seconds / self.messages

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


async def as_bantin(url: str, messages: int, in_flight: int) -> None:
    part = Part(text=RichText(TEXT))
    async with open_bot(TOKEN, api_url=f"{url}/bot") as bot:
        messenger = TelegramMessenger(bot)
        await measure(
            lambda chat: messenger.send(Address(platform=Platform.TELEGRAM, chat=str(chat)), part),
            messages,
            in_flight,
        )


async def as_ptb(url: str, messages: int, in_flight: int) -> None:
    """With its default request over httpx; only as many connections as are in flight."""
    request = HTTPXRequest(connection_pool_size=in_flight, pool_timeout=60)
    async with Bot(TOKEN, base_url=f"{url}/bot", request=request) as bot:
        await measure(lambda chat: bot.send_message(chat, TEXT), messages, in_flight)


CLIENTS = {"bantin": as_bantin, "ptb": as_ptb}


async def cost_of(client: str, url: str, messages: int, in_flight: int = IN_FLIGHT) -> Cost:
    """One run; "aiogram" needs .venv-aiogram."""
    program = (
        (AIOGRAM, "-m", "tests.clients.aiogram_sender")
        if client == "aiogram"
        else (sys.executable, "-m", "tests.bench.sending", client)
    )
    process = await asyncio.create_subprocess_exec(
        *program, url, str(messages), str(in_flight), cwd=ROOT, stdout=PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the client {client} ended with {process.returncode}")
    return Cost(**json.loads(out))


@asynccontextmanager
async def api_server(*options: str) -> AsyncIterator[str]:
    """The lean Bot API in another process; its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.api_server", *options, cwd=ROOT, stdout=PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def asked(url: str, body: str | None = None) -> Any:  # noqa: ANN401 - JSON
    """Its control: figures and counts are got, `behave` and `forget` are posted."""
    async with aiohttp.ClientSession() as session:
        method = "GET" if body is None else "POST"
        async with session.request(method, url, data=body) as answer:
            return await answer.json()


async def compare(rounds: int = 5) -> None:
    """One JSON line a client: medians of interleaved rounds."""
    costs: dict[str, list[Cost]] = {"bantin": [], "aiogram": [], "ptb": []}
    async with api_server() as url:
        for _ in range(rounds):
            for client, found in costs.items():
                found.append(await cost_of(client, url, 1_000 if client == "ptb" else 10_000))
    for client, found in costs.items():
        line = {
            "client": client,
            "cpu_ms": round(median(cost.cpu_ms for cost in found), 4),
            "per_second": round(median(cost.per_second for cost in found)),
            "cpu_ms_of_each": [round(cost.cpu_ms, 4) for cost in found],
        }
        print(json.dumps(line), flush=True)  # noqa: T201 - what it is for


def main(arguments: list[str]) -> None:
    if not arguments:
        asyncio.run(compare())
        return
    stay_on(0)
    client, url, *numbers = arguments
    asyncio.run(CLIENTS[client](url, *map(int, numbers)))


if __name__ == "__main__":
    main(sys.argv[1:])

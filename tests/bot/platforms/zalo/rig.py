"""The receiver of these tests, run and killed, by long polling or by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.platforms.handler import Handler
from bot.platforms.zalo.client import ZaloClient
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.platforms.zalo.updates import Receiver, Webhook
from bot.web.hooks import Hooks
from bot.web.server import serving
from jobs.clock import Clock
from jobs.pacing import Pacer
from tests.bot.platforms.rig import APOLOGY, QUICK

SECRET = "mot-bi-mat-dai"  # noqa: S105 - opens nothing
PATH = "/zalo/8000000001"
SHORT = timedelta(seconds=0)  # one poll; an idle one ends at once


@dataclass(frozen=True, kw_only=True)
class Listening:
    hooks: Hooks
    url: str

    @property
    def webhook(self) -> Webhook:
        opening = partial(self.hooks.open, PATH, SECRET)
        return Webhook(url=self.url, path=PATH, secret=SECRET, open=opening)


@asynccontextmanager
async def listening() -> AsyncIterator[Listening]:
    hooks = Hooks([PATH], header="X-Bot-Api-Secret-Token")
    async with serving(hooks, host="127.0.0.1", port=0) as port:
        yield Listening(hooks=hooks, url=f"http://127.0.0.1:{port}{PATH}")


def a_receiver(
    client: ZaloClient, handler: Handler, clock: Clock, webhook: Webhook | None = None
) -> Receiver:
    return Receiver(
        client=client,
        bot_id=3,
        handler=handler,
        messenger=ZaloMessenger(client),
        pacer=Pacer(clock),
        clock=clock,
        apology=APOLOGY,
        webhook=webhook,
        poll=SHORT,
        answered_within=timedelta(milliseconds=100),
        limits=replace(QUICK, reply=timedelta(0)),
    )


@asynccontextmanager
async def running(receiver: Receiver) -> AsyncIterator[None]:
    """Leaving it is as good as a kill: nothing is finished."""
    task = asyncio.create_task(receiver.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def reached(holds: Callable[[], object]) -> None:
    """Of what the rehearsal tells nobody. Raises TimeoutError."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)

"""Posts updates to the bots' webhooks, one an request, a few times where one is not taken."""

import asyncio
import json
from functools import partial

import httpx

from bot.rehearsal.posting import serve
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.knobs import WebhookBody
from bot.rehearsal.zalo.probe import TAKEN, post
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.world import ZaloWorld

ANSWER_SECONDS = 10


class WebhookDelivery:
    """Runs until it is cancelled. Whether real Zalo tries again is not documented."""

    def __init__(self, world: ZaloWorld) -> None:
        self._world = world

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for bot in self._world.bots.values():
                tasks.create_task(self._serve(bot))

    async def _serve(self, bot: Account) -> None:
        await serve(bot.webhook_changed, lambda: bot.webhook.url, partial(self._deliver, bot))

    async def _deliver(self, bot: Account) -> None:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as http:
            while True:
                update = await bot.updates.first()
                for _ in range(self._world.knobs.webhook_tries):
                    bot.webhook.failure = await self._post(http, bot, update)
                    if not bot.webhook.failure:
                        break
                    await asyncio.sleep(self._world.knobs.webhook_retry_seconds)
                else:
                    bot.updates.lost += 1
                bot.updates.drop_first()

    async def _post(self, http: httpx.AsyncClient, bot: Account, update: Json) -> str:
        """What went wrong; empty when the bot took the update."""
        is_bare = self._world.knobs.webhook_body is WebhookBody.BARE
        body = update if is_bare else {"ok": True, "result": update}
        outcome, _ = await post(http, bot.webhook, json.dumps(body, ensure_ascii=False).encode())
        return "" if outcome == TAKEN else outcome

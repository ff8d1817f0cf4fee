"""Posts updates to the webhook, one after another, and again when it does not take them."""

import asyncio
from http import HTTPStatus

import httpx

from bot.rehearsal.posting import serve
from bot.rehearsal.telegram.records import Json
from bot.rehearsal.telegram.world import TelegramWorld

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
ANSWER_SECONDS = 60
MOST_RETRY_SECONDS = 60.0


class WebhookDelivery:
    """Runs until it is cancelled."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    async def run(self) -> None:
        world = self._world
        await serve(world.webhook_changed, lambda: world.webhook.url, self._deliver)

    async def _deliver(self) -> None:
        wait = self._world.webhook.retry_seconds
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as http:
            while True:
                update = await self._world.updates.first()
                failure = await self._post(http, update)
                if not failure:
                    self._world.updates.confirm(update)
                    wait = self._world.webhook.retry_seconds
                    continue
                self._world.webhook.note_failure(failure, self._world.now())
                await asyncio.sleep(wait)
                wait = min(2 * wait, MOST_RETRY_SECONDS)

    async def _post(self, http: httpx.AsyncClient, update: Json) -> str:
        """What went wrong, as getWebhookInfo says it; empty when the bot took the update."""
        webhook = self._world.webhook
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            answer = await http.post(webhook.url, json=update, headers=headers)
        except httpx.TimeoutException:
            return "Read timeout expired"
        except httpx.TransportError:
            return "Connection refused"
        if answer.is_success:
            return ""
        phrase = HTTPStatus(answer.status_code).phrase
        return f"Wrong response from the webhook: {answer.status_code} {phrase}"

"""setWebhook, deleteWebhook, getWebhookInfo."""

from bot.rehearsal.telegram.errors import WEBHOOK_SET
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.records import Done, Json
from bot.rehearsal.telegram.world import TelegramWorld


# What is said is worded as github.com/tdlib/telegram-bot-api (Client.cpp).
async def set_webhook(world: TelegramWorld, params: Params) -> Done:
    url = params.text("url")
    if not url:
        return await delete_webhook(world, params)
    before = world.webhook.terms
    world.webhook.set(url, params.text("secret_token"), params.integer("max_connections"))
    allowed = params.structure("allowed_updates")
    world.updates.allow(allowed if isinstance(allowed, list) else None)
    _drop_pending(world, params)
    world.updates.end_poll(WEBHOOK_SET)
    world.webhook_changed.set()
    is_new = world.webhook.terms != before or params.flag("drop_pending_updates")
    return Done("Webhook was set" if is_new else "Webhook is already set")


async def delete_webhook(world: TelegramWorld, params: Params) -> Done:
    was_set = bool(world.webhook.url)
    world.webhook.remove()
    _drop_pending(world, params)
    world.webhook_changed.set()
    return Done("Webhook was deleted" if was_set else "Webhook is already deleted")


async def get_webhook_info(world: TelegramWorld, _params: Params) -> Json:
    return world.webhook.to_api(len(world.updates), world.updates.allowed)


def _drop_pending(world: TelegramWorld, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.drop_all()

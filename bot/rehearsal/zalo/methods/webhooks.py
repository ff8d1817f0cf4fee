"""setWebhook, getWebhookInfo, deleteWebhook, testWebhook."""

from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.errors import TOO_MANY_TESTS, TOO_OFTEN, ApiError, not_found
from bot.rehearsal.zalo.params import Params
from bot.rehearsal.zalo.probe import probe
from bot.rehearsal.zalo.quota import VIET_NAM
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.world import ZaloWorld

MOST_TESTS_A_DAY = 20  # there is a daily cap; its figure is not documented


async def set_webhook(world: ZaloWorld, bot: Account, params: Params) -> Json:
    """The address is kept even when the probe finds nobody there."""
    bot.webhook.set(params.text("url"), params.text("secret_token"), world.now())
    bot.updates.end_polls()
    verification = await probe(world, bot.webhook)
    bot.webhook_changed.set()
    return bot.webhook.to_api() | {"verification": verification}


async def get_webhook_info(_world: ZaloWorld, bot: Account, _params: Params) -> Json:
    if not bot.webhook.url:
        raise not_found()
    return bot.webhook.to_api()


async def delete_webhook(world: ZaloWorld, bot: Account, _params: Params) -> Json:
    bot.webhook.remove(world.now())
    bot.webhook_changed.set()
    return bot.webhook.to_api()


async def try_webhook(world: ZaloWorld, bot: Account, _params: Params) -> Json:
    if not bot.webhook.url:
        raise not_found()
    day = f"{world.now().astimezone(VIET_NAM):%Y-%m-%d}"
    bot.webhook_tests[day] += 1
    if bot.webhook_tests[day] > MOST_TESTS_A_DAY:
        raise ApiError(TOO_MANY_TESTS, TOO_OFTEN)
    return await probe(world, bot.webhook)

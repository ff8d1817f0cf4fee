"""getMe, getUpdates."""

from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.errors import WEBHOOK_SET, bad_request, idle
from bot.rehearsal.zalo.params import Params
from bot.rehearsal.zalo.records import Json
from bot.rehearsal.zalo.world import ZaloWorld

USUAL_SECONDS = 30
LONGEST_SECONDS = 50


async def get_me(world: ZaloWorld, bot: Account, _params: Params) -> Json:
    return bot.to_api(world.knobs)


async def get_updates(world: ZaloWorld, bot: Account, params: Params) -> Json:
    """One update. Nothing new is error 408."""
    if bot.webhook.url:
        raise bad_request(WEBHOOK_SET)
    seconds = min(max(params.number("timeout", USUAL_SECONDS), 0), LONGEST_SECONDS)
    update = await bot.updates.poll(world.knobs.updates, seconds)
    if update is None:
        raise idle()
    return update

"""One of the office's bots on Zalo."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from bot.bots.office_bot import House, OfficeBot
from bot.bots.tokens import note_accepted
from bot.commands.dispatch import FrontDesk
from bot.platforms.zalo.client import ZaloClient, open_client
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.platforms.zalo.updates import Receiver, Webhook
from bot.setting_forms import account_of
from bot.settings import Settings
from bot.web.hooks import Hooks
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.quota import Metered, Quota
from storage.records import Bot, Limits, Platform

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - its name
PER_SECOND = 5  # Zalo publishes no limit
MOST_AT_ONCE = 8  # sends in flight


def zalo_client(settings: Settings, token: str) -> AbstractAsyncContextManager[ZaloClient]:
    """Says nothing to Zalo yet."""
    return open_client(token, api_url=settings.zalo_api_url)


def hook_path(token: str) -> str:
    """Where Zalo's calls for this bot end."""
    return f"/zalo/{account_of(token)}"


def webhook_url(settings: Settings, token: str) -> str:
    """Where Zalo is to call for this bot; empty: nowhere."""
    base = settings.zalo_webhook_url.rstrip("/")
    return f"{base}{hook_path(token)}" if base else ""


def hooks_for(settings: Settings) -> Hooks:
    return Hooks([hook_path(token) for token in settings.each_zalo_token], header=SECRET_HEADER)


@asynccontextmanager
async def open_zalo(house: House, token: str, hooks: Hooks) -> AsyncIterator[OfficeBot]:
    """Says nothing to Zalo yet."""
    settings, database, clock = house.settings, house.database, house.clock
    row = await _register(house, token)
    async with zalo_client(settings, token) as client:
        quota = Quota(database=database, bot_id=row.id, clock=clock)
        messenger = Metered(messenger=ZaloMessenger(client), quota=quota)
        pacer = Pacer(clock, slots=house.slots(row.id), per_second=PER_SECOND)
        receiver = Receiver(
            client=client,
            bot_id=row.id,
            handler=FrontDesk(
                database=database,
                office=house.office,
                clock=clock,
                bot_id=row.id,
                buttons=False,
            ),
            messenger=messenger,
            pacer=pacer,
            clock=clock,
            apology=house.apology,
            webhook=_webhook(settings, token, hooks),
            received=quota.received,
            accepted=partial(note_accepted, database, row, clock),
        )
        line = Line(messenger=messenger, pacer=pacer, at_once=MOST_AT_ONCE, quota=quota)
        yield OfficeBot(row=row, line=line, works=(receiver.run,))


async def _register(house: House, token: str) -> Bot:
    row = await house.register(Platform.ZALO, token)
    limits = Limits(
        messages=house.settings.zalo_monthly_messages,
        people=house.settings.zalo_people,
        groups=house.settings.zalo_groups,
    )
    async with house.database.transaction() as tx:
        await tx.quotas.set_limits(row.id, limits)
    return row


def _webhook(settings: Settings, token: str, hooks: Hooks) -> Webhook | None:
    url, secret = webhook_url(settings, token), settings.zalo_webhook_secret
    if not url or secret is None:
        return None
    path = hook_path(token)
    return Webhook(
        url=url,
        path=path,
        secret=secret.get_secret_value(),
        open=partial(hooks.open, path, secret.get_secret_value()),
    )

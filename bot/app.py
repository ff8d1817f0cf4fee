"""The wiring: builds and closes everything, in one place."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version

from bot.commands.broadcast_buttons import status_buttons
from bot.commands.command import Office
from bot.commands.dispatch import FrontDesk
from bot.commands.registry import menu
from bot.commands.wording import addressed
from bot.platforms.telegram.bot import TelegramBot, open_bot
from bot.platforms.telegram.menu import publish_menu
from bot.platforms.telegram.messenger import TelegramMessenger
from bot.platforms.telegram.polling import until_answered
from bot.platforms.telegram.updates import Receiver
from bot.settings import Settings
from jobs.clock import Clock
from jobs.compose import compose_new
from jobs.deliver import DeliverCounts, deliver_due
from jobs.fan_out import fan_out_ready
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.page import build_client
from jobs.poll import poll_sources
from jobs.progress import ProgressCounts, show_progress
from jobs.quiet import QuietHours
from jobs.read_pages import read_pages
from jobs.reading import Reading
from jobs.scheduler import Scheduler, Stage
from jobs.summarise import summarise_new
from jobs.tidy import tidy
from storage.database import Database, open_database
from storage.problems import DatabaseBusy
from storage.records import ChatKind, Platform, Role
from storage.single import alone
from storage.upgrade import upgrade

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)  # how soon what has become due is seen
WOKEN = timedelta(seconds=10)  # for stages that others wake: only what waited for its time
PROGRESS_EVERY = timedelta(seconds=2)  # edits more often are no easier to read
TIDY_EVERY = timedelta(hours=1)
MENU_EVERY = timedelta(seconds=5)  # so soon a new owner sees his commands
APOLOGY = (
    "Hệ thống đang gặp trục trặc, yêu cầu vừa rồi chưa được xử lý. Mong {you} thử lại sau ít phút."
)
DRAIN = timedelta(seconds=10)  # what is being sent at the end may still be answered


class CannotStart(Exception):
    """What is missing, for the person who runs it."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, at the newest version. Raises DatabaseProblem."""
    database = open_database(settings.database_url.get_secret_value())
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


def user_agent() -> str:
    return f"bantin/{version('bantin')}"


def office_bot(settings: Settings) -> AbstractAsyncContextManager[TelegramBot]:
    """Says nothing to Telegram yet. Raises CannotStart."""
    proxy = settings.telegram_proxy
    return open_bot(
        _token(settings),
        api_url=settings.telegram_api_url,
        proxy=proxy.get_secret_value() if proxy else None,
    )


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise CannotStart("Chưa có mã bot Telegram (telegram_token). Hãy chạy: bantin init")
    return settings.telegram_token.get_secret_value()


async def run(settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None:
    """Until `stop` is set. Raises CannotStart, DatabaseProblem, TokenRefused."""
    _token(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        stack.enter_context(alone(database))
        client = await stack.enter_async_context(build_client(user_agent()))
        telegram = await stack.enter_async_context(_telegram(settings, database, clock))
        reading = Reading(
            client=client,
            interval=timedelta(seconds=settings.poll_interval_seconds),
            deadline=timedelta(seconds=settings.fetch_deadline_seconds),
            limit_bytes=settings.fetch_limit_bytes,
        )
        lines = {telegram.bot_id: telegram.line}
        flow = _Flow(
            database=database, reading=reading, lines=lines, clock=clock, settings=settings
        )
        scheduler = Scheduler(flow.stages(stop), clock)
        scheduler.start()
        stack.push_async_callback(scheduler.close, DRAIN)
        stack.callback(stop.set)
        await _until_stopped(stop, scheduler, telegram.receiver, telegram.menu)
    logger.info("stopped", extra={"action": "stopped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """The stages, in their order, with what they need."""

    database: Database
    reading: Reading
    lines: Mapping[int, Line]
    clock: Clock
    settings: Settings

    def stages(self, stop: asyncio.Event) -> list[Stage]:
        database, clock = self.database, self.clock
        return [
            Stage(
                "poll",
                lambda: poll_sources(database, self.reading, clock),
                TICK,
                wakes=("read", "summarise"),
            ),
            Stage(
                "read",
                lambda: read_pages(database, self.reading, clock),
                WOKEN,
                wakes=("summarise",),
            ),
            Stage(
                "summarise",
                lambda: summarise_new(database, clock.now()),
                WOKEN,
                wakes=("compose",),
            ),
            Stage(
                "compose", lambda: compose_new(database, clock.now()), WOKEN, wakes=("fan_out",)
            ),
            Stage(
                "fan_out", lambda: fan_out_ready(database, clock.now()), TICK, wakes=("deliver",)
            ),
            Stage("deliver", lambda: self._deliver(stop), TICK),
            Stage("progress", self._show_progress, PROGRESS_EVERY),
            Stage("tidy", lambda: tidy(database, clock.now()), TIDY_EVERY),
        ]

    @property
    def _quiet(self) -> QuietHours:
        return QuietHours(
            from_hour=self.settings.quiet_from_hour, to_hour=self.settings.quiet_to_hour
        )

    async def _deliver(self, stop: asyncio.Event) -> DeliverCounts:
        return await deliver_due(
            self.database,
            self.lines,
            self.clock,
            office=self.settings.office,
            quiet=self._quiet,
            stopping=stop,
        )

    async def _show_progress(self) -> ProgressCounts:
        return await show_progress(
            self.database,
            self.lines,
            self.clock,
            per_second=self.settings.messages_per_second,
            quiet=self._quiet,
            buttons=status_buttons,
        )


async def _until_stopped(
    stop: asyncio.Event, scheduler: Scheduler, receiver: Receiver, menu: "_MenuKeeper"
) -> None:
    """Raises what ended the program when it was not `stop`."""
    waiting = asyncio.create_task(stop.wait())
    receiving = asyncio.create_task(receiver.run())
    keeping = asyncio.create_task(menu.run())
    ends = (waiting, scheduler.broken, receiving, keeping)
    try:
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in done:
            end.result()
    finally:
        for task in (waiting, receiving, keeping):
            task.cancel()
        await asyncio.gather(waiting, receiving, keeping, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telegram:
    bot_id: int  # our row
    line: Line
    receiver: Receiver
    menu: "_MenuKeeper"


@asynccontextmanager
async def _telegram(
    settings: Settings, database: Database, clock: Clock
) -> AsyncIterator[_Telegram]:
    """Says nothing to Telegram yet: news is collected also while it cannot be reached."""
    office = Office(
        name=settings.office,
        address_form=settings.address_form,
        contact=settings.contact,
        quiet_from_hour=settings.quiet_from_hour,
        quiet_to_hour=settings.quiet_to_hour,
        messages_per_second=settings.messages_per_second,
    )
    async with database.transaction() as tx:
        # the account is what stands before the colon; core.telegram.org/bots/api#authorizing
        account = _token(settings).partition(":")[0]
        bot_id = (await tx.bots.register(Platform.TELEGRAM, account, settings.office)).id
    async with office_bot(settings) as bot:
        messenger = TelegramMessenger(bot)
        pacer = Pacer(clock, per_second=settings.messages_per_second)
        yield _Telegram(
            bot_id=bot_id,
            line=Line(messenger=messenger, pacer=pacer),
            receiver=Receiver(
                bot=bot,
                bot_id=bot_id,
                handler=FrontDesk(database=database, office=office, clock=clock, bot_id=bot_id),
                messenger=messenger,
                pacer=pacer,
                clock=clock,
                apology=addressed(office, APOLOGY),
            ),
            menu=_MenuKeeper(bot=bot, database=database, clock=clock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _MenuKeeper:
    """Keeps Telegram's command menus as the registry and the roles say."""

    bot: TelegramBot
    database: Database
    clock: Clock

    async def run(self) -> None:
        """Until cancelled. Raises TokenRefused."""
        published: dict[str, Role] | None = None
        while True:
            try:
                staff = await self._staff()
            except DatabaseBusy:
                staff = published or {}
            if staff != published:
                former = dict.fromkeys(set(published or ()) - set(staff), Role.MEMBER)
                await until_answered(partial(self._publish, {**former, **staff}), self.clock)
                published = staff
            await self.clock.sleep_until(self.clock.monotonic() + MENU_EVERY.total_seconds())

    async def _staff(self) -> dict[str, Role]:
        """Private chat -> role, of those who see more than members."""
        async with self.database.transaction() as tx:
            holders = await tx.subscribers.with_role(*(set(Role) - {Role.MEMBER}))
        return {
            chat.address: subscriber.role
            for subscriber, chat in holders
            if chat.kind is ChatKind.PERSON and chat.platform is Platform.TELEGRAM
        }

    async def _publish(self, staff: Mapping[str, Role]) -> None:
        await publish_menu(
            self.bot,
            private=menu(Role.MEMBER, ChatKind.PERSON),
            groups=menu(Role.MEMBER, ChatKind.GROUP, is_chat_admin=False),
            group_admins=menu(Role.MEMBER, ChatKind.GROUP),
            staff={
                chat: () if role is Role.MEMBER else menu(role, ChatKind.PERSON)
                for chat, role in staff.items()
            },
        )

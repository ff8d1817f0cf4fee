"""The wiring: builds and closes everything, in one place."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

from bot.commands.alarm_buttons import alarm_buttons
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
from jobs.extraction import Extraction
from jobs.fan_out import fan_out_ready
from jobs.fetching.hosts import Hosts
from jobs.fetching.robots import Robots
from jobs.fetching.transport import build_client
from jobs.lease import Lease
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.poll import poll_sources
from jobs.progress import ProgressCounts, show_progress
from jobs.quiet import QuietHours
from jobs.read_pages import read_pages
from jobs.reading import Reading
from jobs.reread_pages import reread_pages
from jobs.scheduler import Scheduler, Stage, duties
from jobs.slots import OwnSlots, SharedSlots
from jobs.summarise import summarise_new
from jobs.tidy import tidy
from jobs.try_sources import try_sources
from jobs.watch import WatchCounts, watch
from storage.database import Database, open_database
from storage.problems import DatabaseBusy
from storage.records import ChatKind, Platform, Role
from storage.single import alone
from storage.upgrade import upgrade

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)  # how soon what has become due is seen
WOKEN = timedelta(seconds=10)  # for stages that others wake: only what waited for its time
PROGRESS_EVERY = timedelta(seconds=2)  # edits more often are no easier to read
REREAD_EVERY = timedelta(minutes=1)
WATCH_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
MENU_EVERY = timedelta(seconds=5)  # so soon a new owner sees his commands
APOLOGY = (
    "Hệ thống đang gặp trục trặc, yêu cầu vừa rồi chưa được xử lý. Mong {you} thử lại sau ít phút."
)
MOST_AT_ONCE = 256  # sends in flight: 1000 a second, each answered within a quarter of one
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
        client = await stack.enter_async_context(
            build_client(user_agent(), allowed=settings.allowed_hosts)
        )
        telegram = await stack.enter_async_context(_telegram(settings, database, clock))
        reading = Reading(
            client=client,
            interval=timedelta(seconds=settings.poll_interval_seconds),
            deadline=timedelta(seconds=settings.fetch_deadline_seconds),
            limit_bytes=settings.fetch_limit_bytes,
            hosts=Hosts(clock, gap=timedelta(seconds=settings.fetch_gap_seconds)),
            robots=Robots(clock, user_agent()),
        )
        extraction = await stack.enter_async_context(Extraction())
        lease = Lease(database, clock, name=_process_name())
        stages = _Flow(
            database=database,
            reading=reading,
            extraction=extraction,
            lines={telegram.bot_id: telegram.line},
            lease=lease,
            clock=clock,
            settings=settings,
        ).stages(stop)
        lease.want(*duties(stages), telegram.duty)
        await lease.renew()
        stack.push_async_callback(lease.end)
        scheduler = Scheduler(stages, clock, lease.holds)
        scheduler.start()
        stack.push_async_callback(scheduler.close, DRAIN)
        stack.callback(stop.set)
        await _until_stopped(
            stop,
            scheduler.broken,
            lease.run(),
            _while_held(lease, telegram.duty, telegram.receiver.run),
            _while_held(lease, telegram.duty, telegram.menu.run),
        )
    logger.info("stopped", extra={"action": "stopped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """The stages, in their order, with what they need."""

    database: Database
    reading: Reading
    extraction: Extraction
    lines: Mapping[int, Line]
    lease: Lease
    clock: Clock
    settings: Settings

    def stages(self, stop: asyncio.Event) -> list[Stage]:
        database, clock = self.database, self.clock
        read = (database, self.reading, self.extraction, clock)
        return [
            Stage("poll", partial(poll_sources, *read), TICK, wakes=("read", "summarise")),
            Stage("read", partial(read_pages, *read), WOKEN, wakes=("summarise",)),
            Stage("reread", partial(reread_pages, *read), REREAD_EVERY, wakes=("summarise",)),
            Stage("try_sources", partial(try_sources, *read), TICK),
            Stage(
                "summarise",
                lambda: summarise_new(database, self.extraction, clock.now()),
                WOKEN,
                wakes=("compose",),
            ),
            self._at_now("compose", compose_new, WOKEN, "fan_out"),
            self._at_now("fan_out", fan_out_ready, TICK, "deliver"),
            Stage("deliver", partial(self._deliver, stop), TICK, is_shared=True),
            Stage("progress", self._show_progress, PROGRESS_EVERY),
            Stage("watch", self._watch, WATCH_EVERY),
            self._at_now("tidy", tidy, TIDY_EVERY),
        ]

    def _at_now(
        self,
        name: str,
        run: Callable[[Database, datetime], Awaitable[Any]],
        every: timedelta,
        *wakes: str,
    ) -> Stage:
        """A stage that takes a moment, not a clock."""
        return Stage(name, lambda: run(self.database, self.clock.now()), every, wakes=wakes)

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
            lease=self.lease,
            office=self.settings.office,
            quiet=self._quiet,
            stopping=stop,
        )

    async def _watch(self) -> WatchCounts:
        return await watch(
            self.database, self.lines, self.clock, quiet=self._quiet, buttons=alarm_buttons
        )

    async def _show_progress(self) -> ProgressCounts:
        return await show_progress(
            self.database,
            self.lines,
            self.clock,
            quiet=self._quiet,
            buttons=status_buttons,
        )


async def _until_stopped(
    stop: asyncio.Event, broken: asyncio.Future[None], *works: Coroutine[Any, Any, None]
) -> None:
    """Raises what ended the program when it was not `stop`."""
    tasks = [asyncio.create_task(each) for each in (_set(stop), *works)]
    try:
        done, _ = await asyncio.wait((*tasks, broken), return_when=asyncio.FIRST_COMPLETED)
        for end in done:
            end.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _set(stop: asyncio.Event) -> None:
    await stop.wait()


async def _while_held(lease: Lease, duty: str, work: Callable[[], Awaitable[None]]) -> None:
    """`work`, as long as it is this process that is to do it. Raises what it raises."""
    while True:
        await lease.until_held(duty)
        tasks = [
            asyncio.ensure_future(work()),
            asyncio.create_task(lease.until_lost(duty)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for end in done:
                end.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _process_name() -> str:
    """For people who look which machines work."""
    return f"{socket.gethostname()}/{os.getpid()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telegram:
    bot_id: int  # our row
    line: Line
    receiver: Receiver
    menu: "_MenuKeeper"

    @property
    def duty(self) -> str:
        """One process receives what people say to a bot."""
        return f"updates:{self.bot_id}"


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
        paid_per_second=settings.paid_messages_per_second,
    )
    async with database.transaction() as tx:
        # the account is what stands before the colon; core.telegram.org/bots/api#authorizing
        account = _token(settings).partition(":")[0]
        bot_id = (await tx.bots.register(Platform.TELEGRAM, account, settings.office)).id
        await tx.pace.register(bot_id, clock.now())
    slots = OwnSlots(clock) if database.is_sqlite else SharedSlots(database, bot_id, clock)
    async with office_bot(settings) as bot:
        messenger = TelegramMessenger(bot)
        pacer = Pacer(
            clock,
            slots=slots,
            per_second=settings.messages_per_second,
            paid_per_second=settings.paid_messages_per_second,
        )
        yield _Telegram(
            bot_id=bot_id,
            line=Line(messenger=messenger, pacer=pacer, at_once=MOST_AT_ONCE),
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

"""An office with Zalo bots, over HTTP to a rehearsal Zalo, from summary to message."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.platforms.zalo.client import open_client
from bot.platforms.zalo.messenger import ZaloMessenger
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.cast import MEMBER, REHEARSAL_TOKENS
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.records import Person, Standing
from jobs.compose import compose_new
from jobs.deliver import DeliverCounts, deliver_due
from jobs.fan_out import fan_out_ready
from jobs.lease import Lease
from jobs.line import Line
from jobs.pacing import Pacer
from jobs.quota import Metered, Quota
from jobs.text import fold
from jobs.thrift import Thrift, month_of, thrift
from storage.database import Database
from storage.records import (
    Audience,
    AudienceRule,
    BulletinKind,
    Delivery,
    DeliveryState,
    Limits,
    NewBulletin,
    Platform,
    Urgency,
    Usage,
)
from storage.repositories.subscribers import ChatAddress
from tests.jobs.rig import QUIET, Deliveries, ManualClock
from tests.samples import a_source, a_subscriber, an_article

MONTHLY = 1000  # of which 20 are a reserve
FREE_PLAN = Limits(messages=MONTHLY, people=50, groups=3)


@dataclass(kw_only=True)
class ZaloOffice(Deliveries):
    server: RehearsalServer
    lines: dict[int, Line]
    bot_id: int  # the first
    clock: ManualClock
    lease: Lease

    @property
    def line(self) -> Line:
        return self.lines[self.bot_id]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def joins(self, person: Person, *, bot: Account | None = None, bot_id: int = 0) -> int:
        """A person who once wrote to the bot and now follows every topic."""
        self.server.zalo.add_person(person, bot=bot, standing=Standing.MEMBER)
        return await a_subscriber(self.database, at_zalo(bot_id or self.bot_id, person.id))

    async def news(self, title: str) -> None:
        """An article comes, and is given out."""
        source_id = await a_source(self.database, f"https://tanlap.example/{fold(title)}")
        async with self.database.transaction() as tx:
            await an_article(tx, source_id, title=title, now=self.now)
        await self.flow()

    async def notice(
        self, urgency: Urgency = Urgency.ORDINARY, text: str = "Nước lên nhanh."
    ) -> int:
        """Somebody writes to all, and it is given out. The bulletin's id."""
        async with self.database.transaction() as tx:
            draft = await tx.broadcasts.start(None, self.now)
            await tx.broadcasts.set_urgency(draft, urgency, self.now)
            await tx.broadcasts.write(draft, text=text, spans=(), attachment=None, now=self.now)
            await tx.broadcasts.confirm(draft, self.now)
            bulletin = await tx.bulletins.add(
                NewBulletin(
                    kind=BulletinKind.BROADCAST,
                    content_key=f"notice {draft}",
                    code=f"NOT-{draft}",
                    urgency=urgency,
                    not_before=self.now,
                    expires_at=self.now + timedelta(days=60),
                    audience=(Audience(rule=AudienceRule.ALL),),
                ),
                self.now,
            )
            assert bulletin is not None
            await tx.broadcasts.became(
                draft, bulletin, status_chat_id=None, status_message_id="", now=self.now
            )
        await self.flow()
        return bulletin

    async def flow(self) -> DeliverCounts:
        """What runs on a clock runs once, when nobody's chat has to wait any more."""
        self.clock.advance(timedelta(seconds=2))
        await compose_new(self.database, self.now)
        await fan_out_ready(self.database, self.now)
        return await self.deliver()

    async def deliver(self) -> DeliverCounts:
        """One bot after the other: side by side, each wait of one would move the clock of all."""
        counts = DeliverCounts()
        for bot_id, line in self.lines.items():
            await self.lease.renew()
            done = await deliver_due(
                self.database,
                {bot_id: line},
                self.clock,
                lease=self.lease,
                office="Đảng ủy xã Tân Lập",
                quiet=QUIET,
                stopping=asyncio.Event(),
            )
            counts.sent += done.sent
        return counts

    async def sent(self, bulletin: int) -> int:
        """To how many."""
        return sum(each.state is DeliveryState.SENT for each in await self.all(bulletin))

    async def several(self, number: int) -> list[Person]:
        """So many people join."""
        people = [Person(id=f"{n:020x}", name=f"Người {n}") for n in range(1, number + 1)]
        for person in people:
            await self.joins(person)
        return people

    def allows_monthly(self, messages: int) -> None:
        """Whatever we believe, Zalo takes no more than these."""
        zalo = self.server.zalo
        zalo.knobs = replace(zalo.knobs, monthly_messages=messages)

    async def used_before(self, messages: int) -> None:
        """In this month, before the test."""
        async with self.database.transaction() as tx:
            await tx.quotas.count(self.bot_id, month_of(self.now), sent=messages)

    async def usage(self) -> Usage:
        async with self.database.transaction() as tx:
            return (await tx.quotas.usage(month_of(self.now)))[0]

    async def thrift(self) -> Thrift:
        return thrift(await self.usage())

    async def deliveries(self) -> list[Delivery]:
        """Of all bulletins, in their order."""
        async with self.database.transaction() as tx:
            bulletins = await tx.bulletins.newest(99)
            return [
                each for found in bulletins[::-1] for each in await tx.outbox.of_bulletin(found.id)
            ]

    def goes_to(self, moment: datetime) -> None:
        self.clock.advance(moment - self.now)

    def heads(self, person: Person = MEMBER) -> list[str]:
        """The first line of each message that this person has."""
        return [text.splitlines()[0] for text in self.server.zalo.texts(person.id)]

    def refuses(self, person: Person = MEMBER, *, times: int = 1) -> None:
        self._goes_wrong(person, times=times, code=400, description="Bad request: chat not found")

    def mumbles(self, person: Person = MEMBER) -> None:
        """Takes a message and says nothing that can be understood."""
        self._goes_wrong(person, kind=FaultKind.GARBAGE)

    def _goes_wrong(self, person: Person, **how: object) -> None:
        usual = Fault(chat=person.id, method="sendMessage", times=1)
        self.server.zalo.faults.add(replace(usual, **how))  # type: ignore[arg-type] # any field


def at_zalo(bot_id: int, address: str) -> ChatAddress:
    return ChatAddress(platform=Platform.ZALO, bot_id=bot_id, address=address)


@asynccontextmanager
async def opened_zalo_office(
    database: Database, *, limits: Limits = FREE_PLAN, tokens: Sequence[str] = REHEARSAL_TOKENS
) -> AsyncIterator[ZaloOffice]:
    """A bot for each token. The clock stands at 08:46 on 12 November."""
    clock = ManualClock()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(
            RehearsalServer(now=clock.now, zalo_tokens=tokens)
        )
        lines = {}
        for account in server.zalo.bots.values():
            client = await stack.enter_async_context(
                open_client(account.token, api_url=server.zalo_api_url)
            )
            async with database.transaction() as tx:
                bot_id = (await tx.bots.register(Platform.ZALO, account.id, "Bản tin")).id
                await tx.quotas.set_limits(bot_id, limits)
            quota = Quota(database=database, bot_id=bot_id, clock=clock)
            messenger = Metered(messenger=ZaloMessenger(client), quota=quota)
            lines[bot_id] = Line(
                messenger=messenger, pacer=Pacer(clock, per_second=5), at_once=1, quota=quota
            )
        yield ZaloOffice(
            server=server,
            database=database,
            lines=lines,
            bot_id=next(iter(lines)),
            clock=clock,
            lease=Lease(database, clock, name="test"),
        )

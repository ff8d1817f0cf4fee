"""A broadcast to 2,000 recipients, killed twice: the report is exact to the person."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bots.telegram import MOST_AT_ONCE
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.records import Person, Standing, Status
from jobs.clock import SystemClock
from storage.database import Database, open_database
from storage.records import (
    Audience,
    AudienceRule,
    Broadcast,
    BulletinKind,
    ChatKind,
    Delivery,
    DeliveryState,
    NewBulletin,
    Reason,
    Urgency,
)
from storage.upgrade import upgrade
from tests.program import for_rehearsal, running
from tests.samples import a_bot, at, joined

CLOCK = SystemClock()
TEXT = "Kính mời các đồng chí dự họp chi bộ lúc 14 giờ ngày 20/11/2026."
PEOPLE = 1990
GROUPS = 10
BLOCKED = range(0, PEOPLE, 40)
SILENT = range(7, PEOPLE, 100)  # never answered: the connection closes
MOVED = range(3)  # groups that became supergroups
LEFT = range(3, 5)  # groups that removed the bot


def person_id(number: int) -> int:
    return 800_000 + number


def group_id(number: int) -> int:
    return -500_000 - number


# what is in flight where answers are slow, and what was answered but not yet written
DOUBLED_A_KILL = MOST_AT_ONCE + 64


@dataclass(kw_only=True)
class Crowd:
    server: RehearsalServer
    folder: Path
    subscribers: dict[int, int]  # chat -> subscriber
    moved_to: dict[int, int]  # group -> supergroup

    def opened(self) -> Database:
        return open_database(f"sqlite+aiosqlite:///{self.folder}/bantin.db")

    def received(self) -> Counter[int]:
        """By the chat as it was subscribed."""
        telegram = self.server.telegram
        chats = {chat: self.moved_to.get(chat, chat) for chat in self.subscribers}
        return Counter(
            {
                chat: sum(TEXT in text for text in telegram.texts(now))
                for chat, now in chats.items()
            }
        )

    async def broadcast(self) -> int:
        """As `/thongbao` leaves it; the bulletin's id."""
        now = CLOCK.now()
        database = self.opened()
        async with database.transaction() as tx:
            draft = await tx.broadcasts.start(None, now)
            await tx.broadcasts.write(draft, text=TEXT, spans=(), attachment=None, now=now)
            assert await tx.broadcasts.confirm(draft, now)
            bulletin = await tx.bulletins.add(_bulletin(draft), now)
            assert bulletin is not None
            await tx.broadcasts.became(
                draft, bulletin, status_chat_id=None, status_message_id="", now=now
            )
        await database.close()
        return bulletin

    async def ended(self, bulletin: int) -> tuple[Broadcast, list[Delivery]]:
        """When the report is written."""
        database = self.opened()
        async with asyncio.timeout(120):
            while True:
                async with database.transaction() as tx:
                    broadcast = await tx.broadcasts.of_bulletin(bulletin)
                    deliveries = await tx.outbox.of_bulletin(bulletin)
                assert broadcast is not None
                if broadcast.finished_at is not None:
                    break
                await CLOCK.sleep_until(CLOCK.monotonic() + 0.5)
        await database.close()
        return broadcast, deliveries


def _bulletin(draft: int) -> NewBulletin:
    now = CLOCK.now()
    return NewBulletin(
        kind=BulletinKind.BROADCAST,
        content_key=f"broadcast {draft}",
        code="P2X-9QF",
        urgency=Urgency.ORDINARY,
        not_before=now,
        expires_at=now + timedelta(days=365),
        audience=(Audience(rule=AudienceRule.ALL),),
    )


@pytest.fixture
async def crowd(tmp_path: Path, migrated: Path) -> AsyncIterator[Crowd]:
    shutil.copy(migrated, tmp_path / "bantin.db")
    async with RehearsalServer(now=CLOCK.now, limits=None) as server:
        crowd = Crowd(server=server, folder=tmp_path, subscribers={}, moved_to={})
        database = crowd.opened()
        await upgrade(database)
        bot_id = await a_bot(database, server.telegram.token.partition(":")[0])
        admin = Person(id=799_999, first_name="Chủ nhóm")
        async with database.transaction() as tx:
            for number in range(PEOPLE):
                person = Person(id=person_id(number), first_name="Người", last_name=str(number))
                server.telegram.add_person(person)
                where = at(bot_id, str(person.id))
                crowd.subscribers[person.id] = await joined(tx, where)
            for number in range(GROUPS):
                chat = group_id(number)
                server.telegram.add_group(chat, f"Nhóm {number}", {admin: Status.CREATOR})
                server.telegram.chat(chat).standing = Standing.MEMBER
                where = at(bot_id, str(chat))
                crowd.subscribers[chat] = await joined(tx, where, kind=ChatKind.GROUP)
        await database.close()
        _trouble(crowd, admin)
        yield crowd


def _trouble(crowd: Crowd, admin: Person) -> None:
    telegram, people = crowd.server.telegram, crowd.server.people
    for number in BLOCKED:
        telegram.chat(person_id(number)).standing = Standing.GONE
    for number in SILENT:
        chat = person_id(number)
        telegram.faults.add(Fault(kind=FaultKind.DOWN, chat=chat, method="sendMessage"))
    for number in MOVED:
        crowd.moved_to[group_id(number)] = people.upgrade_group(admin, group_id(number)).id
    for number in LEFT:
        people.remove_bot(admin, group_id(number))


async def test_the_report_of_2000_is_exact_though_the_program_was_killed_twice(
    crowd: Crowd,
) -> None:
    env = for_rehearsal(crowd.folder, crowd.server, messages_per_second=1000)
    bulletin = await crowd.broadcast()
    for enough in (300, 1000):
        async with running(crowd.folder, env) as process:
            await crowd.server.telegram.until(
                lambda: len(crowd.server.telegram.sent) >= enough,  # noqa: B023 - used at once
                seconds=60,
            )
            process.kill()
    async with running(crowd.folder, env):
        broadcast, deliveries = await crowd.ended(bulletin)
    ends = {each.subscriber_id: (each.state, each.reason) for each in deliveries}
    received = crowd.received()
    blocked = {person_id(number) for number in BLOCKED} | {group_id(number) for number in LEFT}
    silent = {person_id(number) for number in SILENT}
    for chat, subscriber in crowd.subscribers.items():
        end: tuple[DeliveryState, Reason | None] = (DeliveryState.SENT, None)
        if chat in blocked:
            end = (DeliveryState.FAILED, Reason.CHAT_GONE)
        elif chat in silent:
            end = (DeliveryState.FAILED, Reason.UNCONFIRMED)
        assert ends[subscriber] == end, chat
        assert (received[chat] > 0) == (end == (DeliveryState.SENT, None)), chat
    twice = sum(number - 1 for number in received.values() if number > 1)
    assert twice <= 2 * DOUBLED_A_KILL
    sent = len(crowd.subscribers) - len(blocked) - len(silent)
    assert f"Đã gửi tới {sent:,}/2,000.".replace(",", ".") in broadcast.status_text
    assert f"Không gửi được {len(blocked) + len(silent)}" in broadcast.status_text

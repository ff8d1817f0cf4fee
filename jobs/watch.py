"""Stage: what goes wrong → one message to the admins, and one when it is over."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from jobs.clock import Clock
from jobs.late_news import find_late
from jobs.line import Line
from jobs.messenger import Button, Content
from jobs.quiet import QuietHours, is_quiet
from jobs.quota_alarms import QUIETLY_OVER, QUOTA_ALARMS, quota_alarms
from jobs.rich_text import plain
from jobs.source_health import TROUBLES, troubles
from jobs.telling import tell
from jobs.text import with_dots
from jobs.thrift import Resting, month_of, resting
from jobs.vietnamese_date import VIETNAM
from storage.database import Database, Transaction
from storage.records import Alarm, Chat, ChatKind, LateNews, Role, Subscriber

STUCK_AFTER = timedelta(hours=1)  # nothing waits so long for its turn
GIVEN_OUT_WITHIN = timedelta(minutes=10)
PACE_OVER = timedelta(minutes=5)
FAR_UNDER = 0.2  # of the pace
MANY = 30  # that wait; fewer may be slow for reasons of their own
ELSEWHERE = "updates_elsewhere"
LATE_NEWS = "late_news"
_STUCK, _SLOW, _NOT_GIVEN_OUT = "stuck", "slow", "not_given_out"
_LOOKED_FOR = frozenset({_STUCK, _SLOW, _NOT_GIVEN_OUT, LATE_NEWS, *TROUBLES, *QUOTA_ALARMS})

Rows = tuple[tuple[Button, ...], ...]


class AlarmButtons(Protocol):
    """What stands under the message of an alarm."""

    def __call__(self, kind: str) -> Rows: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """Something that is wrong."""

    kind: str
    subject: str = ""
    text: str


@dataclass(slots=True, kw_only=True)
class WatchCounts:
    told: int = 0


async def watch(
    database: Database,
    lines: Mapping[int, Line],
    clock: Clock,
    *,
    quiet: QuietHours,
    buttons: AlarmButtons,
) -> WatchCounts:
    """Nobody is told at night; what is over by then is never told."""
    now = clock.now()
    per_second = min((line.pacer.rate() for line in lines.values()), default=0.0)
    async with database.transaction() as tx:
        await _note(tx, await _symptoms(tx, quiet, per_second, now), now)
        alarms = await tx.alarms.all()
        admins = await tx.subscribers.with_role(Role.ADMIN, Role.OWNER)
    counts = WatchCounts()
    if is_quiet(now, quiet):
        return counts
    usable = {bot_id for bot_id, line in lines.items() if not line.is_used_up}
    people = _people(admins, usable)
    for alarm in alarms:
        if alarm.told_at is not None and alarm.over_at is None:
            continue
        content = Content(text=plain(_words(alarm)), buttons=_buttons(alarm, buttons))
        if await tell(lines, people, content, clock):
            async with database.transaction() as tx:
                await tx.alarms.mark_told(alarm, clock.now())
            counts.told += 1
    return counts


def _people(
    admins: Iterable[tuple[Subscriber, Chat]], usable: Collection[int]
) -> list[list[Chat]]:
    """Each one's private chats, where he prefers to be written to first."""
    found: dict[int, list[Chat]] = {}
    for who, chat in sorted(
        admins, key=lambda admin: admin[1].platform is not admin[0].preferred_platform
    ):
        if chat.kind is ChatKind.PERSON and chat.bot_id in usable:
            found.setdefault(who.id, []).append(chat)
    return list(found.values())


async def _note(tx: Transaction, symptoms: Iterable[Symptom], now: datetime) -> None:
    """What is not found any more is over."""
    found = set()
    for each in symptoms:
        found.add((each.kind, each.subject))
        await tx.alarms.raise_(each.kind, each.subject, each.text, now)
    for alarm in await tx.alarms.all():
        if alarm.kind not in _LOOKED_FOR or (alarm.kind, alarm.subject) in found:
            continue
        if alarm.kind in QUIETLY_OVER:
            await tx.alarms.forget(alarm.kind, alarm.subject)
        else:
            await tx.alarms.clear(alarm.kind, alarm.subject, now)


async def _symptoms(
    tx: Transaction, quiet: QuietHours, per_second: float, now: datetime
) -> list[Symptom]:
    usages = await tx.quotas.usage(month_of(now))
    found = [
        Symptom(kind=each.kind, subject=each.subject, text=each.text)
        for each in troubles(await tx.sources.all(), await tx.sources.floods(), now)
    ]
    found += [
        Symptom(kind=each.kind, subject=each.subject, text=each.text)
        for each in quota_alarms(usages)
    ]
    found += await _waiting(tx, quiet, per_second, now, resting(usages))
    if forgotten := len(await tx.bulletins.ready(now - GIVEN_OUT_WITHIN)):
        text = (
            f"{with_dots(forgotten)} bản tin đã đến giờ nhưng chưa được gửi đi. "
            "Cần người vận hành máy chủ kiểm tra bằng lệnh: bantin check"
        )
        found.append(Symptom(kind=_NOT_GIVEN_OUT, text=text))
    if late := await find_late(tx, now):
        found.append(Symptom(kind=LATE_NEWS, text=_about_late(late)))
    return found


async def _waiting(
    tx: Transaction,
    quiet: QuietHours,
    per_second: float,
    now: datetime,
    besides: Resting,
) -> list[Symptom]:
    """What waits too long, besides what waits on purpose."""
    is_night = is_quiet(now, quiet) or is_quiet(now - STUCK_AFTER, quiet)
    overdue = await tx.outbox.overdue(
        now - STUCK_AFTER,
        urgent_only=is_night,
        gone=besides.gone,
        reserved=besides.reserved,
    )
    if overdue:
        text = (
            f"{with_dots(overdue)} lượt gửi chờ quá một giờ mà chưa gửi được. "
            "Xem tình trạng: /trangthai"
        )
        return [Symptom(kind=_STUCK, text=text)]
    # what was just given out cannot have gone out yet
    waiting = await tx.outbox.count_due(
        now - PACE_OVER,
        urgent_only=is_night,
        gone=besides.gone,
        reserved=besides.reserved,
    )
    slowness = await _slowness(tx, waiting, per_second, now)
    return [Symptom(kind=_SLOW, text=slowness)] if slowness else []


async def _slowness(tx: Transaction, waiting: int, per_second: float, now: datetime) -> str:
    sent = await tx.outbox.count_messages(since=now - PACE_OVER)
    expected = per_second * PACE_OVER.total_seconds()
    if waiting < MANY or sent >= FAR_UNDER * min(expected, sent + waiting):
        return ""
    return (
        f"Tin đang gửi chậm hơn bình thường: 5 phút qua gửi được {with_dots(sent)} tin, "
        f"còn {with_dots(waiting)} lượt gửi đang chờ."
    )


def _about_late(late: Sequence[LateNews]) -> str:
    first, last = (each.first_seen_at.astimezone(VIETNAM) for each in (late[0], late[-1]))
    days = f"ngày {first:%d/%m}"
    if f"{first:%d/%m}" != f"{last:%d/%m}":
        days = f"từ ngày {first:%d/%m} đến ngày {last:%d/%m}"
    return (
        f"Còn {with_dots(len(late))} tin {days} chưa gửi được tới đủ người nhận và nay đã quá "
        "hạn. Có gửi gộp thành một bản tổng hợp không?"
    )


def _words(alarm: Alarm) -> str:
    if alarm.over_at is None:
        return f"{'📰' if alarm.kind == LATE_NEWS else '⚠️'} {alarm.text}"
    return f"✅ Đã trở lại bình thường. Trước đó: {alarm.text}"


def _buttons(alarm: Alarm, buttons: AlarmButtons) -> Rows:
    return buttons(alarm.kind) if alarm.over_at is None else ()

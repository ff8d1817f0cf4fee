"""One person at several chats: becoming one subscriber, parting, the preferred platform."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from storage.chat_rows import erased
from storage.merging import Decision, Twin, decide
from storage.models import (
    BroadcastRow,
    BulletinListedRow,
    ChatRow,
    DeliveryRow,
    LinkCodeRow,
    QuestionRow,
    SourceTrialRow,
    SubscriberRow,
    SubscriptionRow,
)
from storage.records import (
    DeliveryState,
    Platform,
    Reachability,
    Reason,
    Role,
    SubscriberState,
)
from storage.rerouting import FANNING_OUT, Rerouting
from storage.ways import never_arrived, usual_way_of_delivery

_AT_A_TIME = 1000  # values in a statement
_MAY_HAVE_ARRIVED = or_(
    ~never_arrived(),
    and_(
        DeliveryRow.state == DeliveryState.FAILED,
        DeliveryRow.reason == Reason.UNCONFIRMED,
    ),
    and_(
        DeliveryRow.state == DeliveryState.CANCELLED,
        DeliveryRow.reason == Reason.IN_DIGEST,  # where he may have read it
    ),
)


class People(Rerouting):
    async def merge(self, one: int, other: int, now: datetime) -> int:
        """Two subscribers are the same person: the older one stays, with all that both have.

        No bulletin that was begun for either is sent again. Returns who stays.
        """
        await self._alone(FANNING_OUT)  # what is being given out is given to both or to the one
        rows = await self._session.scalars(
            select(SubscriberRow)
            .where(SubscriberRow.id.in_((one, other)))
            .order_by(SubscriberRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        kept, gone = rows.all()
        topics = await self._topics(kept, gone)
        preferred = await self._preferred(kept, gone)
        await self._join_deliveries(kept.id, gone.id, now)
        await self._hand_over(kept.id, gone.id)
        await self._follow(kept.id, gone.id, topics)
        for name, value in {**_joined(kept, gone, now), "preferred_platform": preferred}.items():
            setattr(kept, name, value)
        for name, value in {**erased(now), "merged_into_id": kept.id}.items():
            setattr(gone, name, value)
        await self._session.flush()
        await self.choose_ways(kept.id, now)
        return kept.id

    async def prefer(self, subscriber_id: int, platform: Platform | None, now: datetime) -> None:
        """What waits and was not begun goes there too."""
        await self._session.execute(
            update(SubscriberRow)
            .where(SubscriberRow.id == subscriber_id)
            .values(preferred_platform=platform)
        )
        await self.choose_ways(subscriber_id, now)

    async def part(self, subscriber_id: int, chat_id: int, now: datetime) -> bool:
        """This chat is his no more, and nobody's: nothing is stored of it. False: it is not his.

        What was not begun goes to the others; what may have arrived there is not sent again.
        """
        chat = await self._session.scalar(
            select(ChatRow).where(ChatRow.id == chat_id, ChatRow.subscriber_id == subscriber_id)
        )
        if chat is None:
            return False
        await self._session.execute(
            delete(QuestionRow).where(
                QuestionRow.bot_id == chat.bot_id, QuestionRow.address == chat.address
            )
        )
        await self._session.delete(chat)
        await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.preferred_platform == chat.platform,
            )
            .values(preferred_platform=None)
        )
        await self._session.flush()
        await self.choose_ways(subscriber_id, now)
        return True

    async def choose_ways(self, subscriber_id: int, now: datetime) -> None:
        """What waits for him or is held, and was not begun, goes his usual way."""
        await self._reroute(
            usual_way_of_delivery(),
            DeliveryRow.subscriber_id == subscriber_id,
            DeliveryRow.state.in_((DeliveryState.QUEUED, DeliveryState.HELD)),
            now=now,
        )

    async def merged_into(self, subscriber_id: int) -> list[int]:
        """Who became one with him."""
        rows = await self._session.scalars(
            select(SubscriberRow.id)
            .where(SubscriberRow.merged_into_id == subscriber_id)
            .order_by(SubscriberRow.id)
        )
        return list(rows)

    async def _topics(self, kept: SubscriberRow, gone: SubscriberRow) -> set[int]:
        """Of both; of who receives, when the other has left or never joined."""
        active = [each for each in (kept, gone) if each.state == SubscriberState.ACTIVE]
        rows = await self._session.scalars(
            select(SubscriptionRow.topic_id).where(
                SubscriptionRow.subscriber_id.in_([each.id for each in active or (kept, gone)])
            )
        )
        return set(rows)

    async def _preferred(self, kept: SubscriberRow, gone: SubscriberRow) -> str | None:
        """What either has chosen; else where the one receives, when the other has left."""
        chosen = kept.preferred_platform or gone.preferred_platform
        active = [each for each in (kept, gone) if each.state == SubscriberState.ACTIVE]
        if chosen is not None or len(active) != 1:
            return chosen
        return await self._session.scalar(
            select(ChatRow.platform)
            .where(ChatRow.subscriber_id == active[0].id, ChatRow.reachability == Reachability.OK)
            .order_by(ChatRow.id)
            .limit(1)
        )

    async def _follow(self, kept: int, gone: int, topics: set[int]) -> None:
        await self._session.execute(
            delete(SubscriptionRow).where(SubscriptionRow.subscriber_id.in_((kept, gone)))
        )
        rows = ({"subscriber_id": kept, "topic_id": each} for each in sorted(topics))
        await self._insert_new(SubscriptionRow, *rows)

    async def _join_deliveries(self, kept: int, gone: int, now: datetime) -> None:
        # locked before it is looked what came of them
        await self._session.execute(
            select(DeliveryRow.id).where(*_of_both(kept, gone)).with_for_update()
        )
        twins = await self._twins(kept, gone)
        await self._carry_out([decide(mine, his) for mine, his in twins], now)
        twin = aliased(DeliveryRow)
        await self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.subscriber_id == gone,
                ~exists().where(
                    twin.subscriber_id == kept, twin.bulletin_id == DeliveryRow.bulletin_id
                ),
            )
            .values(subscriber_id=kept)
            .execution_options(synchronize_session=False)
        )

    async def _twins(self, kept: int, gone: int) -> list[tuple[Twin, Twin]]:
        rows = await self._session.execute(
            select(
                DeliveryRow.id,
                DeliveryRow.bulletin_id,
                DeliveryRow.subscriber_id,
                DeliveryRow.state,
                _MAY_HAVE_ARRIVED.label("may_have_arrived"),
            ).where(*_of_both(kept, gone))
        )
        found: dict[int, dict[int, Twin]] = {}
        for row in rows:
            found.setdefault(row.bulletin_id, {})[row.subscriber_id] = Twin(
                id=row.id,
                state=DeliveryState(row.state),
                may_have_arrived=bool(row.may_have_arrived),
            )
        return [(twins[kept], twins[gone]) for twins in found.values()]

    async def _carry_out(self, decisions: Sequence[Decision], now: datetime) -> None:
        for some in _batches([id_ for each in decisions for id_ in each.dropped]):
            await self._session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(some)))
        for some in _batches([id_ for each in decisions for id_ in each.ended]):
            await self._session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(some))
                .values(
                    state=DeliveryState.FAILED,
                    reason=Reason.UNCONFIRMED,
                    process_id=None,
                    changed_at=now,
                )
                .execution_options(synchronize_session=False)
            )

    async def _hand_over(self, kept: int, gone: int) -> None:
        """Chats, what was written, and whom bulletins name; codes are void."""
        listed = await self._session.scalars(
            select(BulletinListedRow.bulletin_id).where(BulletinListedRow.subscriber_id == gone)
        )
        rows = ({"bulletin_id": each, "subscriber_id": kept} for each in listed.all())
        await self._insert_new(BulletinListedRow, *rows)
        await self._session.execute(
            delete(BulletinListedRow).where(BulletinListedRow.subscriber_id == gone)
        )
        await self._session.execute(
            delete(LinkCodeRow).where(
                LinkCodeRow.subscriber_id.in_((kept, gone)), LinkCodeRow.used_at.is_(None)
            )
        )
        for column in _HANDED_OVER:
            await self._session.execute(
                update(column.class_)
                .where(column == gone)
                .values({column.key: kept})
                .execution_options(synchronize_session=False)
            )


# not a bulletin's author: its row may be held by who gives it out, and waits for this to end
_HANDED_OVER: Sequence[Any] = (
    ChatRow.subscriber_id,
    BroadcastRow.author_id,
    SourceTrialRow.asked_by,
)


def _of_both(kept: int, gone: int) -> tuple[ColumnElement[bool], ...]:
    """Deliveries of bulletins that both are to get."""
    twin = aliased(DeliveryRow)
    return (
        DeliveryRow.subscriber_id.in_((kept, gone)),
        exists().where(
            twin.bulletin_id == DeliveryRow.bulletin_id,
            twin.id != DeliveryRow.id,
            twin.subscriber_id.in_((kept, gone)),
        ),
    )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME))


def _joined(kept: SubscriberRow, gone: SubscriberRow, now: datetime) -> dict[str, Any]:
    """What the one who stays is from now on."""
    first, second = kept, gone  # whose choices count first
    if gone.state == SubscriberState.ACTIVE != kept.state:
        first, second = gone, kept
    consents = [each for each in (first, second) if each.consent_version is not None]
    consent = max(consents, key=lambda each: each.consent_version or 0, default=first)
    return {
        "state": first.state,
        "name": first.name or second.name,
        "role": _higher(kept.role, gone.role),
        "organisation_id": first.organisation_id or second.organisation_id,
        "consent_version": consent.consent_version,
        "consented_at": consent.consented_at,
        "created_at": min(kept.created_at, gone.created_at),
        "ended_at": first.ended_at,
        "digest_hour": first.digest_hour,
        "digest_since": _digest_since(first, second, now),
    }


def _digest_since(first: SubscriberRow, second: SubscriberRow, now: datetime) -> datetime | None:
    """What one had at once already is not told him in a digest."""
    had_it_at_once = second.state == SubscriberState.ACTIVE and second.digest_hour is None
    if first.digest_hour is None or not had_it_at_once:
        return first.digest_since
    return now


def _higher(one: str, other: str) -> str:
    return one if Role(one).includes(Role(other)) else other

"""Subscribers: who receives, where, with which choices and rights."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from storage.audiences import his_group
from storage.chat_rows import chat_record, erased
from storage.models import (
    ChatRow,
    LinkCodeRow,
    QuestionRow,
    SubscriberRow,
    SubscriptionRow,
)
from storage.records import (
    Chat,
    ChatKind,
    DigestReader,
    Platform,
    Reachability,
    Role,
    Subscriber,
    SubscriberState,
)
from storage.rows import Repository, count


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAddress:
    """One chat of one bot, as its platform names it."""

    platform: Platform
    bot_id: int
    address: str
    thread: str = ""


class Subscribers(Repository):
    async def at(self, where: ChatAddress) -> tuple[Chat, Subscriber] | None:
        """Who is known at this address."""
        found = (
            await self._session.execute(
                select(ChatRow, SubscriberRow)
                .join(SubscriberRow, SubscriberRow.id == ChatRow.subscriber_id)
                .where(*_same_chat(where), *_same_thread(where))
            )
        ).one_or_none()
        return (chat_record(found[0]), _subscriber(found[1])) if found else None

    async def get(self, subscriber_id: int) -> Subscriber:
        return _subscriber(await self._session.get_one(SubscriberRow, subscriber_id))

    async def chats(self, subscriber_id: int) -> list[Chat]:
        rows = await self._session.scalars(
            select(ChatRow).where(ChatRow.subscriber_id == subscriber_id).order_by(ChatRow.id)
        )
        return [chat_record(row) for row in rows]

    async def chat(self, chat_id: int | None) -> Chat | None:
        row = await self._session.get(ChatRow, chat_id) if chat_id is not None else None
        return chat_record(row) if row else None

    async def add(self, where: ChatAddress, *, kind: ChatKind, name: str, now: datetime) -> int:
        """Somebody who is known but receives nothing yet. The subscriber's id.

        When he was added in the same moment, by another process, that one's id.
        """
        row = SubscriberRow(
            kind=kind,
            state=SubscriberState.INACTIVE,
            name=name,
            role=Role.MEMBER,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        if await self.add_chat(row.id, where, kind):
            return row.id
        await self._session.delete(row)
        known = select(ChatRow.subscriber_id).where(*_same_chat(where), *_same_thread(where))
        return (await self._session.scalars(known)).one()

    async def add_chat(self, subscriber_id: int, where: ChatAddress, kind: ChatKind) -> bool:
        """One more place where he is written to. False when the chat is somebody's already."""
        await self._alone(f"chat:{where.bot_id}:{where.address}")
        added = await self._insert_new(
            ChatRow,
            {
                "subscriber_id": subscriber_id,
                "platform": where.platform,
                "bot_id": where.bot_id,
                "address": where.address,
                "thread": where.thread,
                "kind": kind,
                "reachability": Reachability.OK,
            },
        )
        return added == 1

    async def activate(self, subscriber_id: int, *, consent_version: int, now: datetime) -> bool:
        """Consent was given: receives from now on. False when that was so already."""
        changed = await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.state == SubscriberState.INACTIVE,
            )
            .values(
                state=SubscriberState.ACTIVE,
                consent_version=consent_version,
                consented_at=now,
                ended_at=None,
            )
        )
        return count(changed) == 1

    async def deactivate(self, subscriber_id: int, now: datetime) -> bool:
        """Has left; the choices stay until erased. False when that was so already."""
        changed = await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.state == SubscriberState.ACTIVE,
            )
            .values(state=SubscriberState.INACTIVE, ended_at=now)
        )
        return count(changed) == 1

    async def erase(self, subscriber_id: int, now: datetime) -> bool:
        """Nothing personal is left; what was delivered stays counted, without a name.

        False when that was so already.
        """
        addresses = select(ChatRow.address).where(ChatRow.subscriber_id == subscriber_id)
        await self._session.execute(delete(QuestionRow).where(QuestionRow.address.in_(addresses)))
        await self._session.execute(
            delete(LinkCodeRow).where(LinkCodeRow.subscriber_id == subscriber_id)
        )
        await self._session.execute(
            delete(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id)
        )
        await self._session.execute(delete(ChatRow).where(ChatRow.subscriber_id == subscriber_id))
        changed = await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.state != SubscriberState.ERASED,
            )
            .values(erased(now))
        )
        return count(changed) == 1

    async def topics(self, subscriber_id: int) -> set[int]:
        rows = await self._session.scalars(
            select(SubscriptionRow.topic_id).where(SubscriptionRow.subscriber_id == subscriber_id)
        )
        return set(rows)

    async def follow(self, subscriber_id: int, topic_ids: Collection[int]) -> None:
        await self._insert_new(
            SubscriptionRow,
            *({"subscriber_id": subscriber_id, "topic_id": each} for each in topic_ids),
        )

    async def unfollow(self, subscriber_id: int, topic_id: int) -> None:
        await self._session.execute(
            delete(SubscriptionRow).where(
                SubscriptionRow.subscriber_id == subscriber_id,
                SubscriptionRow.topic_id == topic_id,
            )
        )

    async def set_organisation(self, subscriber_id: int, organisation_id: int | None) -> None:
        """A group stands for the members of no other one than it was asked about."""
        await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.organisation_id.is_distinct_from(organisation_id),
            )
            .values(organisation_id=organisation_id, stands_for_members=False)
        )

    async def stand_for_members(self, subscriber_id: int, *, is_so: bool) -> bool:
        """What this group gets at once its organisation's members on its platform get there.

        False when it is no group of an organisation.
        """
        changed = await self._session.execute(
            update(SubscriberRow)
            .where(
                SubscriberRow.id == subscriber_id,
                SubscriberRow.kind == ChatKind.GROUP,
                SubscriberRow.organisation_id.is_not(None),
            )
            .values(stands_for_members=is_so)
        )
        return count(changed) == 1

    async def group_for(self, subscriber_id: int) -> Subscriber | None:
        """A group that gets for him what is sent to both at once."""
        row = await self._session.scalar(his_group().where(SubscriberRow.id == subscriber_id))
        return _subscriber(row) if row else None

    async def read_digests(self, subscriber_id: int, hour: int | None, now: datetime) -> None:
        """One digest a day at this hour in Viet Nam, or each article at once when None."""
        await self._session.execute(
            update(SubscriberRow)
            .where(SubscriberRow.id == subscriber_id)
            .values(digest_hour=hour, digest_since=now if hour is not None else None)
        )

    async def digest_readers(self, hour: int) -> list[DigestReader]:
        rows = await self._session.execute(
            select(SubscriberRow.id, SubscriberRow.digest_since, SubscriptionRow.topic_id)
            .join(SubscriptionRow, SubscriptionRow.subscriber_id == SubscriberRow.id)
            .where(
                SubscriberRow.state == SubscriberState.ACTIVE,
                SubscriberRow.digest_hour == hour,
                SubscriberRow.digest_since.is_not(None),
            )
        )
        topics: dict[tuple[int, datetime], set[int]] = {}
        for subscriber_id, since, topic_id in rows:
            if since is not None:
                topics.setdefault((subscriber_id, since), set()).add(topic_id)
        return [
            DigestReader(subscriber_id=who, since=since, topic_ids=frozenset(followed))
            for (who, since), followed in topics.items()
        ]

    async def digest_hours(self) -> set[int]:
        """Hours at which somebody wants a digest."""
        rows = await self._session.scalars(
            select(SubscriberRow.digest_hour)
            .where(
                SubscriberRow.state == SubscriberState.ACTIVE,
                SubscriberRow.digest_hour.is_not(None),
            )
            .distinct()
        )
        return {hour for hour in rows if hour is not None}

    async def set_role(self, subscriber_id: int, role: Role) -> None:
        await self._session.execute(
            update(SubscriberRow).where(SubscriberRow.id == subscriber_id).values(role=role)
        )

    async def with_role(self, *roles: Role) -> list[tuple[Subscriber, Chat]]:
        """Those who hold one of the roles, at each of their reachable chats."""
        rows = await self._session.execute(
            select(SubscriberRow, ChatRow)
            .join(ChatRow, ChatRow.subscriber_id == SubscriberRow.id)
            .where(SubscriberRow.role.in_(roles), ChatRow.reachability == Reachability.OK)
            .order_by(SubscriberRow.id, ChatRow.id)
        )
        return [(_subscriber(who), chat_record(chat)) for who, chat in rows]

    async def mark_gone(self, where: ChatAddress, now: datetime) -> None:
        """Nothing is written to this thread, or to the chat with all its threads."""
        await self._session.execute(
            update(ChatRow)
            .where(*_named(where), ChatRow.reachability == Reachability.OK)
            .values(reachability=Reachability.GONE, gone_at=now)
        )

    async def mark_back(self, where: ChatAddress) -> None:
        """This thread, or the chat with all its threads, may be written to again."""
        await self._session.execute(
            update(ChatRow)
            .where(*_named(where))
            .values(reachability=Reachability.OK, gone_at=None)
        )

    async def move(self, where: ChatAddress, new_address: str, now: datetime) -> None:
        """A group became a supergroup. What the new address has already stays its own."""
        await self._alone(f"chat:{where.bot_id}:{new_address}")
        taken = select(ChatRow.thread).where(
            ChatRow.platform == where.platform,
            ChatRow.bot_id == where.bot_id,
            ChatRow.address == new_address,
        )
        await self._session.execute(
            update(ChatRow)
            .where(*_same_chat(where), ChatRow.thread.not_in(taken))
            .values(address=new_address, reachability=Reachability.OK, gone_at=None)
        )
        await self._session.execute(  # the rest has nowhere to go
            update(ChatRow)
            .where(*_same_chat(where))
            .values(reachability=Reachability.GONE, gone_at=now)
        )

    async def has_role(self, role: Role) -> bool:
        """Whether anybody holds it, reachable or not."""
        found = await self._session.scalar(
            select(SubscriberRow.id).where(SubscriberRow.role == role).limit(1)
        )
        return found is not None

    async def counts(self) -> dict[ChatKind, int]:
        """Active subscribers by kind."""
        rows = await self._session.execute(
            select(SubscriberRow.kind, func.count())
            .where(SubscriberRow.state == SubscriberState.ACTIVE)
            .group_by(SubscriberRow.kind)
        )
        found = {ChatKind(kind): number for kind, number in rows}
        return {kind: found.get(kind, 0) for kind in ChatKind}

    async def count_unreachable(self) -> int:
        """Active subscribers without any chat that can be written to."""
        reachable = exists().where(
            ChatRow.subscriber_id == SubscriberRow.id,
            ChatRow.reachability == Reachability.OK,
        )
        number = await self._session.scalar(
            select(func.count())
            .select_from(SubscriberRow)
            .where(SubscriberRow.state == SubscriberState.ACTIVE, ~reachable)
        )
        return number or 0


def _same_chat(where: ChatAddress) -> tuple[ColumnElement[bool], ...]:
    return (
        ChatRow.platform == where.platform,
        ChatRow.bot_id == where.bot_id,
        ChatRow.address == where.address,
    )


def _same_thread(where: ChatAddress) -> tuple[ColumnElement[bool], ...]:
    return (ChatRow.thread == where.thread,)


def _named(where: ChatAddress) -> tuple[ColumnElement[bool], ...]:
    """The thread that is named; all of the chat's when none is."""
    threads = _same_thread(where) if where.thread else ()
    return (*_same_chat(where), *threads)


def _subscriber(row: SubscriberRow) -> Subscriber:
    return Subscriber(
        id=row.id,
        kind=ChatKind(row.kind),
        state=SubscriberState(row.state),
        name=row.name,
        role=Role(row.role),
        organisation_id=row.organisation_id,
        consent_version=row.consent_version,
        consented_at=row.consented_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
        digest_hour=row.digest_hour,
        digest_since=row.digest_since,
        preferred_platform=Platform(row.preferred_platform) if row.preferred_platform else None,
        stands_for_members=row.stands_for_members,
        merged_into_id=row.merged_into_id,
    )
